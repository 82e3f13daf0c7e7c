# SPDX-License-Identifier: GPL-3.0-or-later
# Memory of an instance: its processes' shares and what the kernel keeps for it, stacked;
# beside the stack the sum of the former and the fall of available memory.
# Call: footprint.gp data output form bars parts
# Data: a line of names, then "name" row, PSS low high, available low high, parts (MiB)
data = ARG1; output = ARG2; form = ARG3; bars = ARG4 + 0; parts = ARG5 + 0
height = 240.0 + 46 * bars
call "style.gp" 1000 height form output
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
call "title.gp" height form "Memory that one more instance takes of the host" \
	"bar: its processes and, above the noise, what the kernel keeps; marks: 95 % intervals, which may reach beyond the panel"
set lmargin at screen 0.2; set rmargin at screen 0.86
set tmargin at screen 1 - 74 / height; set bmargin at screen 166 / height
set tics font small
set ytics scale 0 noenhanced
array shade[12] = ["#0072B2", "#56B4E9", "#009E73", "#E69F00", "#CC79A7", "#7F6BB0", \
	"#D55E00", "#F0C808", "#777777", "#111111", "#8B4513", "#B0B0B0"]
sum_to(k) = (_s = 0, sum [_i=9:8+k] (_s = _s + column(_i), 0), _s)
# Bars and marks are inside, whiskers as far as they leave those legible.
stats data skip 1 using (sum_to(parts) > $6 ? (sum_to(parts) > $3 ? sum_to(parts) : $3) : ($6 > $3 ? $6 : $3)) nooutput
high = STATS_max
stats data skip 1 using ($6 < $3 ? $6 : $3) nooutput
low = STATS_min < 0 ? STATS_min : 0
span = high > low ? high - low : 1
stats data skip 1 using ($8 > $5 ? $8 : $5) nooutput
right = STATS_max < high + span / 2 ? STATS_max : high + span / 2
stats data skip 1 using ($7 < $4 ? $7 : $4) nooutput
left = STATS_min > low - span / 2 ? STATS_min : low - span / 2
left = left < 0 ? left : 0
set xrange [left - span / 25 : right + span / 25]
set yrange [bars - 0.5 : -0.6]
set xlabel "MiB an instance" font small
set grid noytics
set bars 0.6
set key at screen 0.03, screen 100 / height left top horizontal maxrows 4 maxcols 4 noenhanced width 1 font small
plot for [k=1:parts] data using (0):2:(sum_to(k - 1)):(sum_to(k)):($2 - 0.1):($2 + 0.3):ytic(1) \
		with boxxyerror fs solid 0.85 noborder lc rgb shade[k] title columnheader(8 + k), \
	data skip 1 using 6:($2 - 0.2):7:8 with xerrorbars pt 7 ps 0.8 lw 1.6 lc rgb hue[1] title "fall of available memory", \
	data skip 1 using 3:($2 - 0.32):4:5 with xerrorbars pt 5 ps 0.8 lw 1.6 lc rgb hue[3] title "PSS of all its processes", \
	data skip 1 using (right + span / 25):($2 - 0.05):(sprintf("PSS %.3g MiB", $3)) with labels left offset 0.8, 0 font small notitle
