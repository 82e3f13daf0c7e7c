# SPDX-License-Identifier: GPL-3.0-or-later
# Latency percentiles of each disk cell, a panel a cell, a curve a path.
# Call: disk-latency.gp data output form panels paths
# Data: panels × paths blocks: panel path, then rank microseconds (median over samples)
data = ARG1; panels = ARG4 + 0; paths = ARG5 + 0
columns = 3
rows = (panels + columns - 1) / columns
height = 160 + 250 * rows
call "style.gp" 1150 height ARG3 ARG2
set multiplot title "Total latency of one I/O by path, as fio saw it inside\n{/*0.8 median over samples of each percentile · microseconds, log scale · lower is better}"
set key off
set logscale y 10
set format y "%.0f"
set xrange [0.7:4.3]
set xtics ("p50" 1, "p90" 2, "p99" 3, "p99.9" 4)
set lmargin 0; set rmargin 0; set tmargin 0; set bmargin 0
do for [p=0:panels-1] {
	column = p % columns; row = p / columns
	set origin 0.07 + column * 0.32, 1 - (96.0 + 250 * (row + 1) - 46) / height
	set size 0.25, 170.0 / height
	name = ""
	stats data index p * paths using (name = strcol(1), 0) every ::::0 nooutput
	set title name font ",11" noenhanced offset 0,-0.6
	plot for [k=0:paths-1] data index p * paths + k using 1:2 every ::1 \
		with linespoints ls (k + 1) notitle
}
set origin 0, 0
set size 1, 70.0 / height
unset title; unset border; unset tics; unset grid; unset logscale
set key center center maxrows 2 samplen 2 noenhanced font ",10"
set yrange [0:1]; set xrange [0:1]
array names[paths]
do for [k=0:paths-1] {
	name = ""
	stats data index k using (name = strcol(2), 0) every ::::0 nooutput
	names[k + 1] = name
}
plot for [k=1:paths] NaN with linespoints ls k title names[k]
unset multiplot
