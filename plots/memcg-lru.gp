# SPDX-License-Identifier: GPL-3.0-or-later
# What of a set read once stays cached while a neighbour streams past it.
# Call: memcg-lru.gp data output form curves condition
# Data: a block a set-up: "name" look, then MiB streamed and percent of the set left
data = ARG1; output = ARG2; form = ARG3; curves = ARG4 + 0; condition = ARG5
height = 520.0
call "style.gp" 1000 height form output
call "names.gp" data 0 curves
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
call "title.gp" height form "How much of a set read once stays cached beside a neighbour who streams" \
	sprintf("%s; set 16 MiB, limits 32 MiB a group or 48 MiB above both; single runs, cached pages counted with mincore", condition)
set lmargin at screen 0.085; set rmargin at screen 0.97
set tmargin at screen 1 - 84 / height; set bmargin at screen 118 / height
set tics font small
set xlabel "MiB that the neighbour has streamed" font small
set ylabel "percent of the set that is cached" font small offset 1.2, 0
set yrange [-4:106]; set ytics 25; set xtics 16
set key at screen 0.085, screen 30 / height left center Left reverse maxrows 1 noenhanced width 2
plot for [k=0:curves-1] data index k using 1:2 every ::1 with linespoints ls look[k + 1] + 1 \
	title name[k + 1]
