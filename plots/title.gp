# SPDX-License-Identifier: GPL-3.0-or-later
# A figure's title and its second line, at the left edge where reading begins.
# Call: title height form title subtitle
_big = ARG2 eq "png" ? 13 : 17
_small = ARG2 eq "png" ? 9.5 : 12.5
set label 90 bold(ARG3) at screen 0, screen 1 - 20.0 / ARG1 left \
	font sprintf("sans-serif,%g", _big) offset character 1.2, 0
set label 91 ARG4 at screen 0, screen 1 - 43.0 / ARG1 left noenhanced \
	font sprintf("sans-serif,%g", _small) tc rgb "#444444" offset character 1.2, 0
