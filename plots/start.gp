# SPDX-License-Identifier: GPL-3.0-or-later
# From open to the agent's hello, by platform.
# Call: start.gp data output form platforms
# Data: a block a platform: "name (n = …)" look, then row median min max (ms)
data = ARG1; output = ARG2; form = ARG3; platforms = ARG4 + 0
height = 172.0 + 40 * platforms
call "style.gp" 1000 height form output
call "names.gp" data 0 platforms
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
call "title.gp" height form "How long a platform takes from its opening to the agent's first word" \
	"point: median of the run's n starts, whiskers: fastest and slowest; milliseconds, log scale"
set tmargin at screen 1 - 74 / height; set bmargin at screen 82 / height
set lmargin at screen 0.25; set rmargin at screen 0.95
set yrange [platforms - 0.5 : -0.5]
set logscale x 10
set xlabel "milliseconds (log scale)" font small
set xtics ("1 ms" 1, "3 ms" 3, "10 ms" 10, "30 ms" 30, "100 ms" 100, "300 ms" 300, \
	"1 s" 1000, "3 s" 3000, "10 s" 1e4, "30 s" 3e4, "100 s" 1e5)
array where[platforms]
set ytics scale 0 noenhanced ("" -1)
do for [k=1:platforms] { set ytics add (name[k] k - 1) }
set tics font small
set key off
set bars 0.7
set offsets graph 0.08, graph 0.1, 0, 0
plot for [k=1:platforms] data index k - 1 using 2:(k - 1):3:4 every ::1 with xerrorbars ls look[k], \
     for [k=1:platforms] data index k - 1 using 2:(k - 1):(sprintf("%.4g ms", $2)) every ::1 \
	with labels offset 0, 0.85 font small
