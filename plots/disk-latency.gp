# SPDX-License-Identifier: GPL-3.0-or-later
# Latency percentiles of each disk cell, a panel a cell, a curve a path.
# Call: disk-latency.gp data output form panels paths samples
# Data: panels × paths blocks: "path" look "panel", then rank microseconds
data = ARG1; output = ARG2; form = ARG3
panels = ARG4 + 0; paths = ARG5 + 0; count = ARG6
columns = 3
lines = (panels + columns - 1) / columns
key_lines = (paths + 2) / 3
top_px = 96.0; line_px = 236.0; panel_px = 172.0
height = top_px + lines * line_px + 10 + 24 * key_lines
call "style.gp" 1000 height form output
call "names.gp" data 0 paths
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
set multiplot
call "title.gp" height form "How long one disk request takes by each path: half, 90, 99 and 99.9 % are done within" \
	sprintf("total latency as fio measured it on the platform, median over %s samples of each percentile; log scale, lower is better", count)
set key off
set tics font small
set logscale y 10
set ytics ("100 ns" 0.1, "1 µs" 1, "10 µs" 10, "100 µs" 100, "1 ms" 1e3, "10 ms" 1e4, \
	"100 ms" 1e5, "1 s" 1e6, "10 s" 1e7)
set xrange [0.7:4.3]
set xtics ("p50" 1, "p90" 2, "p99" 3, "p99.9" 4)
set lmargin 0; set rmargin 0; set tmargin 0; set bmargin 0
do for [p=0:panels-1] {
	column_ = p % columns; line_ = p / columns
	heading = ""
	stats data index p * paths using (heading = strcol(3), 0) every ::::0 nooutput
	set origin (70.0 + column_ * 320) / 1000, 1 - (top_px + line_ * line_px + panel_px) / height
	set size 246.0 / 1000, panel_px / height
	set label 80 bold(heading) at graph 0, graph 1 left offset 0, 0.7
	plot for [k=0:paths-1] data index p * paths + k using 1:2 every ::1 \
		with linespoints ls look[k + 1] notitle
	unset label 90; unset label 91
}
set origin 0, 0
set size 1, (24.0 * key_lines + 8) / height
unset label 80
unset border; unset tics; unset grid; unset logscale
set key at graph 0.07, graph 1 left top Left reverse maxrows key_lines samplen 3 noenhanced width 2
set xrange [0:1]; set yrange [0:1]
plot for [k=1:paths] NaN with linespoints ls look[k] title name[k]
unset multiplot
