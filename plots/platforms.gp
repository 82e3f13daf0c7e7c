# SPDX-License-Identifier: GPL-3.0-or-later
# Ratio to bare metal of each native cell: platforms near 1 on the left, far ones (emulated
# guests) on a logarithmic axis on the right.
# Call: platforms.gp data output form cells near far
# Data: block 0: row label floor; then a block a platform: name, then row ratio low high
data = ARG1; cells = ARG4 + 0; near = ARG5 + 0; far = ARG6 + 0
height = 190 + 36 * cells
call "style.gp" 1150 height ARG3 ARG2
set multiplot title "How much of bare metal's speed each platform reaches, by kind of work\n{/*0.8 right of 1 = faster than bare metal · whiskers: 95 % interval · grey: A/A floor, bare metal against itself}"
set yrange [cells - 0.4 : -0.6]
set bars 0.4
set style fill solid 0.35 noborder
# each platform a little below the last, so that whiskers stay apart
shift(i, n) = (i - (n - 1) / 2.0) * 0.62 / (n > 1 ? n : 1)

set lmargin at screen 0.16
set rmargin at screen (far ? 0.66 : 0.97)
set tmargin at screen 1 - 74.0 / height
set bmargin at screen 100.0 / height
set key at screen (far ? 0.41 : 0.56), screen 26.0 / height center maxrows 1 samplen 1 width -2
set xlabel "performance / bare metal" offset 0,0.3
set ytics scale 0 noenhanced
set arrow 1 from 1, graph 0 to 1, graph 1 nohead lc rgb "#555555" lw 1.5 front
if (near) {
	plot data index 0 using (1):1:(1 - $3):(1 + $3):($1 - 0.45):($1 + 0.45):ytic(2) \
		with boxxyerror lc rgb "#bbbbbb" title "A/A floor", \
	     for [i=1:near] data index i using 2:($1 + shift(i - 1, near)):3:4 \
		with xerrorbars ls i title columnheader(1)
}
if (far) {
	set lmargin at screen (near ? 0.70 : 0.16)
	set rmargin at screen 0.97
	set key at screen 0.84, screen 26.0 / height center maxrows 1 samplen 1
	set logscale x 10
	set ytics format (near ? "" : "%h")
	set xrange [*:2]
	set xlabel "performance / bare metal (log scale)"
	plot for [i=near+1:near+far] data index i using 2:($1 + shift(i - near - 1, far)):3:4:ytic("") \
		with xerrorbars ls (i + 1) title columnheader(1)
}
unset multiplot
