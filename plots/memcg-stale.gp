# SPDX-License-Identifier: GPL-3.0-or-later
# When memory.stat shows a change.
# Call: memcg-stale.gp data output form curves condition
# Data: a block a change: "name" look, then ms since the change and percent of it shown
data = ARG1; output = ARG2; form = ARG3; curves = ARG4 + 0; condition = ARG5
height = 520.0
call "style.gp" 1000 height form output
call "names.gp" data 0 curves
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
call "title.gp" height form "When memory.stat shows that a process touched fresh pages" \
	sprintf("%s; read every 5 ms until it shows 98 %% of the change, marked where it does; changes at random moments", condition)
set lmargin at screen 0.085; set rmargin at screen 0.97
set tmargin at screen 1 - 84 / height; set bmargin at screen 118 / height
set tics font small
set xlabel "ms since the change" font small
set ylabel "percent of the change that is shown" font small offset 1.2, 0
set yrange [-4:108]; set ytics 25
set xrange [-40:*]
set key at screen 0.085, screen 30 / height left center Left reverse maxrows 2 noenhanced width 2
set offsets 0, graph 0.04, 0, 0
plot for [k=0:curves-1] data index k using 1:2 every ::1 with lines lw 1.8 \
	lc rgb hue[(k % 7) + 2] notitle, \
     for [k=0:curves-1] data index k using 1:($2 >= 98 ? $2 : NaN) every ::1 with linespoints \
	ls (k % 7) + 2 title name[k + 1]
