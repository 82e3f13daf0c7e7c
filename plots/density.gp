# SPDX-License-Identifier: GPL-3.0-or-later
# Throughput against the number of instances, as a multiple of one alone: of all of them,
# and of one of them.
# Call: density.gp data output form curves cpus
# Data: a block a platform: "name" look knee, then N share low high; first all totals,
#       then all instances
data = ARG1; output = ARG2; form = ARG3; curves = ARG4 + 0; cpus = ARG5 + 0
height = 590.0
call "style.gp" 1000 height form output
call "names.gp" data 0 curves
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
call "title.gp" height form "What N instances do side by side, as a multiple of one alone" \
	"means over windows with 95 % intervals (of the N instances; one alone is the unit); ring: the knee, from which one more adds less than half"
array knee[curves]
do for [k=1:curves] {
	_knee = 0
	stats data index k - 1 using (_knee = $3, 0) every ::::0 nooutput
	knee[k] = _knee
}
set multiplot
set tmargin at screen 1 - 100 / height; set bmargin at screen 136 / height
set tics font small
set logscale x 2
set xlabel "instances" font small
set offsets graph 0.03, graph 0.03, 0, 0
set bars 0.6
do for [panel=0:1] {
	set lmargin at screen (panel ? 0.57 : 0.07); set rmargin at screen (panel ? 0.97 : 0.49)
	set label 1 (panel ? bold("One instance") : bold("All together")) at graph 0, graph 1.05 left font small
	set yrange [0:*]
	if (panel) { unset key } else {
		set key at screen 0.07, screen 70 / height left top vertical reverse Left maxrows 3 noenhanced width 1 font small
	}
	ideal(n) = panel ? (n <= cpus ? 1 : cpus / n) : (n <= cpus ? n : cpus)
	plot for [k=1:curves] data index panel * curves + k - 1 using 1:2:3:4 every ::1 with yerrorlines ls look[k] title name[k], \
		for [k=1:curves] data index panel * curves + k - 1 using 1:($1 == knee[k] ? $2 : NaN) every ::1 \
			with points pt 6 ps 2.6 lw 1.8 lc rgb hue[look[k]] notitle, \
		data index panel * curves using 1:(ideal($1)) every ::1 with lines dt 2 lw 1.4 lc rgb "#777777" \
			title sprintf("%d CPUs shared without loss", cpus)
	unset label 90; unset label 91
}
unset multiplot
