/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which group a process is in. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "bench/cgroup/cgroup_private.h"
#include "bench/base/cleanup.h"

/* A whole line: names of groups are a container's to choose, and the rest of one that was
 * cut could pass for a line of its own. */
#define LINE_MAX_BYTES (PATH_MAX + 256)

void cgroup_of(pid_t pid, const char *controller, char *ret, size_t size)
{
	char path[64], line[LINE_MAX_BYTES];
	cleanup(file) FILE *file = NULL;

	ret[0] = '\0';
	(void)snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		char *controllers = strchr(line, ':');
		char *group = controllers ? strchr(controllers + 1, ':') : NULL;

		line[strcspn(line, "\n")] = '\0';
		if (!group)
			continue;
		*group = '\0';
		if (controller[0] ? cgroup_has_word(controllers + 1, controller)
				  : !controllers[1])
			(void)snprintf(ret, size, "%s", group + 1);
	}
}
