# SPDX-License-Identifier: GPL-3.0-or-later
# Latency of a dependent load against the size of the working set.
# Call: memory-latency.gp data output form platforms l1 l2 l3 samples    (bytes, 0: none)
# Data: a block a platform: "name" look, then bytes ns low high (quartiles of samples)
data = ARG1; output = ARG2; form = ARG3; platforms = ARG4 + 0; count = ARG8
array level[3] = [ARG5 + 0, ARG6 + 0, ARG7 + 0]
height = 580.0
call "style.gp" 1000 height form output
call "names.gp" data 0 platforms
small = form eq "png" ? "sans-serif,9" : "sans-serif,12"
call "title.gp" height form "How long one load from memory takes, by the size of the working set" \
	sprintf("pointer chase, each load waits for the last; point: median CPU time of %s slices, whiskers: quartiles; marks of a size are moved apart", count)
set lmargin at screen 0.095; set rmargin at screen 0.97
set tmargin at screen 1 - 84 / height; set bmargin at screen 118 / height
set logscale x 2
set logscale y 10
set tics font small
set xlabel "working set" font small
set ylabel "ns per load (log scale)" font small offset 1.2, 0
set xtics ("4 KiB" 2**12, "16 KiB" 2**14, "64 KiB" 2**16, "256 KiB" 2**18, "1 MiB" 2**20, \
	"4 MiB" 2**22, "16 MiB" 2**24, "64 MiB" 2**26, "256 MiB" 2**28, "1 GiB" 2**30, \
	"4 GiB" 2.0**32)
set key at screen 0.095, screen 30 / height left center Left reverse maxrows 1 noenhanced width 2
set format y "%g"
unset grid; set grid y
bytes(n) = n < 2**20 ? sprintf("%g KiB", n / 2.0**10) : sprintf("%g MiB", n / 2.0**20)
do for [i=1:3] {
	if (level[i] > 0) {
		set arrow i from level[i], graph 0 to level[i], graph 1 nohead dt 2 lc rgb "#666666" back
		set label i sprintf("L%d: %s", i, bytes(level[i])) at level[i], graph 0.97 right offset -0.6, 0 \
			tc rgb "#444444" font small
	}
}
set offsets graph 0.07, graph 0.07, 0, 0
apart(k) = 2 ** ((k - (platforms - 1) / 2.0) * 0.16)
plot for [k=0:platforms-1] data index k using ($1 * apart(k)):2:3:4 every ::1 \
	with yerrorlines ls look[k + 1] title name[k + 1]
