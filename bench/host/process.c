/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/host/process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"

/* The fields from the third on: its name, before them, may hold anything, parentheses and
 * line ends as well. */
static int parse(const char *text, struct process *ret)
{
	const char *behind = strrchr(text, ')');
	uint64_t ticks[4], start;
	char state;
	int parent;

	if (!behind ||
	    sscanf(behind,
		   ") %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64
		   " %" SCNu64 " %" SCNu64 " %*d %*d %*d %*d %" SCNu64,
		   &state, &parent, &ticks[0], &ticks[1], &ticks[2], &ticks[3],
		   &start) != 7)
		return -EPROTO;
	*ret = (struct process){
		.ended = strchr("ZX", state) != NULL,
		.parent = parent,
		.cpu_ns = (ticks[0] + ticks[1] + ticks[2] + ticks[3]) *
			  (NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK)),
		.start_ticks = start,
	};
	return 0;
}

int process_read(pid_t pid, struct process *ret)
{
	char path[64], text[1024];
	cleanup(fd) int fd = -1;
	ssize_t got;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	got = read(fd, text, sizeof(text) - 1);
	if (got <= 0)
		return got ? -errno : -ESRCH;
	text[got] = '\0';
	return parse(text, ret);
}
