/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_ERRNO_NAME_H
#define TARE_ERRNO_NAME_H

/* errno as its name, "EPERM"; "ok" for 0. */
const char *errno_name(int code);

#endif
