# SPDX-License-Identifier: GPL-3.0-or-later
# What a start and an end spend their time on: a bar a platform, a piece a phase.
# Call: start-phases.gp data output form near-bars far-bars near-ends far-ends
# Data: block 0: "phase" number; blocks 1 to 4: the bars that share an axis, 3 and 4 of ends:
#       "name" row 0 end -1, then "" row begin end phase (ms)
data = ARG1; output = ARG2; form = ARG3
array bars[4] = [ARG4 + 0, ARG5 + 0, ARG6 + 0, ARG7 + 0]
array of[4] = ["start", "start", "end", "end"]
stats data index 0 using 2 nooutput
phases = int(STATS_records)
legend = ceil(phases / 3.0)
head = 86; foot = 44 + 26 * legend; gap = 62; pitch = 34
all = 0; panels = 0
do for [k=1:4] { all = all + bars[k]; panels = panels + (bars[k] > 0) }
height = head + pitch * all + foot + gap * (panels - 1) + 24.0
call "style.gp" 1000 height form output
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
call "title.gp" height form "What a start and an end spend their time on" \
	"phases in their order, each as long as its median over the run's n starts: to the first word, and until nothing is left"
array phase[phases]
do for [k=1:phases] {
	_name = ""
	stats data index 0 using (_name = strcol(1), 0) every ::(k - 1)::(k - 1) nooutput
	phase[k] = _name
}
# Seven colours, then the same ones thinner and thinner.
shade(p) = hue[p % 7 + 2]
dense(p) = p % 21 < 7 ? 0.9 : p % 21 < 14 ? 0.55 : 0.3
set multiplot
set lmargin at screen 0.25; set rmargin at screen 0.90
set tics font small
unset key
set border 1
set grid noytics xtics
top = height - head
do for [panel=1:4] {
	if (bars[panel]) {
		bottom = top - pitch * bars[panel]
		set tmargin at screen top / height; set bmargin at screen bottom / height
		set xrange [*:*]; set yrange [*:*] # stats leaves out what is beyond them
		set ytics scale 0 noenhanced ("" -1)
		do for [k=1:bars[panel]] {
			_name = ""
			stats data index panel using (column(5) < 0 && $2 == k - 1 ? (_name = strcol(1), 0) : NaN) nooutput
			set ytics add (tic(_name) k - 1)
		}
		stats data index panel using (column(5) < 0 ? $4 : NaN) nooutput
		unit = STATS_max < 2000 ? 1 : 1000
		set xrange [0 : STATS_max * 1.06 / unit]; set yrange [bars[panel] - 0.5 : -0.5]
		set xtics autofreq format unit > 1 ? "%g s" : "%g ms"
		set label 92 sprintf("%s", of[panel]) at screen 0.01, screen (top + 10.0) / height left font small
		plot for [p=0:phases-1] data index panel using (column(5) == p ? $3 / unit : NaN):2:($3 / unit):($4 / unit):($2 - 0.33):($2 + 0.33) \
				with boxxyerror fs transparent solid dense(p) noborder lc rgb shade(p), \
			data index panel using (column(5) < 0 ? $4 / unit : NaN):2:(sprintf("%.3g %s", $4 / unit, unit > 1 ? "s" : "ms")) \
				with labels left offset 0.6, 0 font small
		unset label 90; unset label 91; unset label 92
		top = bottom - gap
	}
}
# The legend, in a row of its own.
set tmargin at screen (foot - 26.0) / height; set bmargin at screen 0
set lmargin at screen 0.02; set rmargin at screen 0.98
unset border; unset tics; unset xlabel
set xrange [0:1]; set yrange [0:1]
set key at screen 0.03, screen (foot - 18.0) / height left top horizontal maxcols 3 maxrows legend \
	noenhanced width 3 font small
plot for [p=1:phases] NaN with boxes fs transparent solid dense(p - 1) noborder lc rgb shade(p - 1) title phase[p]
unset multiplot
