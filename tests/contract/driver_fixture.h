/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_DRIVER_FIXTURE_H
#define TARE_DRIVER_FIXTURE_H

/*
 * What the contract's tests stand on: this machine's CPUs and image, a folder with a
 * small data file, and a search for whatever carries an owner's id.
 */
#include <ctype.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/host/channel.h"
#include "bench/base/cleanup.h"
#include "bench/base/remove_tree.h"
#include "bench/base/clock.h"
#include "bench/config/config.h"
#include "bench/host/image.h"
#include "bench/host/owner.h"
#include "bench/host/reap.h"
#include "bench/host/scratch.h"
#include "tests/check.h"

#define DISK_BYTES (16u << 20)
#define MEMORY_BYTES (512u << 20)
#define PATIENCE_NS (120 * NS_PER_S) /* an emulated guest on a loaded host */

struct fixture {
	char owner[OWNER_MAX], run_dir[96], scratch_base[64], id[80];
	char *scratch;
	struct image *image;
	unsigned cpu, service_cpu;
	bool paths[DRIVER_PATHS_MAX];
	unsigned ids;
	struct spec spec;
};

static int fixture_cpus(struct fixture *fixture)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return -errno;
	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &set))
			continue;
		fixture->service_cpu = fixture->cpu;
		fixture->cpu = cpu;
	}
	return 0;
}

/* The spec of the next instance: an id of its own, as the core gives one. */
static const struct spec *fixture_spec(struct fixture *fixture,
				       const struct platform *platform)
{
	(void)snprintf(fixture->id, sizeof(fixture->id), "%s-%u", fixture->owner,
		       fixture->ids++);
	fixture->spec = (struct spec){.id = fixture->id,
				      .platform = platform,
				      .image = fixture->image,
				      .cpus = &fixture->cpu,
				      .cpu_nr = 1,
				      .service_cpu = fixture->service_cpu,
				      .memory_bytes = MEMORY_BYTES,
				      .scratch = fixture->scratch,
				      .disk_bytes = DISK_BYTES,
				      .paths = fixture->paths,
				      .emulation_allowed = true,
				      .run_dir = fixture->run_dir};
	return &fixture->spec;
}

static int fixture_open(struct fixture *fixture, struct err *err)
{
	const char *where = getenv("TMPDIR"); /* in memory is no place for a disk */
	int rc = owner_self(fixture->owner, err);

	memset(fixture->paths, true, sizeof(fixture->paths));
	(void)snprintf(fixture->scratch_base, sizeof(fixture->scratch_base),
		       "%.32s/tare-test-XXXXXX", where ? where : "/var/tmp");
	if (!rc && !mkdtemp(fixture->scratch_base))
		rc = err_fail(err, errno, "cannot make '%s'", fixture->scratch_base);
	/* a container's own root, somebody else on the host, has to pass through */
	if (!rc)
		(void)chmod(fixture->scratch_base, 0711);
	if (!rc)
		rc = image_open("build/image", &fixture->image, err);
	if (!rc)
		rc = fixture_cpus(fixture);
	if (!rc)
		rc = reap_make_run_dir(fixture->owner, fixture->run_dir,
				       sizeof(fixture->run_dir), err);
	return rc ? rc
		  : scratch_make(fixture->scratch_base, fixture->owner, fixture->run_dir,
				 DISK_BYTES, NULL, &fixture->scratch, err);
}

static void fixture_close(struct fixture *fixture)
{
	scratch_remove(fixture->scratch);
	free(fixture->scratch);
	(void)rmdir(fixture->scratch_base);
	if (fixture->run_dir[0])
		remove_tree(fixture->run_dir);
	image_close(fixture->image);
}

/* --- what carries an id --- */

static struct {
	const char *id;
	size_t nr;
	bool aloud;
} search;

static void found(const char *kind, const char *what)
{
	if (++search.nr <= 10 && search.aloud)
		printf("# %s of %s: %s\n", kind, search.id, what);
}

static int visit(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
	(void)info;
	(void)type;
	if (strstr(path + ftw->base, search.id))
		found("file", path);
	return 0;
}

static void search_text(const char *kind, const char *path)
{
	char text[65536];
	cleanup(file) FILE *file = fopen(path, "re");
	size_t got = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	text[got] = '\0';
	for (size_t i = 0; i < got; i++)
		if (!text[i])
			text[i] = ' ';
	if (strstr(text, search.id))
		found(kind, path);
}

/* A zombie holds nothing; its last group is shown all the same. */
static bool is_alive(const char *pid)
{
	char path[PATH_MAX], exe[8];

	(void)snprintf(path, sizeof(path), "/proc/%s/exe", pid);
	return isdigit((unsigned char)pid[0]) && readlink(path, exe, sizeof(exe)) > 0;
}

static void search_processes(void)
{
	cleanup(dir) DIR *proc = opendir("/proc");
	const struct dirent *entry;
	char path[PATH_MAX];

	while (proc && (entry = readdir(proc))) {
		if (!is_alive(entry->d_name) ||
		    (pid_t)strtol(entry->d_name, NULL, 10) == getpid())
			continue;
		(void)snprintf(path, sizeof(path), "/proc/%s/cmdline", entry->d_name);
		search_text("process", path);
		(void)snprintf(path, sizeof(path), "/proc/%s/environ", entry->d_name);
		search_text("process", path);
		(void)snprintf(path, sizeof(path), "/proc/%s/cgroup", entry->d_name);
		search_text("process", path);
	}
}

/* Groups, mounts, processes, files of libvirt, liblxc and ours that name this id. */
static size_t leftovers_now(const char *id, bool aloud)
{
	static const char *const trees[] = {"/sys/fs/cgroup", "/run/tare", "/run/libvirt",
					    "/var/cache/tare", "/var/lib/lxc"};

	search.id = id;
	search.nr = 0;
	search.aloud = aloud;
	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++)
		(void)nftw(trees[i], visit, 16, FTW_PHYS);
	search_text("mount", "/proc/self/mountinfo");
	search_processes();
	return search.nr;
}

/* What was killed takes a moment to be gone. */
static size_t leftovers(const char *id)
{
	uint64_t until_ns = clock_now_ns() + 5 * NS_PER_S;

	while (leftovers_now(id, false)) {
		if (clock_now_ns() > until_ns)
			return leftovers_now(id, true);
		(void)usleep(100000);
	}
	return 0;
}

#endif
