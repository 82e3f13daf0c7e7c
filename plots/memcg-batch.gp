# SPDX-License-Identifier: GPL-3.0-or-later
# The memory cgroup's usage counter against what is held, page by page.
# Call: memcg-batch.gp data output form curves condition
# Data: a block a curve: "name" look, then KiB touched and KiB counted since the start
data = ARG1; output = ARG2; form = ARG3; curves = ARG4 + 0; condition = ARG5
height = 560.0
call "style.gp" 1000 height form output
call "names.gp" data 0 curves
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
call "title.gp" height form "What the usage counter says, and what is held" \
	sprintf("%s; a process touches fresh 4 KiB pages one by one, the counter is read after each; both axes from a start where nothing was borrowed", condition)
set lmargin at screen 0.085; set rmargin at screen 0.97
set tmargin at screen 1 - 84 / height; set bmargin at screen 118 / height
set tics font small
set xlabel "KiB touched" font small
set ylabel "KiB that the counter rose" font small offset 1.2, 0
set xtics 256; set ytics 256
stats data index 0 using 2 every ::1 nooutput
if (STATS_max > 4096) { set ytics autofreq } # many CPUs borrow much
set key at screen 0.085, screen 30 / height left center Left reverse maxrows 1 noenhanced width 2
array hues[3] = [hue[3], hue[2], hue[4]]
plot for [k=0:curves-1] data index k using 1:2 every ::1 with steps lw 2 lc rgb hues[k % 3 + 1] \
	title name[k + 1], x with lines dt 2 lw 1.6 lc rgb hue[1] title "held"
