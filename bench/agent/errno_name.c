/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/agent/errno_name.h"

#include <string.h>

const char *errno_name(int code)
{
	const char *name = code ? strerrorname_np(code) : "ok";

	return name ? name : "unknown";
}
