# SPDX-License-Identifier: GPL-3.0-or-later
# Cumulative distribution of block ratios, a panel a cell, a curve a platform.
# Call: distribution.gp data output form panels curves percent|ratio blocks what
# Data: panels × curves blocks: "curve" look "panel" low high step, then value share
data = ARG1; output = ARG2; form = ARG3
panels = ARG4 + 0; curves = ARG5 + 0; percent = ARG6 eq "percent"; count = ARG7
columns = 4
lines = (panels + columns - 1) / columns
key_lines = (curves + 2) / 3
top_px = 92.0; line_px = 196.0; panel_px = 128.0
height = top_px + lines * line_px + 4 + 24 * key_lines
call "style.gp" 1000 height form output
call "names.gp" data 0 curves
small = form eq "png" ? "sans-serif,8.5" : "sans-serif,11.5"
set multiplot
call "title.gp" height form \
	sprintf("How single blocks scatter: %s", ARG8) \
	sprintf("up: share of the cell's %s blocks at or below x; across: %s; a flat part between two rises = two costs of the same work", \
	count, percent ? "block against bare metal, in %" : "block / bare metal, log scale")
set yrange [0:1]
set key off
set tics font small
set lmargin 0; set rmargin 0; set tmargin 0; set bmargin 0
set arrow 1 from (percent ? 0 : 1), graph 0 to (percent ? 0 : 1), graph 1 nohead \
	lc rgb "#444444" lw 1.2 back
do for [p=0:panels-1] {
	column_ = p % columns; line_ = p / columns
	heading = ""
	stats data index p * curves using (heading = strcol(3), low = $4, high = $5, step = $6, 0) \
		every ::::0 nooutput
	set origin (52.0 + column_ * 240) / 1000, \
		1 - (top_px + line_ * line_px + panel_px) / height
	set size 204.0 / 1000, panel_px / height
	set label 80 bold(heading) at graph 0, graph 1 left offset 0, 0.7
	set xrange [low : high]
	if (percent) { set xtics step format "%g %%" } \
	else {
		set logscale x 10
		set xtics (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5) format "%g"
		if (high / low > 12) { set xtics (0.001, 0.01, 0.1, 1, 10) }
	}
	if (column_) { set ytics ("" 0, "" 0.25, "" 0.5, "" 0.75, "" 1) } \
	else { set ytics ("0" 0, "" 0.25, "½" 0.5, "" 0.75, "all" 1) }
	plot for [k=0:curves-1] data index p * curves + k using 1:2 every ::1 \
		with steps ls look[k + 1] notitle
	unset label 90; unset label 91
}
set origin 0, 0
set size 1, (24.0 * key_lines + 8) / height
unset label 80; unset arrow 1
unset border; unset tics; unset grid; unset logscale
set key at graph 0.05, graph 1 left top Left reverse maxrows key_lines samplen 3 noenhanced width 2
set xrange [0:1]; set yrange [0:1]
plot for [k=1:curves] NaN with lines ls look[k] title name[k]
unset multiplot
