# SPDX-License-Identifier: GPL-3.0-or-later
# Ratio to bare metal of each CPU and memory cell by platform.
# Call: platforms.gp data output form      Data: see ratio.gp
call "ratio.gp" ARG1 ARG2 ARG3 "How fast each platform is, compared with bare metal doing the same work"
