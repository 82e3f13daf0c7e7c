/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/memcg/memcg_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <unistd.h>

/* The folder's pages must be a cache of something. */
static int check_folder(int fd, const char *folder, struct err *err)
{
	struct statfs fs;

	if (fstatfs(fd, &fs))
		return err_fail(err, errno, "cannot look at '%s': %m", folder);
	if (fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC)
		return err_fail(
			err, ENOTSUP,
			"'%s' is on tmpfs, whose pages are no cache; name a folder "
			"on a disk with --scratch",
			folder);
	return 0;
}

int memcg_file_make(const struct memcg_context *context, const char *name, uint64_t bytes,
		    struct memcg_file *ret, struct err *err)
{
	cleanup(memcg_file) struct memcg_file file = {.fd = -1, .bytes = bytes};
	int rc;

	if (snprintf(file.path, sizeof(file.path), "%s/%s", context->scratch, name) >=
	    (int)sizeof(file.path))
		return err_fail(err, ENAMETOOLONG, "the scratch path is too long");
	(void)unlink(file.path);
	file.fd =
		open(file.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file.fd < 0 || ftruncate(file.fd, (off_t)bytes))
		return err_fail(err, errno, "cannot make '%s': %m", file.path);
	rc = check_folder(file.fd, context->scratch, err);
	if (rc)
		return rc;
	*ret = file;
	file = (struct memcg_file)MEMCG_FILE_NONE;
	return 0;
}

int memcg_file_make_shared(uint64_t bytes, struct memcg_file *ret, struct err *err)
{
	struct memcg_file file = {.fd = memfd_create("tare", MFD_CLOEXEC),
				  .bytes = bytes};

	if (file.fd < 0 || ftruncate(file.fd, (off_t)bytes)) {
		(void)err_fail(err, errno, "cannot make a file in memory: %m");
		cleanup_fd(&file.fd);
		return -err->code;
	}
	(void)snprintf(file.path, sizeof(file.path), "/proc/%d/fd/%d", getpid(), file.fd);
	*ret = file;
	return 0;
}

void memcg_file_drop(const struct memcg_file *file)
{
	(void)fdatasync(file->fd);
	(void)posix_fadvise(file->fd, 0, 0, POSIX_FADV_DONTNEED);
}

int memcg_file_cached(const struct memcg_file *file, uint64_t *ret_bytes, struct err *err)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), pages = file->bytes / page,
		 sum = 0;
	cleanup(free) unsigned char *present = malloc(pages);
	void *map = mmap(NULL, file->bytes, PROT_READ, MAP_SHARED, file->fd, 0);
	int rc = 0;

	if (!present || map == MAP_FAILED)
		rc = err_fail(err, ENOMEM, "no memory to look at a file's pages");
	else if (mincore(map, file->bytes, present))
		rc = err_fail(err, errno, "cannot look at a file's pages: %m");
	for (uint64_t i = 0; !rc && i < pages; i++)
		sum += present[i] & 1;
	if (map != MAP_FAILED)
		(void)munmap(map, file->bytes);
	if (!rc)
		*ret_bytes = sum * page;
	return rc;
}

void memcg_file_remove(struct memcg_file *file)
{
	if (file->fd >= 0 && strncmp(file->path, "/proc/", 6) != 0)
		(void)unlink(file->path);
	cleanup_fd(&file->fd);
	*file = (struct memcg_file)MEMCG_FILE_NONE;
}
