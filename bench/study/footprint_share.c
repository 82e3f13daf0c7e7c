/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Page cache of the same files in 1..N instances.  What the host holds of them is counted
 * page by page (mincore), so others' work is not in it; what a guest holds of them in its
 * own memory is what its kernel says, bounded by the memory it was given.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/clock.h"
#include "bench/study/footprint_share.h"
#include "bench/study/footprint_json.h"
#include "bench/study/footprint_tree.h"
#include "bench/study/start.h"

#define FACTS_TIMEOUT_NS (20 * NS_PER_S)
#define MIB 1048576.0

static double bytes_at(const struct footprint_sharing *sharing, unsigned round,
		       unsigned sharer)
{
	return sharing->host[round][sharer] + sharing->inside[round][sharer];
}

void footprint_share_sum(const struct footprint_sharing *sharing,
			 struct footprint_shared *ret)
{
	double first[FOOTPRINT_STEPS_MAX], further[FOOTPRINT_STEPS_MAX],
		share[FOOTPRINT_STEPS_MAX];
	unsigned last = sharing->sharers - 1;
	size_t shares = 0;

	for (unsigned i = 0; i < sharing->rounds; i++) {
		first[i] = bytes_at(sharing, i, 0);
		further[i] = (bytes_at(sharing, i, last) - first[i]) / last;
		if (first[i] > 0)
			share[shares++] = 1 - further[i] / first[i];
	}
	ret->first = stats_mean(first, sharing->rounds);
	ret->further = stats_mean(further, sharing->rounds);
	ret->share = stats_mean(share, shares);
}

/* A fact of a guest's agent, bytes; NAN: it is not there, or more than its memory. */
static double fact_bytes(const char *facts, const char *key, uint64_t memory_bytes)
{
	const char *at = strstr(facts, key);
	uint64_t kib;

	if (!at || sscanf(at + strlen(key), "%" SCNu64 " kB", &kib) != 1 ||
	    kib > memory_bytes >> 10)
		return NAN;
	return (double)kib * 1024;
}

double footprint_inside(struct runner *runner)
{
	uint64_t memory_bytes = runner->spec.memory_bytes;
	cleanup(free) char *facts = NULL;
	struct err ignored = {0};

	if (!runner->driver->own_kernel)
		return 0;
	if (channel_facts(&runner->channel, FACTS_TIMEOUT_NS, &facts, &ignored))
		return NAN;
	/* pages of a block device itself are in no file: they count as buffers */
	return fact_bytes(facts, "memory_cached=", memory_bytes) +
	       fact_bytes(facts, "memory_buffers=", memory_bytes);
}

static int add_curve(struct footprint_study *study, int64_t experiment, const char *name,
		     const double (*bytes)[FOOTPRINT_SHARERS_MAX],
		     const struct footprint_sharing *sharing, struct err *err)
{
	struct store_point points[FOOTPRINT_SHARERS_MAX];

	for (unsigned i = 0; i < sharing->sharers; i++) {
		double values[FOOTPRINT_STEPS_MAX];
		struct stats_mean over;

		for (unsigned j = 0; j < sharing->rounds; j++)
			values[j] = bytes[j][i];
		over = stats_mean(values, sharing->rounds);
		points[i] = (struct store_point){i + 1, over.mean, over.low, over.high};
	}
	return store_series_add(study->session->store, experiment, name, points,
				sharing->sharers, err);
}

static char *numbers(const struct footprint_sharing *sharing,
		     const struct footprint_shared *sum)
{
	cleanup(json) json_t *root = json_object();

	json_object_set_new(root, "first_bytes",
			    footprint_json_mean(&sum->first, sharing->rounds, NAN));
	json_object_set_new(root, "further_bytes",
			    footprint_json_mean(&sum->further, sharing->rounds, NAN));
	json_object_set_new(root, "shared_fraction",
			    footprint_json_mean(&sum->share, sharing->rounds, NAN));
	json_object_set_new(root, "instances", json_integer(sharing->sharers));
	return json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER);
}

static bool is_known(const struct footprint_sharing *sharing)
{
	for (unsigned i = 0; i < sharing->rounds; i++)
		for (unsigned j = 0; j < sharing->sharers; j++)
			if (!isfinite(bytes_at(sharing, i, j)))
				return false;
	return sharing->rounds > 0;
}

static int store_unknown(struct footprint_study *study, struct store_experiment *row,
			 const char *why, struct err *err)
{
	int64_t id;

	row->verdict = FINDING_UNAVAILABLE;
	row->answer = why;
	return footprint_add_finding(study, row, &id, err);
}

