/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *	agent --fd N          speak on an inherited descriptor
 *	agent --connect PATH  connect to a stream socket
 *	agent --true          end at once: what the exec workload runs
 *	init of a guest       find the virtio-serial port, power off at the end
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "bench/agent/agent.h"
#include "bench/agent/guest.h"

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return -1;
	return fd;
}

static int inherited(const char *text)
{
	char *end;
	long fd = strtol(text, &end, 10);

	if (end == text || *end || fd < 0 || fd > 1 << 20 ||
	    fcntl((int)fd, F_SETFD, FD_CLOEXEC))
		return -1;
	return (int)fd;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static _Noreturn void be_guest(uint64_t begun_ns)
{
	char why[PROTO_ERROR_MAX] = "";
	int channel = guest_start(why, sizeof(why));

	if (channel >= 0)
		(void)serve(channel, begun_ns);
	else /* the console is all there is to tell */
		fprintf(stderr, "tare-agent: %s\n", why);
	guest_power_off();
}

int main(int argc, char **argv)
{
	uint64_t begun_ns = now_ns();
	int channel = -1;

	(void)signal(SIGPIPE, SIG_IGN);
	if (argc == 2 && !strcmp(argv[1], "--true"))
		return 0;
	if (guest_is_init())
		be_guest(begun_ns);
	if (argc == 3 && !strcmp(argv[1], "--fd"))
		channel = inherited(argv[2]);
	else if (argc == 3 && !strcmp(argv[1], "--connect"))
		channel = connect_to(argv[2]);
	if (channel < 0) {
		fprintf(stderr, "tare-agent: needs --fd N or --connect PATH that works; "
				"it is started by tare\n");
		return 2;
	}
	return serve(channel, begun_ns) ? 1 : 0;
}
