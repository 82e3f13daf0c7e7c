# SPDX-License-Identifier: GPL-3.0-or-later
# The neighbour matrix: the share of its own rate that a victim keeps.
# Call: neighbours.gp data output form lines columns parts
# Data: block 0: column line share text; blocks 1 to 3: place and name of the lines (limits),
# the columns (platforms) and the parts (neighbours, each on a line of its own above its limits)
data = ARG1; output = ARG2; form = ARG3
lines = ARG4 + 0; columns = ARG5 + 0; parts = ARG6 + 0
rows = lines + parts
height = 118.0 + 27 * rows
call "style.gp" 1000 height form output
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
strong = form eq "png" ? "sans-serif:Bold,9" : "sans-serif:Bold,12"
call "title.gp" height form "What an instance keeps of its rate beside a neighbour on its CPU" \
	"per cent of its rate alone (95 % interval); the stronger the colour, the less is kept; the limit on the neighbour  ✓ holds  ✗ does not  ? undecided"
# The longest name decides how much is left of the map; a very long one is on two lines.
longest = 12
do for [k=0:lines - 1] {
	name_ = ""
	stats data index 1 using (name_ = strcol(2), 0) every ::k::k nooutput
	if (strlen(name_) > longest) { longest = strlen(name_) }
}
longest = longest > 48 ? 48 : longest
left = 0.03 + 0.0070 * longest
set lmargin at screen left; set rmargin at screen 0.985
set tmargin at screen 1 - 92 / height; set bmargin at screen 14 / height
set xrange [-0.5 : columns - 0.5]; set yrange [rows - 0.5 : -0.5]
unset border; unset grid; unset key
set tics font small
set x2range [-0.5 : columns - 0.5]
unset xtics; unset ytics
set x2tics scale 0 noenhanced ("" -1) font strong
do for [k=0:columns - 1] {
	name_ = ""
	stats data index 2 using (name_ = strcol(2), 0) every ::k::k nooutput
	set x2tics add (tic(name_) k)
}
# Blanks nearest to the middle break a text that is longer than there is room.
span(s, a, b) = (_t = "", sum [_i=a:b] (_t = _t . (_i > a ? " " : "") . word(s, _i), 0), _t)
halves(s) = strlen(s) <= 48 || words(s) < 2 ? s : (_h = (words(s) + 1) / 2, \
	span(s, 1, _h) . "\n" . span(s, _h + 1, words(s)))
do for [k=0:lines - 1] {
	stats data index 1 using (name_ = strcol(2), line_ = $1) every ::k::k nooutput
	set label halves(name_) at graph -0.012, first line_ right noenhanced font small tc rgb "#222222"
}
do for [k=0:parts - 1] {
	stats data index 3 using (name_ = strcol(2), line_ = $1) every ::k::k nooutput
	set label name_ at screen 0.012, first line_ left noenhanced font strong
}
# The less is kept the denser, in ten steps of one colour, which every theme has.
lost(s) = s < 0 ? 10 : s > 1 ? 0 : int(10 * (1 - s) + 0.5)
plot for [l=0:10] data index 0 using (lost($3) == l ? $1 : NaN):2:($1 - 0.49):($1 + 0.49):($2 - 0.46):($2 + 0.46) \
		with boxxyerror fs transparent solid 0.04 + 0.06 * l noborder lc rgb hue[3], \
	data index 0 using 1:2:4 with labels noenhanced font small
