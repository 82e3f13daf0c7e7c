# SPDX-License-Identifier: GPL-3.0-or-later
# VM exits (those for port accesses set off) and context switches of one input or output.
# Call: exits.gp data output form rows subtitle
# Data: a row a line: place "cell, block" -1 -1 -1, or place "path" exits ports switches
data = ARG1; output = ARG2; form = ARG3; rows = ARG4 + 0; subtitle = ARG5
height = 150.0 + 30 * rows
width = 1000.0
call "style.gp" width height form output
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
call "title.gp" height form "What one read or write makes the guest and the host do" subtitle
array words[rows]; array bars[rows]
do for [k=1:rows] {
	line = ""; value = 0
	stats data using (line = strcol(2), value = $3, 0) every ::(k - 1)::(k - 1) nooutput
	words[k] = line; bars[k] = value
}
stats data using 3 nooutput
most_exits = STATS_max
stats data using 5 nooutput
most_switches = STATS_max
set multiplot
set tmargin at screen 1 - 92 / height; set bmargin at screen 52 / height
set yrange [rows - 0.5 : -0.5]
set style fill solid 1.0 noborder
unset grid
set grid x lt 1 lc rgb "#E4E4E4" lw 1
set border 1
set tics font small
unset ytics
do for [k=1:rows] {
	if (bars[k] < 0) {
		set label k bold(words[k]) at screen 0.012, first k - 1 left font small
	} else {
		set label k words[k] at screen 0.155, first k - 1 right noenhanced font small
	}
}
number(x) = sprintf(x < 9.95 ? "%.2f" : "%.1f", x)

# left: exits
set lmargin at screen 0.17; set rmargin at screen 0.60
set xrange [0 : most_exits * 1.15]
set label 80 "VM exits per I/O" at screen 0.17, screen 1 - 72 / height left font small
set label 81 "■" at screen 0.30, screen 1 - 72 / height left font small tc ls 3
set label 82 "port accesses" at screen 0.316, screen 1 - 72 / height left font small
set label 83 "■" at screen 0.43, screen 1 - 72 / height left font small tc ls 7
set label 84 "all other exits" at screen 0.446, screen 1 - 72 / height left font small
set key off
bar(y, side) = y + side * 0.32
plot data using ($3 < 0 ? NaN : $3):1:($4):($3):(bar($1, -1)):(bar($1, 1)) with boxxyerror ls 7, \
     data using ($3 < 0 ? NaN : $4):1:(0):($4):(bar($1, -1)):(bar($1, 1)) with boxxyerror ls 3, \
     data using ($3 < 0 ? NaN : $3):1:(number($3)) with labels left offset 0.6, 0 font small

# right: switches
do for [k=1:rows] { unset label k }
do for [k=80:84] { unset label k }
unset label 90; unset label 91
set lmargin at screen 0.65; set rmargin at screen 0.97
set xrange [0 : most_switches * 1.2]
set label 80 "host context switches per I/O" at screen 0.65, screen 1 - 72 / height left font small
plot data using ($3 < 0 ? NaN : $5):1:(0):($5):(bar($1, -1)):(bar($1, 1)) with boxxyerror ls 2, \
     data using ($3 < 0 ? NaN : $5):1:(number($5)) with labels left offset 0.6, 0 font small
unset multiplot
