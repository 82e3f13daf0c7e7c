# SPDX-License-Identifier: GPL-3.0-or-later
# Cumulative distribution of block ratios, a panel a cell, a curve a platform.
# Call: distribution.gp data output form panels platforms
# Data: panels × platforms blocks: panel platform, then percent share
data = ARG1; panels = ARG4 + 0; platforms = ARG5 + 0
columns = 4
rows = (panels + columns - 1) / columns
height = 120 + 210 * rows
call "style.gp" 1150 height ARG3 ARG2
set multiplot title "How single blocks scatter around bare metal: share of blocks at or below a difference\n{/*0.8 a step in a curve is a second cost of the same work · x: difference to bare metal in %, middle 98 % of blocks}"
set yrange [0:1]
set ytics 0.5
set key off
set xtics font ",9"
set lmargin 0; set rmargin 0; set tmargin 0; set bmargin 0
do for [p=0:panels-1] {
	column = p % columns; row = p / columns
	set origin 0.05 + column * 0.238, 1 - (88.0 + 210 * (row + 1) - 42) / height
	set size 0.20, 140.0 / height
	name = ""
	stats data index p * platforms using (name = strcol(1), 0) every ::::0 nooutput
	set title name font ",11" noenhanced offset 0,-0.6
	plot for [k=0:platforms-1] data index p * platforms + k using 1:2 every ::1 \
		with steps ls (k + 1) notitle
}
# one legend below all panels
set origin 0, 0
set size 1, 44.0 / height
unset title; unset border; unset tics; unset grid
set key center center maxrows 1 samplen 2 noenhanced
set yrange [0:1]; set xrange [0:1]
array names[platforms]
do for [k=0:platforms-1] {
	name = ""
	stats data index k using (name = strcol(2), 0) every ::::0 nooutput
	names[k + 1] = name
}
plot for [k=1:platforms] NaN with lines ls k title names[k]
unset multiplot
