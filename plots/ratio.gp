# SPDX-License-Identifier: GPL-3.0-or-later
# Ratios to bare metal: a panel a group of cells, a row a cell. On the left platforms near 1
# on a linear axis; on the right those far from it (emulated guests) on a logarithmic one.
# Shared by platforms.gp and disk.gp.
# Call: ratio data output form title
# Data: block 0: panels near far label_px / range of near / range of far / "subtitle" /
#       "heading of the right column"; then panel by panel a block of rows ("title" rows,
#       then row "label" floor) and a block a platform ("name" look, then row ratio low
#       high); last, claims: "claims" how-many, then "label" value look far?
data = ARG1; output = ARG2; form = ARG3; caption = ARG4
stats data index 0 using (panels = int($1), near = int($2), far = int($3), left = $4, 0) \
	every ::::0 nooutput
stats data index 0 using (near_low = $1, near_high = $2, 0) every ::1::1 nooutput
stats data index 0 using (far_low = $1, far_high = $2, 0) every ::2::2 nooutput
subtitle = ""; heading = ""
stats data index 0 using (subtitle = strcol(1), 0) every ::3::3 nooutput
stats data index 0 using (heading = strcol(1), 0) every ::4::4 nooutput
blocks = 1 + near + far
call "names.gp" data 2 (near + far)

claims = 0
stats data index 1 + panels * blocks using (claims = int($2), 0) every ::::0 nooutput
array claim[claims + 1]; array claimed[claims + 1]; array shade[claims + 1]
array aside[claims + 1]
do for [c=1:claims] {
	text = ""
	stats data index 1 + panels * blocks using \
		(text = strcol(1), value = $2, colour = $3, column_ = $4, 0) every ::c::c nooutput
	claim[c] = text; claimed[c] = value; shade[c] = int(colour); aside[c] = int(column_)
}

array rows[panels]; array panel[panels]
most = near > far ? near : far
row_px = most > 2 ? 11.0 * most + 10 : 32.0
top_px = 88.0 + 18 * claims
gap_px = 38.0
height = top_px
do for [p=1:panels] {
	text = ""; count = 0
	stats data index 1 + (p - 1) * blocks using (text = strcol(1), count = $2, 0) \
		every ::::0 nooutput
	rows[p] = int(count); panel[p] = text
	height = height + count * row_px + gap_px
}
key_lines = near + 1 > far ? near + 1 : far
height = height - gap_px + 76 + 22 * key_lines
width = 1000.0
call "style.gp" width height form output
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"

# Columns, in pixels from the left edge.
split = far == 0 ? width - 30 : left + (width - left - 80) * (far > 1 ? 0.5 : 0.62)
far_from = near ? split + 46 : left
shift(i, n) = (i - (n + 1) / 2.0) * (most > 2 ? 0.8 : 0.6) / (n > 1 ? n : 1)
# "12×": times slower than bare metal, where that is a better word than a ratio
times(r) = r < 0.67 ? sprintf(r > 0.1 ? "%.1f×" : "%.0f×", 1 / r) : ""
set style fill solid 1.0 noborder
set bars 0.5
set tics font small
set ytics scale 0 noenhanced

unset key
set multiplot
call "title.gp" height form caption subtitle
y = top_px
do for [p=1:panels] {
	first = 1 + (p - 1) * blocks
	set tmargin at screen 1 - y / height
	set bmargin at screen 1 - (y + rows[p] * row_px) / height
	set yrange [rows[p] - 0.5 : -0.5]
	set arrow 1 from 1, graph 0 to 1, graph 1 nohead lc rgb "#444444" lw 1.4 front
	do for [column_=0:1] {
		if (column_ ? far > 0 : near > 0) {
			set lmargin at screen (column_ ? far_from : left) / width
			set rmargin at screen (column_ ? width - 30 : split) / width
			set format x (p == panels ? "%g" : "")
			if (column_) {
				set logscale x 10
				set ytics 1 format ""
				set xrange [far_low : far_high]
				if (far_high / far_low > 300) { set xtics (0.0001, 0.001, 0.01, 0.1, 1) } \
				else { set xtics (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5) }
				if (p < panels) { set xtics format "" }
				set xlabel (p == panels ? (far == 1 ? "performance / bare metal   (12×: times slower)" : \
					"performance / bare metal, log scale") : "") font small
				set label 80 (p == 1 ? bold(heading) : "") at graph 0, screen \
					1 - (y - 11 - 18 * claims) / height left
			} else {
				unset logscale
				set ytics 1 format "%g"
				set xrange [near_low : near_high]
				set xtics autofreq
				set xlabel (p == panels ? \
					"performance / bare metal   (left of 1: slower, right: faster)" : "") font small
				set label 80 bold(panel[p]) at graph 0, screen 1 - (y - 11) / height left
			}
			do for [c=1:claims] {
				if (aside[c] == column_) {
					set arrow 10 + c from claimed[c], graph 0 to claimed[c], graph 1 \
						nohead dt (6, 4) lw 1.6 lc rgb hue[shade[c]] back
					if (p == 1) { set label 20 + c claim[c] at claimed[c], \
						screen 1 - (y - 10 - 18 * (claims - c)) / height right offset -0.4, 0 font small tc rgb hue[shade[c]] noenhanced }
				} else { unset arrow 10 + c }
			}
			if (column_) {
				plot for [i=1:far] data index first + near + i \
					using 2:($1 + shift(i, far)):3:4 every ::1 \
					with xerrorbars ls look[near + i] notitle, \
				     data index first + near + 1 using \
					(far == 1 ? $3 : NaN):1:($4 < 1 ? times($2) : "") every ::1 \
					with labels right offset -0.8, 0 font small tc rgb "#444444" notitle
			} else {
				plot data index first using \
					(1):1:(1 - $3):(1 + $3):($1 - 0.44):($1 + 0.44):ytic(2) every ::1 \
					with boxxyerror lc rgb "#D4D4D4" notitle, \
				     for [i=1:near] data index first + i \
					using 2:($1 + shift(i, near)):3:4 every ::1 \
					with xerrorbars ls look[i] notitle
			}
			unset label 90; unset label 91
			do for [c=1:claims] { unset label 20 + c }
		}
	}
	y = y + rows[p] * row_px + gap_px
}
# Legends, in plots of their own: a small panel would squeeze them.
unset label 80; unset arrow; unset border; unset tics; unset grid; unset logscale
unset xlabel
set xrange [0:1]; set yrange [0:1]
set tmargin at screen 0.99; set bmargin at screen 0
set key Left reverse left top vertical maxrows key_lines font small
if (near) {
	set key at screen left / width, screen (22.0 * key_lines + 4) / height
	plot NaN with boxes lc rgb "#D4D4D4" title "A/A floor: bare metal against itself", \
	     for [i=1:near] NaN with xerrorbars ls look[i] title name[i]
}
if (far) {
	set key at screen far_from / width, screen (22.0 * key_lines + 4) / height
	plot for [i=near+1:near+far] NaN with xerrorbars ls look[i] title name[i]
}
unset multiplot
