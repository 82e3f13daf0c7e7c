# SPDX-License-Identifier: GPL-3.0-or-later
# Time of one operation on kernel objects by the bytes that its group holds modulo a page.
# Call: memcg-phase.gp data output form operations
# Data: a block an operation: "name" bytes start cheap dear, then phase ns
data = ARG1; output = ARG2; form = ARG3; operations = ARG4 + 0
height = 120.0 + 190 * operations
call "style.gp" 1000 height form output
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
page = 4096.0
array name[operations]; array bytes[operations]; array start[operations]
array cheap[operations]; array dear[operations]
do for [k=0:operations-1] {
	set table $header
	plot data index k every ::0::0 using (name[k + 1] = strcol(1), bytes[k + 1] = column(2), \
		start[k + 1] = column(3), cheap[k + 1] = column(4), dear[k + 1] = column(5), 0):(0) with table
	unset table
}
set output output
set multiplot
call "title.gp" height form "One operation, two costs: by the bytes that its group holds" \
	"point: median CPU time with one number of eventfds held; line: the band as wide as the bytes of the object, its begin fitted"
set lmargin at screen 0.095; set rmargin at screen 0.97
set tics font small
set xrange [0:page]; set xtics 512
unset key
do for [k=1:operations] {
	if (k > 1) { unset label; unset title }
	set tmargin at screen 1 - (90 + 190.0 * (k - 1)) / height
	set bmargin at screen 1 - (90 + 190.0 * k - 42) / height
	set ylabel "ns" font small
	if (k == operations) { set xlabel "bytes held, modulo a page" font small } else { unset xlabel }
	inside(x) = (d = x - start[k], d < 0 ? d + page : d) < bytes[k]
	set samples 2049
	set label 99 sprintf("%s, %.0f bytes", name[k], bytes[k]) at graph 0.01, graph 0.92 font small noenhanced
	plot data index k - 1 every ::1 using 1:2 with points ls 2, \
		(inside(x) ? dear[k] : cheap[k]) with lines ls 3
}
unset multiplot
