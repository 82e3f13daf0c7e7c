# SPDX-License-Identifier: GPL-3.0-or-later
# Look shared by all figures. The palette is Okabe and Ito's, legible with colour blindness;
# black is bare metal, and marks differ in shape as well.
# Call: style width height form output
_w = ARG1 + 0; _h = ARG2 + 0
if (ARG3 eq "png") { set terminal pngcairo size _w,_h font "sans-serif,10" enhanced } \
else { set terminal svg size _w,_h font "sans-serif,13" enhanced background "white" }
set output ARG4
set encoding utf8
array hue[9] = ["#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B07500", \
	"#56B4E9", "#777777", "#888888"]
set style line 1 lc rgb hue[1] pt 7 ps 0.7 lw 1.8
set style line 2 lc rgb hue[2] pt 5 ps 0.7 lw 1.8
set style line 3 lc rgb hue[3] pt 9 ps 0.9 lw 1.8
set style line 4 lc rgb hue[4] pt 13 ps 1.0 lw 1.8
set style line 5 lc rgb hue[5] pt 11 ps 0.9 lw 1.8
set style line 6 lc rgb hue[6] pt 4 ps 0.7 lw 1.8
set style line 7 lc rgb hue[7] pt 6 ps 0.8 lw 1.8
set style line 8 lc rgb hue[8] pt 8 ps 0.9 lw 1.8
set style line 9 lc rgb hue[9] dt 2 lw 1.8 # bare metal against itself
set border 3 lc rgb "#666666"
set tics nomirror out textcolor rgb "#222222"
set grid lt 1 lc rgb "#E4E4E4" lw 1
set key noenhanced reverse Left samplen 1.6
