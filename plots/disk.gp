# SPDX-License-Identifier: GPL-3.0-or-later
# Ratio to bare metal of each disk cell by path, beside the claims about those paths.
# Call: disk.gp data output form      Data: see ratio.gp
call "ratio.gp" ARG1 ARG2 ARG3 "How fast the disk is by each path, compared with bare metal's"
