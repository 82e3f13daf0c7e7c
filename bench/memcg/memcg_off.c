/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The root group runs the controller's code too: only another boot has none of it. */
#include <stdio.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/memcg/memcg_bytes.h"

static void read_command_line(char *ret, size_t size)
{
	cleanup(file) FILE *file = fopen("/proc/cmdline", "re");

	ret[0] = '\0';
	if (file && fgets(ret, (int)size, file))
		ret[strcspn(ret, "\n")] = '\0';
}

MEMCG_EXPERIMENT(off)
{
	char line[4096];

	(void)context;
	(void)err;
	read_command_line(line, sizeof(line));
	memcg_result_say(
		result, FINDING_UNAVAILABLE,
		"This kernel was booted with the memory controller%s%s, and no running "
		"kernel can do without: what the controller costs the root group itself "
		"is seen between boots only; of an emulated machine's boots, "
		"instructions "
		"per operation are in results/reference/memcg-off.md.",
		strstr(line, "nokmem") ? ", not charging kernel memory" : "",
		strstr(line, "nosocket") ? ", not charging sockets" : "");
	return 0;
}
