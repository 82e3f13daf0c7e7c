# SPDX-License-Identifier: GPL-3.0-or-later
# Look shared by all figures. The palette is Okabe and Ito's, legible with colour blindness.
# Call: style width height form output
_w = ARG1 + 0; _h = ARG2 + 0
if (ARG3 eq "png") { set terminal pngcairo size _w,_h font "DejaVu Sans,11" enhanced } \
else { set terminal svg size _w,_h font "DejaVu Sans,14" enhanced background "white" }
set output ARG4
set encoding utf8
set style line 1 lc rgb "#0072B2" pt 7 ps 0.9 lw 2
set style line 2 lc rgb "#D55E00" pt 9 ps 1.0 lw 2
set style line 3 lc rgb "#009E73" pt 5 ps 0.8 lw 2
set style line 4 lc rgb "#CC79A7" pt 11 ps 1.0 lw 2
set style line 5 lc rgb "#E69F00" pt 13 ps 1.1 lw 2
set style line 6 lc rgb "#56B4E9" pt 4 ps 0.8 lw 2
set style line 7 lc rgb "#000000" pt 6 ps 0.8 lw 2
set style line 8 lc rgb "#999999" pt 8 ps 0.8 lw 2
set border 3 lc rgb "#555555"
set tics nomirror out
set grid lc rgb "#dddddd" lw 1
set key noenhanced
