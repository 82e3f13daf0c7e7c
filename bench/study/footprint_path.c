/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page cache that one file takes when several instances read it, path by path. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "bench/base/clock.h"
#include "bench/base/remove_tree.h"
#include "bench/host/scratch.h"
#include "bench/schedule/fio.h"
#include "bench/study/footprint_share.h"
#include "bench/study/footprint_tree.h"

#define READ_TIMEOUT_NS (120 * NS_PER_S)
#define DROP_TIMEOUT_NS (30 * NS_PER_S)
#define SHARERS 2 /* each further one is like the second */

struct readers {
	struct footprint_study *study;
	struct place at; /* with the disk and the paths that are to be had */
	struct runner list[SHARERS];
	unsigned nr;
	char *data; /* folder of the file, NULL */
};

static void readers_release(struct readers *readers)
{
	while (readers->nr)
		runner_release(&readers->list[--readers->nr]);
	if (readers->data)
		remove_tree(readers->data);
	free(readers->data);
}
CLEANUP_DEFINE(readers, struct readers *, readers_release)

static bool choose_paths(struct readers *readers)
{
	const struct driver *driver = readers->at.platform->driver;
	bool any = false;

	for (size_t i = 0; i < DRIVER_PATHS_MAX && driver->paths[i].name; i++) {
		readers->at.paths[i] = readers->at.probe.paths[i].state != UNAVAILABLE;
		any |= readers->at.paths[i];
	}
	readers->at.spec.paths = readers->at.paths;
	readers->at.spec.disk_bytes = readers->study->settings->file_bytes;
	return any;
}

static int start_readers(struct readers *readers, struct err *err)
{
	int rc = 0;

	while (!rc && readers->nr < SHARERS) {
		rc = footprint_check_stop(readers->study, err);
		if (!rc)
			rc = places_start(&readers->study->places, &readers->at,
					  &readers->list[readers->nr], err);
		readers->nr += !rc;
	}
	return rc;
}

static int drop_caches(struct readers *readers, struct err *err)
{
	int rc = 0;

	scratch_drop_cache(readers->data);
	for (unsigned i = 0; !rc && i < readers->nr; i++)
		if (readers->list[i].driver->own_kernel)
			rc = channel_drop_caches(&readers->list[i].channel,
						 DROP_TIMEOUT_NS, err);
	return rc;
}

static double host_cached(const struct readers *readers)
{
	struct footprint_tree tree = {0};

	footprint_tree_add(readers->data, &tree);
	return (double)tree.cached_bytes;
}

/* All of the file, through the instance's page cache. */
static int read_file(struct readers *readers, struct runner *runner, size_t path,
		     struct err *err)
{
	cleanup(free) char *output = NULL;
	struct fio_argv argv;
	struct proto_ran ran;
	size_t length;
	int rc = runner_prepare(runner, path, err);

	if (rc)
		return rc;
	fio_argv_warm(runner->driver->target(runner->instance, path),
		      readers->study->settings->file_bytes, &argv);
	rc = channel_run(&runner->channel, argv.argv, READ_TIMEOUT_NS, &ran, &output,
			 &length, err);
	if (!rc && (ran.status != PROTO_OK || ran.exit_code))
		rc = err_fail(err, EREMOTEIO, "%s: fio: %s", readers->at.platform->name,
			      ran.error);
	return rc;
}

static int measure(struct readers *readers, size_t path,
		   struct footprint_sharing *sharing, struct err *err)
{
	unsigned round = sharing->rounds;
	double base, inside = 0;
	int rc = drop_caches(readers, err);

	base = host_cached(readers);
	for (unsigned i = 0; !rc && i < readers->nr; i++) {
		struct runner *runner = &readers->list[i];
		double before = footprint_inside(runner);

		rc = read_file(readers, runner, path, err);
		inside += footprint_inside(runner) - before;
		sharing->host[round][i] = host_cached(readers) - base;
		sharing->inside[round][i] = inside;
		if (!rc)
			rc = footprint_check_stop(readers->study, err);
	}
	sharing->rounds += !rc;
	return rc;
}

static int measure_path(struct readers *readers, size_t place, size_t path,
			struct err *err)
{
	struct footprint_study *study = readers->study;
	const char *name = readers->at.platform->driver->paths[path].name;
	struct footprint_sharing sharing = {.sharers = readers->nr};
	char condition[64];
	int rc = 0;

	(void)snprintf(condition, sizeof(condition), "%llu MiB file by %s",
		       (unsigned long long)(study->settings->file_bytes >> 20), name);
	while (!rc && sharing.rounds < study->settings->share_rounds) {
		progress_show(&study->session->progress, sharing.rounds,
			      study->settings->share_rounds, readers->at.platform->name,
			      name, 0);
		rc = measure(readers, path, &sharing, err);
	}
	rc = footprint_give_up(study, place, rc, err);
	return rc ? rc : footprint_share_store(study, place, condition, &sharing, err);
}

int footprint_share_paths(struct footprint_study *study, size_t place, struct err *err)
{
	struct readers readers = {.study = study, .at = study->places.list[place]};
	cleanup(readers) struct readers *guard = &readers;
	int rc;

	(void)guard;
	if (!choose_paths(&readers))
		return 0;
	rc = scratch_add(study->session->scratch, "read", study->settings->file_bytes,
			 study->session->options->stop, &readers.data, err);
	readers.at.spec.scratch = readers.data;
	if (!rc)
		rc = start_readers(&readers, err);
	rc = footprint_give_up(study, place, rc, err);
	for (size_t i = 0; !rc && i < DRIVER_PATHS_MAX && !study->state[place].failed[0];
	     i++)
		if (readers.at.paths[i])
			rc = measure_path(&readers, place, i, err);
	return rc;
}