/* Of one round there is no interval. */
static void say_shared(const struct footprint_shared *sum, char *to, size_t size)
{
	char interval[48] = "", share[48] = "";

	if (isfinite(sum->further.low))
		(void)snprintf(interval, sizeof(interval), " [%.1f, %.1f]",
			       sum->further.low / MIB, sum->further.high / MIB);
	if (isfinite(sum->share.mean))
		(void)snprintf(share, sizeof(share), ": %.0f %% is shared",
			       fabs(100 * sum->share.mean));
	(void)snprintf(to, size,
		       "the first instance takes %.1f MiB of page cache, each further "
		       "one %.1f%s%s",
		       sum->first.mean / MIB, sum->further.mean / MIB, interval, share);
}

int footprint_share_store(struct footprint_study *study, size_t place,
			  const char *condition, const struct footprint_sharing *sharing,
			  struct err *err)
{
	const struct place *at = &study->places.list[place];
	const char *why = study->state[place].failed;
	struct footprint_shared sum;
	cleanup(free) char *json = NULL;
	char answer[240];
	struct store_experiment row = {
		.name = "sharing",
		.platform = at->platform->name,
		.condition = condition,
		.emulated = at->probe.state == EMULATED,
		.verdict = FINDING_INCONCLUSIVE, /* nothing was claimed */
		.procedure =
			"drop the files from the host's cache; have one instance after "
			"the other use them; after each count the files' resident pages "
			"on the host (mincore), and in guests the rise of Cached and "
			"Buffers in /proc/meminfo; Student's t interval over rounds",
		.answer = answer};
	int64_t id = 0;
	int rc;

	if (!is_known(sharing))
		return store_unknown(study, &row,
				     why[0] ? why
					    : "the agent inside does not tell its page "
					      "cache; run 'make image'",
				     err);
	footprint_share_sum(sharing, &sum);
	json = numbers(sharing, &sum);
	if (!json)
		return err_fail(err, ENOMEM, "no memory for a finding");
	row.numbers = json;
	say_shared(&sum, answer, sizeof(answer));
	rc = footprint_add_finding(study, &row, &id, err);
	if (!rc)
		rc = add_curve(study, id, "host_cache_bytes", sharing->host, sharing,
			       err);
	return rc ? rc
		  : add_curve(study, id, "inside_bytes", sharing->inside, sharing, err);
}

struct sharers {
	struct runner list[FOOTPRINT_SHARERS_MAX];
	unsigned nr;
};
static void sharers_release(struct sharers *sharers)
{
	while (sharers->nr)
		runner_release(&sharers->list[--sharers->nr]);
	free(sharers);
}
CLEANUP_DEFINE(sharers, struct sharers *, sharers_release)

static double image_cached(const struct image *image)
{
	struct footprint_tree tree = {0};

	footprint_tree_add(image->root, &tree);
	footprint_tree_add(image->initrd, &tree);
	footprint_tree_add(image->kernel, &tree);
	return (double)tree.cached_bytes;
}

/* A guest's kernel unpacks the tree into its memory, all of it; on the host's kernel an
 * instance reads what it uses: the agent hashes itself and fio before its first word. */
static int share_tree(struct footprint_study *study, const struct place *at,
		      struct footprint_sharing *sharing, struct err *err)
{
	cleanup(sharers) struct sharers *sharers = calloc(1, sizeof(*sharers));
	double base, inside = 0;
	unsigned round = sharing->rounds;

	if (!sharers)
		return err_fail(err, ENOMEM, "no memory for instances");
	start_drop_image(study->session->image);
	base = image_cached(study->session->image);
	for (unsigned i = 0; i < sharing->sharers; i++) {
		int rc = footprint_check_stop(study, err);

		if (!rc)
			rc = places_start(&study->places, at, &sharers->list[i], err);
		if (rc)
			return rc;
		sharers->nr++;
		inside += footprint_inside(&sharers->list[i]);
		sharing->host[round][i] = image_cached(study->session->image) - base;
		sharing->inside[round][i] = inside;
	}
	sharing->rounds++;
	return 0;
}

static int share_of(struct footprint_study *study, size_t place, struct err *err)
{
	const struct footprint_settings *settings = study->settings;
	struct footprint_sharing sharing = {.sharers = settings->sharers};
	int rc = footprint_check_room(study, settings->sharers, err);

	while (!rc && sharing.rounds < settings->share_rounds) {
		progress_show(
			&study->session->progress, sharing.rounds, settings->share_rounds,
			study->places.list[place].platform->name, "shared page cache", 0);
		rc = share_tree(study, &study->places.list[place], &sharing, err);
	}
	rc = footprint_give_up(study, place, rc, err);
	if (!rc)
		rc = footprint_share_store(study, place, "tree", &sharing, err);
	if (!rc && !study->state[place].failed[0])
		rc = footprint_share_paths(study, place, err);
	return rc;
}

int footprint_share(struct footprint_study *study, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < study->places.nr; i++)
		if (!study->state[i].failed[0])
			rc = share_of(study, i, err);
	return rc;
}
