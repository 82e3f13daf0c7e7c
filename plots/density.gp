# SPDX-License-Identifier: GPL-3.0-or-later
# What N instances do, get, wait and take to start, against N.
# Call: density.gp data output form curves cpus
# Data: a block a platform and panel, panel by panel: "name" look knee low high, then
#       N value low high
data = ARG1; output = ARG2; form = ARG3; curves = ARG4 + 0; cpus = ARG5 + 0
height = 860.0
call "style.gp" 1000 height form output
call "names.gp" data 0 curves
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
call "title.gp" height form "N instances side by side at the same work" \
	"means over windows with 95 % intervals; ring: the knee, from which one more adds less than half of what the first did, the bar its interval"
array knee[curves]
array kneelow[curves]
array kneehigh[curves]
do for [k=1:curves] {
	_knee = 0; _low = 0; _high = 0
	stats data index k - 1 using (_knee = $3, _low = $4, _high = $5, 0) every ::::0 nooutput
	knee[k] = _knee; kneelow[k] = _low; kneehigh[k] = _high
}
_most = 1
stats data index 0:(curves - 1) using (_most = $1 > _most ? $1 : _most, 0) every ::1 nooutput
array heading[6] = ["All together, multiple of one alone", "One of them, multiple of one alone", \
	"Fairness (Jain), 1: all get the same", "An operation, median, ns", \
	"An operation, p99 of the worst one, ns", "Start of the last ones, median, ms"]
left(c) = 0.06 + 0.325 * c
array ideal[2]
set multiplot
set tics font small
set logscale x 2
set xrange [0.85:_most * 1.18]
set bars 0.6
set format y "%g"
do for [p=1:6] {
	_row = p > 3; _column = (p - 1) % 3
	set lmargin at screen left(_column); set rmargin at screen left(_column) + 0.265
	set tmargin at screen 1 - (_row ? 470 : 100) / height
	set bmargin at screen (_row ? 120 : 465) / height
	set label 1 bold(heading[p]) at graph 0, graph 1.06 left font small
	if (_row) { set xlabel "instances" font small } else { unset xlabel }
	if (p >= 4) { set logscale y; set yrange [*:*] } else { unset logscale y }
	if (p <= 2) { set yrange [0:*] }
	if (p == 3) { set yrange [0:1.04] }
	_any = 0
	stats data index (p - 1) * curves:p * curves - 1 using (_any = _any + ($2 == $2), 0) every ::1 nooutput
	if (!_any) { # a scale of its own, or gnuplot finds none
		unset logscale y; set yrange [0:1]
		set label 90 "not measured" at graph 0.5, graph 0.5 center font small
	}
	if (p == 1) {
		set key at screen 0.06, screen 62 / height left top vertical reverse Left maxrows 2 noenhanced width 1 font small
	} else { unset key }
	lossless(n) = p == 1 ? (n <= cpus ? n : cpus) : p == 2 ? (n <= cpus ? 1.0 : cpus / (n * 1.0)) : NaN
	plot for [k=1:curves] data index (p - 1) * curves + k - 1 using 1:2:3:4 every ::1 with yerrorlines ls look[k] title name[k], \
		for [k=1:curves] data index (p - 1) * curves + k - 1 using 1:(p <= 2 && $1 == knee[k] ? $2 : NaN) every ::1 \
			with points pt 6 ps 2.6 lw 1.8 lc rgb hue[look[k]] notitle, \
		for [k=1:curves] data index (p - 1) * curves + k - 1 \
			using 1:(p == 1 && $1 == knee[k] ? $2 : NaN):(kneelow[k] > 0 ? kneelow[k] : $1):(kneehigh[k] > 0 ? kneehigh[k] : _most) every ::1 \
			with xerrorbars pt -2 lw 1.8 lc rgb hue[look[k]] notitle, \
		data index (p - 1) * curves using 1:(lossless($1)) every ::1 with lines dt 2 lw 1.4 lc rgb "#777777" \
			title sprintf("%d CPUs shared without loss", cpus)
	unset label 90; unset label 91
}
unset multiplot
