# SPDX-License-Identifier: GPL-3.0-or-later
# Latency of a dependent load against the size of the working set.
# Call: memory-latency.gp data output form platforms l1 l2 l3     (bytes, 0: none)
# Data: a block a platform: name, then bytes ns low high (quartiles of samples)
data = ARG1; platforms = ARG4 + 0
call "style.gp" 900 560 ARG3 ARG2
set title "Latency of one dependent load by working set (pointer chase)\n{/*0.8 median CPU time per load, whiskers: quartiles of samples · dashed: cache sizes by hwloc}"
set logscale x 2
set logscale y 10
set xlabel "working set"
set ylabel "ns per load (log scale)"
set xtics ("4 KiB" 4096, "16 KiB" 16384, "64 KiB" 65536, "256 KiB" 262144, "1 MiB" 1048576, \
	"4 MiB" 4194304, "16 MiB" 16777216, "64 MiB" 67108864, "256 MiB" 268435456, \
	"1 GiB" 1073741824)
set key top left samplen 2 opaque
array level[3] = [ARG5 + 0, ARG6 + 0, ARG7 + 0]
do for [i=1:3] {
	if (level[i] > 0) {
		set arrow i from level[i], graph 0 to level[i], graph 1 nohead dt 2 lc rgb "#888888"
		set label i sprintf("L%d", i) at level[i], graph 0.04 right offset -0.5,0 tc rgb "#666666"
	}
}
set offsets graph 0.05, graph 0.05, 0, 0
plot for [k=0:platforms-1] data index k using 1:2:3:4 with yerrorlines ls (k + 1) \
	title columnheader(1)
