# SPDX-License-Identifier: GPL-3.0-or-later
# From open to the agent's hello, by platform.
# Call: start.gp data output form platforms
# Data: row label median min max (ms)
data = ARG1; platforms = ARG4 + 0
height = 150 + 46 * platforms
call "style.gp" 900 height ARG3 ARG2
set title "From opening a platform to the agent's first word\n{/*0.8 median of all starts in the run, whiskers: fastest and slowest · log scale}"
set yrange [platforms - 0.4 : -0.6]
set logscale x 10
set xlabel "milliseconds (log scale)"
set ytics scale 0 noenhanced
set lmargin at screen 0.24
set rmargin at screen 0.93
set key off
set offsets graph 0.06, graph 0.06, 0, 0
plot data using 3:1:4:5:ytic(2) with xerrorbars ls 1, \
     data using 3:1:(sprintf("%.4g ms", $3)) with labels offset 0,0.9 font ",10"
