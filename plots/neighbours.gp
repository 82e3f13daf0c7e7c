# SPDX-License-Identifier: GPL-3.0-or-later
# The neighbour matrix: the share of its own rate that a victim keeps.
# Call: neighbours.gp data output form rows columns
# Data: block 0: column row share low high; block 1: row names; block 2: column names
data = ARG1; output = ARG2; form = ARG3; rows = ARG4 + 0; columns = ARG5 + 0
height = 150.0 + 40 * rows
call "style.gp" 1000 height form output
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
call "title.gp" height form "What an instance keeps of its rate beside a neighbour on its CPU" \
	"per cent of its rate alone, with the 95 % interval over rounds; the stronger the colour, the less is kept; a row a neighbour and the limit on it"
set lmargin at screen 0.28; set rmargin at screen 0.97
set tmargin at screen 1 - 106 / height; set bmargin at screen 24 / height
set xrange [-0.5 : columns - 0.5]; set yrange [rows - 0.5 : -0.5]
unset border; unset grid; unset key
set tics font small
set ytics scale 0 noenhanced ("" -1)
set x2range [-0.5 : columns - 0.5]
unset xtics
set x2tics scale 0 noenhanced ("" -1)
do for [block=1:2] {
	do for [k=0:(block == 1 ? rows : columns) - 1] {
		name_ = ""
		stats data index block using (name_ = strcol(1), 0) every ::k::k nooutput
		if (block == 1) { set ytics add (tic(name_) k) } else { set x2tics add (tic(name_) k) }
	}
}
# The less is kept the denser, in ten steps of one colour, which every theme has.
lost(s) = s < 0 ? 10 : s > 1 ? 0 : int(10 * (1 - s) + 0.5)
plot for [l=0:10] data index 0 using (lost($3) == l ? $1 : NaN):2:($1 - 0.48):($1 + 0.48):($2 - 0.46):($2 + 0.46) \
		with boxxyerror fs transparent solid 0.04 + 0.07 * l noborder lc rgb hue[3], \
	data index 0 using 1:2:(sprintf("%.0f %%   (%.0f–%.0f)", 100 * $3, 100 * $4, 100 * $5)) \
		with labels font small
