# SPDX-License-Identifier: GPL-3.0-or-later
# Start time against the instances of the same platform that are already running.
# Call: start-beside.gp data output form curves most
# Data: a block a platform: "name" look, then running median low high (ms)
data = ARG1; output = ARG2; form = ARG3; curves = ARG4 + 0; most = ARG5 + 0
height = 540.0
call "style.gp" 1000 height form output
call "names.gp" data 0 curves
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
call "title.gp" height form "How long a start takes beside running instances" \
	"of the same platform; median, whiskers: its 95 % interval by order statistics, or the range of fewer than six starts"
set lmargin at screen 0.09; set rmargin at screen 0.97
set tmargin at screen 1 - 74 / height; set bmargin at screen 104 / height
set tics font small
set logscale y 10
set xlabel "instances already running" font small
set xtics 1
set ytics ("1 ms" 1, "2 ms" 2, "5 ms" 5, "10 ms" 10, "20 ms" 20, "50 ms" 50, "100 ms" 100, \
	"200 ms" 200, "500 ms" 500, "1 s" 1000, "2 s" 2000, "5 s" 5000, "10 s" 1e4, "20 s" 2e4, "60 s" 6e4)
set xrange [-0.4 : most + 0.4]
set bars 0.6
set key at screen 0.06, screen 50 / height left top vertical reverse Left maxrows 2 noenhanced width 1 font small
plot for [k=1:curves] data index k - 1 using ($1 + 0.03 * (k - (curves + 1) / 2.0)):2:3:4 every ::1 \
		with yerrorlines ls look[k] title name[k]
