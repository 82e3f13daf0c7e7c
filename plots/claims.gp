# SPDX-License-Identifier: GPL-3.0-or-later
# Claimed values against measured ones.
# Call: claims.gp data output form rows decided
# Data: a block of rows: "claim" claimed low high (NaN: an order); then four blocks of
# points: row ratio low high: decides nothing, inconclusive, contradicted, reproduced
data = ARG1; output = ARG2; form = ARG3; rows = ARG4 + 0; decided = ARG5 + 0
height = 190.0 + 27 * rows
call "style.gp" 1000 height form output
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
call "title.gp" height form "Published claims against this host's measurements" \
	"grey bar: what the claim allows; points: a cell each, with 95 % interval; ratio, log scale"
set tmargin at screen 1 - 112 / height; set bmargin at screen 62 / height
set yrange [rows - 0.5 : -0.5]
set logscale x 10
set tics font small
set ytics scale 0 noenhanced
set grid x noy
set bars 0.4
set arrow 1 from 1, graph 0 to 1, graph 1 nohead lc rgb "#666666" lw 1 back
if (decided > 0 && decided < rows) {
	set arrow 2 from graph 0, first decided - 0.5 to graph 1, first decided - 0.5 \
		nohead lc rgb "#777777" dt 3 back
}
yes = "#009E73"; no = "#D55E00"; open = "#0072B2"; none = "#999999"
size = form eq "png" ? 0.7 : 0.5
# Twice the same: all that was measured, and what lies about 1.
set multiplot
do for [panel=1:2] {
	if (panel == 1) {
		set lmargin at screen 0.22; set rmargin at screen 0.63
		set xrange [0.02:50]
		set xtics ("0.02" 0.02, "0.05" 0.05, "0.1" 0.1, "0.2" 0.2, "0.5" 0.5, "1" 1, \
			"2" 2, "5" 5, "10" 10, "20" 20, "50" 50)
		set xlabel "ratio" font small
		set key at screen 0.97, screen 1 - 8 / height right top vertical font small
	} else {
		unset label 90; unset label 91; unset key
		set lmargin at screen 0.66; set rmargin at screen 0.97
		set xrange [0.8:1.25]
		set xtics ("0.8" 0.8, "0.9" 0.9, "0.95" 0.95, "1" 1, "1.05" 1.05, "1.1" 1.1, "1.2" 1.2)
		set xlabel "the same, near 1" font small
		unset border; set border 1 lc rgb "#666666"; unset ytics
	}
	plot data index 0 using (sqrt($3 * $4)):0:3:4:($0 - 0.38):($0 + 0.38):ytic(1) \
			with boxxyerror fs solid 1 noborder lc rgb "#DDDDDD" notitle, \
		data index 0 using 2:($0 - 0.38):(0):(0.76) with vectors nohead lw 2 \
			lc rgb "#000000" title "claimed value", \
		data index 4 using 2:1:3:4 with xerrorbars pt 7 ps size lc rgb yes title "reproduced", \
		data index 3 using 2:1:3:4 with xerrorbars pt 9 ps size lc rgb no title "contradicted", \
		data index 2 using 2:1:3:4 with xerrorbars pt 5 ps size lc rgb open title "inconclusive", \
		data index 1 using 2:1:3:4 with xerrorbars pt 4 ps size lc rgb none \
			title "decides nothing (emulated)"
}
unset multiplot
