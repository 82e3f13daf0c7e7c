# SPDX-License-Identifier: GPL-3.0-or-later
# Ratio to bare metal of each disk cell by path, beside the founding claims (dashed): notes
# of the 4th Container Virtualization Information Exchange Meeting, Tokyo, 2014.
# Call: disk.gp data output form cells paths 0
# Data: block 0: row label floor; then a block a path: name, then row ratio low high
data = ARG1; cells = ARG4 + 0; paths = ARG5 + 0
height = 240 + 66 * cells
call "style.gp" 1150 height ARG3 ARG2
set title "How much of bare metal's disk speed each path reaches\n{/*0.8 IOPS, or bytes/s for sequential work · whiskers: 95 % interval · grey: A/A floor · dashed: what the talk of 2014 claimed}"
set yrange [cells - 0.4 : -0.6]
set bars 0.4
set style fill solid 0.35 noborder
shift(i, n) = (i - (n - 1) / 2.0) * 0.74 / (n > 1 ? n : 1)
set lmargin at screen 0.16
set rmargin at screen 0.97
set tmargin at screen 1 - 112.0 / height
set bmargin at screen 116.0 / height
set key at screen 0.56, screen 34.0 / height center maxrows 2 samplen 1 width -1
set logscale x 10
set xtics (0.01, 0.02, 0.05, 0.1, 0.2, 0.41, 0.81, 1, 2)
set xlabel "performance / bare metal (log scale)" offset 0,0.3
set ytics scale 0 noenhanced
set arrow 1 from 1, graph 0 to 1, graph 1 nohead lc rgb "#555555" lw 1.5 front
do for [i=1:3] {
	claim = real(word("0.99 0.81 0.41", i))
	set arrow i + 1 from claim, graph 0 to claim, graph 1 nohead dt 2 lc rgb "#444444" front
}
set label 2 "virtfs 0.99" at 1.01, graph 1 offset 0,0.6 left font ",10" tc rgb "#444444"
set label 3 "virtio 0.81" at 0.83, graph 1 offset 0,0.6 right font ",10" tc rgb "#444444"
set label 4 "IDE 0.41" at 0.41, graph 1 offset 0,0.6 center font ",10" tc rgb "#444444"
plot data index 0 using (1):1:(1 - $3):(1 + $3):($1 - 0.45):($1 + 0.45):ytic(2) \
	with boxxyerror lc rgb "#bbbbbb" title "A/A floor", \
     for [i=1:paths] data index i using 2:($1 + shift(i - 1, paths)):3:4 \
	with xerrorbars ls i title columnheader(1)
