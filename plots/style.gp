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
# The two terminals draw marks of one size differently.
array _mark[8] = [7, 5, 9, 13, 11, 4, 6, 8]
array _png[8] = [0.7, 0.7, 0.9, 1.0, 0.9, 0.7, 0.8, 0.9]
array _svg[8] = [0.6, 0.65, 0.65, 0.5, 0.65, 0.65, 0.7, 0.75]
do for [_i=1:8] {
	set style line _i lc rgb hue[_i] pt _mark[_i] ps (ARG3 eq "png" ? _png[_i] : _svg[_i]) lw 1.8
}
set style line 9 lc rgb hue[9] dt 2 lw 1.8 # bare metal against itself
set border 3 lc rgb "#666666"
set tics nomirror out textcolor rgb "#222222"
set grid lt 1 lc rgb "#E4E4E4" lw 1
set key noenhanced reverse Left samplen 1.6
# Names out of the data, in bold: whatever enhanced text would read as its own is escaped.
_escape(s) = (_r = "", sum [_i=1:strlen(s)] (_r = _r . (strstrt("_^{}@&~\\", s[_i:_i]) ? \
	"\\" : "") . s[_i:_i], 0), _r)
bold(s) = "{/:Bold " . _escape(s) . "}"
# A tic's label is a format: a % in a name is none.
tic(s) = (_r = "", sum [_i=1:strlen(s)] (_r = _r . (s[_i:_i] eq "%" ? "%%" : s[_i:_i]), 0), _r)
