# SPDX-License-Identifier: GPL-3.0-or-later
# Memory of an idle instance: what the host's counters rose by, stacked; beside the stack
# the fall of available memory and the processes' own share.
# Call: footprint.gp data output form bars
# Data: "name" row, PSS low high, available low high, anonymous, cache, shmem, slab,
#       page tables, kernel stacks and per CPU (MiB)
data = ARG1; output = ARG2; form = ARG3; bars = ARG4 + 0
height = 230.0 + 62 * bars
call "style.gp" 1000 height form output
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
call "title.gp" height form "Memory that one more idle instance takes of the host" \
	"bar: rise of the host's counters; marks: with 95 % intervals over the steps, which may reach beyond the panel"
set lmargin at screen 0.2; set rmargin at screen 0.86
set tmargin at screen 1 - 74 / height; set bmargin at screen 156 / height
set tics font small
set ytics scale 0 noenhanced
array part[6] = ["anonymous", "page cache", "shmem", "slab", "page tables", "kernel stacks, per CPU"]
array shade[6] = ["#0072B2", "#56B4E9", "#009E73", "#B07500", "#CC79A7", "#777777"]
sum_to(k) = (_s = 0, sum [_i=9:8+k] (_s = _s + column(_i), 0), _s)
# Bars and marks are inside, whiskers as far as they leave those legible.
stats data using (sum_to(6) > $6 ? (sum_to(6) > $3 ? sum_to(6) : $3) : ($6 > $3 ? $6 : $3)) nooutput
high = STATS_max
stats data using ($6 < $3 ? $6 : $3) nooutput
low = STATS_min < 0 ? STATS_min : 0
span = high > low ? high - low : 1
stats data using ($8 > $5 ? $8 : $5) nooutput
right = STATS_max < high + span / 2 ? STATS_max : high + span / 2
stats data using ($7 < $4 ? $7 : $4) nooutput
left = STATS_min > low - span / 2 ? STATS_min : low - span / 2
left = left < 0 ? left : 0
set xrange [left - span / 25 : right + span / 25]
set yrange [bars - 0.5 : -0.6]
set xlabel "MiB an instance" font small
set grid noytics
set bars 0.6
set key at screen 0.03, screen 92 / height left top horizontal maxrows 4 maxcols 2 noenhanced width 1 font small
plot for [k=1:6] data using (0):2:(sum_to(k - 1)):(sum_to(k)):($2 - 0.1):($2 + 0.3):ytic(1) \
		with boxxyerror fs solid 0.85 noborder lc rgb shade[k] title part[k], \
	data using 6:($2 - 0.2):7:8 with xerrorbars pt 7 ps 0.8 lw 1.6 lc rgb hue[1] title "fall of available memory", \
	data using 3:($2 - 0.32):4:5 with xerrorbars pt 5 ps 0.8 lw 1.6 lc rgb hue[3] title "PSS of its processes", \
	data using (right + span / 25):($2 - 0.05):(sprintf("PSS %.3g MiB", $3)) with labels left offset 0.8, 0 font small notitle
