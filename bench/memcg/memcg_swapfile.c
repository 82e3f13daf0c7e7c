/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/memcg/memcg_swapfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/swap.h>
#include <unistd.h>

#include "bench/host/scratch.h"

#define SPARE_BYTES (256ull << 20) /* left free for everybody else */

void memcg_swapfile_header(unsigned char *page, uint64_t page_bytes, uint64_t pages)
{
	static const char signature[10] = "SWAPSPACE2";
	const uint32_t version = 1, last = (uint32_t)(pages - 1);

	memset(page, 0, page_bytes);
	memcpy(page + 1024, &version, sizeof(version)); /* behind the boot block's room */
	memcpy(page + 1028, &last, sizeof(last));
	memcpy(page + page_bytes - sizeof(signature), signature, sizeof(signature));
}

size_t memcg_swapfile_count(const char *swaps)
{
	size_t lines = 0;

	for (; *swaps; swaps++)
		lines += *swaps == '\n';
	return lines ? lines - 1 : 0; /* the first line names the columns */
}

static int check_nobody_swaps(struct err *err)
{
	cleanup(file) FILE *stream = fopen("/proc/swaps", "re");
	char text[4096] = "";

	if (!stream)
		return err_fail(err, ENOTSUP, "this kernel has no swap");
	(void)!fread(text, 1, sizeof(text) - 1, stream);
	if (memcg_swapfile_count(text))
		return err_fail(err, ENOTSUP,
				"swap is in use on this host, and is left alone");
	return 0;
}

static int write_area(int fd, uint64_t bytes, uint64_t page_bytes, struct err *err)
{
	cleanup(free) unsigned char *page = calloc(1, page_bytes);

	if (!page)
		return err_fail(err, ENOMEM, "no memory for a swap file");
	/* written out: a file with holes cannot be swapped to */
	for (uint64_t at = 0; at < bytes; at += page_bytes) {
		if (at <= page_bytes)
			memset(page, 0, page_bytes);
		if (!at)
			memcg_swapfile_header(page, page_bytes, bytes / page_bytes);
		errno = ENOSPC;
		if (pwrite(fd, page, page_bytes, (off_t)at) != (ssize_t)page_bytes)
			return err_fail(err, errno, "cannot write a swap file: %m");
	}
	return fsync(fd) ? err_fail(err, errno, "cannot write a swap file: %m") : 0;
}

static int make(const struct memcg_context *context, uint64_t bytes, const char *path,
		struct err *err)
{
	cleanup(fd) int fd = -1;
	struct statvfs fs;

	if (statvfs(context->scratch, &fs) ||
	    (uint64_t)fs.f_bavail * fs.f_frsize < bytes + SPARE_BYTES)
		return err_fail(err, ENOTSUP, "'%s' has no room for a swap file",
				context->scratch);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_fail(err, errno, "cannot make '%s': %m", path);
	return write_area(fd, bytes, context->page_bytes, err);
}

int memcg_swapfile_make(const struct memcg_context *context, uint64_t bytes,
			struct memcg_swapfile *ret, struct err *err)
{
	cleanup(memcg_swapfile) struct memcg_swapfile swapfile = {.on = false};
	int rc = check_nobody_swaps(err);

	if (rc)
		return rc;
	if (snprintf(swapfile.path, sizeof(swapfile.path), "%s/" SCRATCH_SWAP,
		     context->scratch) >= (int)sizeof(swapfile.path)) {
		swapfile.path[0] = '\0';
		return err_fail(err, ENAMETOOLONG, "the scratch path is too long");
	}
	rc = make(context, bytes, swapfile.path, err);
	if (rc)
		return rc;
	if (swapon(swapfile.path, 0))
		return err_fail(err, ENOTSUP, "this host refuses a swap file: %m");
	swapfile.on = true;
	*ret = swapfile;
	swapfile = (struct memcg_swapfile){.on = false};
	return 0;
}

void memcg_swapfile_remove(struct memcg_swapfile *swapfile)
{
	if (swapfile->on)
		(void)swapoff(swapfile->path);
	if (swapfile->path[0])
		(void)unlink(swapfile->path);
	*swapfile = (struct memcg_swapfile){.on = false};
}
