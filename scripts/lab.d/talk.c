/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Outside: has a command run in a lab that is up and ends with its status; output comes
 * out as it went in.  Usage: talk SOCKET COMMAND   (an abstract socket; "": turn it off)
 * 125: there is no lab there, or it went away.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "frame.h"

#define LOST 125

static int reach(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (length >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path + 1, name, length);
	if (connect(fd, (const struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length)))
		return -1;
	return fd;
}

static bool write_all(int fd, const char *from, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t put = write(fd, from + done, size - done);

		if (put <= 0)
			return false;
		done += (size_t)put;
	}
	return true;
}

static bool ask(int fd, const char *command, uint32_t *nonce)
{
	static char message[sizeof(struct request) + COMMAND_ROOM];
	struct request request = {.magic = REQUEST_MAGIC,
				  .length = (uint32_t)strlen(command)};

	if (request.length >= COMMAND_ROOM ||
	    getrandom(&request.nonce, sizeof(request.nonce), 0) != sizeof(request.nonce))
		return false;
	*nonce = request.nonce;
	memcpy(message, &request, sizeof(request));
	memcpy(message + sizeof(request), command, request.length);
	return write_all(fd, message, sizeof(request) + request.length);
}

static bool read_all(int fd, void *to, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t got = read(fd, (char *)to + done, size - done);

		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

/* What an earlier, interrupted talk did not take is passed over, byte by byte. */
static bool await_begin(int fd, uint32_t nonce)
{
	struct frame frame = {0}, wanted = {FRAME_BEGIN, nonce};
	char *bytes = (char *)&frame;

	if (!read_all(fd, &frame, sizeof(frame)))
		return false;
	while (memcmp(&frame, &wanted, sizeof(frame)) != 0) {
		memmove(bytes, bytes + 1, sizeof(frame) - 1);
		if (!read_all(fd, bytes + sizeof(frame) - 1, 1))
			return false;
	}
	return true;
}

static int print_frames(int fd)
{
	static char data[FRAME_ROOM];
	struct frame frame;

	while (read_all(fd, &frame, sizeof(frame))) {
		if (frame.type == FRAME_END)
			return (int)(frame.length & 0xff);
		if (frame.length > sizeof(data) || !read_all(fd, data, frame.length))
			break;
		if (!write_all(frame.type == FRAME_OUT ? STDOUT_FILENO : STDERR_FILENO,
			       data, frame.length))
			break;
	}
	return LOST;
}

int main(int argc, char **argv)
{
	uint32_t nonce;
	int fd = argc == 3 ? reach(argv[1]) : -1;

	if (fd < 0 || !ask(fd, argv[2], &nonce) || !await_begin(fd, nonce))
		return LOST;
	return print_frames(fd);
}
