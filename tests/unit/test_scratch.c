/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/host/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "tests/check.h"

#define BYTES (3u << 19) /* not a whole number of chunks */

/* A folder of its own with a marked data file in it. */
struct scene {
	char base[64], file[PATH_MAX], other[PATH_MAX];
	char *dir;
	struct scratch_mark mark;
};

static void begin(struct scene *scene)
{
	struct err err = {0};

	(void)snprintf(scene->base, sizeof(scene->base), "/tmp/tare-test-XXXXXX");
	CHECK(mkdtemp(scene->base));
	CHECK_INT(scratch_make(scene->base, "owner", scene->base, BYTES, NULL,
			       &scene->dir, &err),
		  0);
	CHECK_INT(scratch_mark(scene->dir, BYTES, &scene->mark, &err), 0);
	(void)snprintf(scene->file, PATH_MAX, "%s/disk.img", scene->dir);
	(void)snprintf(scene->other, PATH_MAX, "%s/other", scene->dir);
}

static void end(struct scene *scene)
{
	char link[PATH_MAX];

	scratch_remove(scene->dir);
	CHECK(access(scene->dir, F_OK));
	(void)snprintf(link, sizeof(link), "%s/scratch", scene->base);
	(void)unlink(link);
	CHECK_INT(rmdir(scene->base), 0);
	free(scene->dir);
}

static int verify(const struct scene *scene)
{
	struct err err = {0};

	return scratch_verify(scene->dir, &scene->mark, &err);
}

static void test_untouched(void)
{
	struct scene scene;
	cleanup(fd) int fd = -1;
	struct stat info;

	begin(&scene);
	CHECK_INT(stat(scene.dir, &info), 0);
	CHECK_INT(info.st_mode & 07777, 0711);
	CHECK_INT(stat(scene.file, &info), 0);
	CHECK_INT(info.st_size, BYTES);
	CHECK_INT(verify(&scene), 0);
	fd = open(scene.file, O_WRONLY | O_CLOEXEC);
	CHECK_INT(write(fd, "work", 4), 4); /* to write into it is what it is for */
	CHECK_INT(verify(&scene), 0);
	end(&scene);
}

/* A folder that was named and could not be used is as it was: not there. */
static void test_refused(void)
{
	char base[64] = "/tmp/tare-test-XXXXXX", where[96], kept[96];
	struct err err = {0};
	char *dir = NULL;

	CHECK(mkdtemp(base));
	(void)snprintf(kept, sizeof(kept), "%s/kept", base);
	(void)snprintf(where, sizeof(where), "%s/kept/a/b", base);
	CHECK_INT(mkdir(kept, 0700), 0);
	CHECK_INT(scratch_make(where, "owner", base, 1ull << 60, NULL, &dir, &err),
		  -ENOSPC);
	CHECK(!dir);
	CHECK_INT(rmdir(kept), 0); /* and so it is empty */
	CHECK_INT(rmdir(base), 0);
}

static void test_link(void)
{
	struct scene scene;

	begin(&scene);
	CHECK_INT(rename(scene.file, scene.other), 0);
	CHECK_INT(verify(&scene), -EUCLEAN);
	CHECK_INT(symlink("other", scene.file), 0); /* even to the very file */
	CHECK_INT(verify(&scene), -EUCLEAN);
	end(&scene);
}

static void test_replaced(void)
{
	struct scene scene;
	cleanup(fd) int fd = -1;

	begin(&scene);
	fd = open(scene.other, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK_INT(ftruncate(fd, BYTES), 0);
	CHECK_INT(rename(scene.other, scene.file), 0);
	CHECK_INT(verify(&scene), -EUCLEAN);
	end(&scene);
}

static void test_pipe(void)
{
	struct scene scene;

	begin(&scene);
	CHECK_INT(unlink(scene.file), 0);
	CHECK_INT(mkfifo(scene.file, 0600), 0);
	CHECK_INT(verify(&scene), -EUCLEAN);
	scratch_drop_cache(scene.dir); /* must not wait for a writer */
	end(&scene);
}

static void test_size(void)
{
	struct scene scene;

	begin(&scene);
	CHECK_INT(truncate(scene.file, BYTES - 1), 0);
	CHECK_INT(verify(&scene), -EUCLEAN);
	CHECK_INT(truncate(scene.file, BYTES + 1), 0);
	CHECK_INT(verify(&scene), -EUCLEAN);
	end(&scene);
}

/* Whatever a guest made in the folder goes with it. */
static void test_remove_all(void)
{
	struct scene scene;

	begin(&scene);
	CHECK_INT(mkdir(scene.other, 0), 0);
	CHECK_INT(unlink(scene.file), 0);
	CHECK_INT(symlink("/etc/passwd", scene.file), 0);
	end(&scene);
	CHECK_INT(access("/etc/passwd", F_OK), 0);
}

static void test_no_file(void)
{
	struct scratch_mark mark;
	struct err err = {0};

	CHECK_INT(scratch_mark("/nowhere", 0, &mark, &err), 0);
	CHECK_INT(scratch_verify("/nowhere", &mark, &err), 0);
}

/* Without a data file a file system with no room to spare will do. */
static void in_little_room(const char *base)
{
	struct err err = {0};
	char *dir = NULL;

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", base, "tmpfs", 0, "size=1m"))
		_exit(2);
	if (scratch_make(base, "owner", base, 4096, NULL, &dir, &err) != -ENOSPC)
		_exit(1);
	_exit(scratch_make(base, "owner", base, 0, NULL, &dir, &err) ? 1 : 0);
}

static void test_no_data(void)
{
	char base[64] = "/tmp/tare-test-XXXXXX";
	int status = 0;
	pid_t pid;

	CHECK(mkdtemp(base));
	pid = fork();
	if (pid == 0)
		in_little_room(base);
	CHECK_INT(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
		SKIP("a mount of its own cannot be had");
	else
		CHECK_INT(status, 0);
	CHECK_INT(rmdir(base), 0);
}

int main(void)
{
	test_untouched();
	test_refused();
	test_link();
	test_replaced();
	test_pipe();
	test_size();
	test_remove_all();
	test_no_file();
	test_no_data();
	return check_done();
}
