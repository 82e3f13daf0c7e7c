# SPDX-License-Identifier: GPL-3.0-or-later
# Names and looks (line styles) of the blocks of a data file, out of their first lines:
# "name" look  →  name[1…], look[1…].
# Call: names data first-block blocks
_data = ARG1; _first = ARG2 + 0; _blocks = ARG3 + 0
array name[_blocks]
array look[_blocks]
do for [_i=1:_blocks] {
	_name = ""; _look = 1
	stats _data index _first + _i - 1 using (_name = strcol(1), _look = $2, 0) \
		every ::::0 nooutput
	name[_i] = _name; look[_i] = int(_look)
}
