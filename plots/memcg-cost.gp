# SPDX-License-Identifier: GPL-3.0-or-later
# What a memory cgroup adds to the time of one operation, a line each.
# Call: memcg-cost.gp data output form lines title
# Data: "name" share low high floor charge     (percent; charge: 0 nothing 1 pages
# 2 kernel objects 3 sockets)
data = ARG1; output = ARG2; form = ARG3; lines = ARG4 + 0
height = 150.0 + 22 * lines
call "style.gp" 1000 height form output
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
call "title.gp" height form ARG5 \
	"against the root group, CPU time; whiskers: 95 % interval; grey: noise floor (the root group against itself)"
set lmargin at screen 0.27; set rmargin at screen 0.97
set tmargin at screen 1 - 84 / height; set bmargin at screen 54 / height
set tics font small
set yrange [lines - 0.4:-0.6]
set xlabel "percent more time in the group" font small
set key at screen 0.97, screen 1 - 66 / height right center horizontal noenhanced width 2
unset grid; set grid x
set arrow from 0, graph 0 to 0, graph 1 nohead lc rgb "#666666" back
set style fill solid 0.35 noborder
array kind[4] = ["nothing", "pages", "kernel objects", "sockets"]
array shade[4] = [8, 2, 3, 4]
is(k, value) = column(6) == k ? value : NaN
set ytics noenhanced
plot data using (0):0:(-column(5)):(column(5)):($0 - 0.4):($0 + 0.4):ytic(1) \
		with boxxyerror lc rgb "#CCCCCC" notitle, \
	for [k=0:3] data using (is(k, $2)):0:3:4 with xerrorbars ls shade[k + 1] title kind[k + 1]
