/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an empty memory cgroup costs: many are made in a group of ours and removed again.
 * Twice over: as the rise of the host's slab and per-CPU memory, in which others' work
 * is, and as what the kernel charges to the group above (since Linux 5.10 it charges a
 * new group's own structures there: set_active_memcg in mem_cgroup_css_alloc).
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/json.h"
#include "bench/cgroup/cgroup.h"
#include "bench/host/topology.h"
#include "bench/study/footprint_json.h"
#include "bench/study/footprint_study.h"

#define GROUPS_LEAST 50u
#define ROUNDS 5
/* More than one takes: statistics of each CPU, and what belongs to no CPU. */
#define CPU_BYTES (16ull << 10)
#define FIXED_BYTES (64ull << 10)
#define MEMORY_SHARE 16 /* of what is available: one part of so many */

struct cost {
	struct footprint_study *study;
	struct cgroup_hierarchies all; /* the memory controller's alone */
	char above[96];
	unsigned groups;
	uint64_t times_ns[2];
	double host[ROUNDS], control[ROUNDS], charged[ROUNDS];
	size_t nr;
};

static void cost_release(struct cost *cost)
{
	if (cost->all.nr && cost->above[0])
		(void)cgroup_remove(&cost->all, cost->above, &(struct err){0});
}
CLEANUP_DEFINE(cost, struct cost *, cost_release)

/* As many as fit. */
static int choose_number(struct cost *cost, struct err *err)
{
	unsigned asked = cost->study->settings->groups;
	uint64_t cpus = topology_cpu_nr(cost->study->session->topology);
	struct room_memory now;
	double most;
	int rc = room_memory_read("", &now, err);

	if (rc)
		return rc;
	most = now.available / MEMORY_SHARE / (double)(FIXED_BYTES + cpus * CPU_BYTES);
	cost->groups = most < asked ? (unsigned)most : asked;
	if (cost->groups >= GROUPS_LEAST)
		return 0;
	return err_fail(err, ENOMEM, "memory is short: no room for %u groups",
			GROUPS_LEAST);
}

static int open_cost(struct cost *cost, struct err *err)
{
	int rc = cgroup_hierarchies_of("memory", &cost->all, err);

	if (rc)
		return rc;
	cost->all.only = "memory";
	(void)snprintf(cost->above, sizeof(cost->above), "tare/%s-footprint",
		       cost->study->session->owner);
	return choose_number(cost, err);
}

static int make_groups(const struct cost *cost, struct err *err)
{
	char group[128];
	int rc = 0;

	for (unsigned i = 0; !rc && i < cost->groups; i++) {
		(void)snprintf(group, sizeof(group), "%s/%u", cost->above, i);
		rc = cgroup_create(&cost->all, group, err);
		if (!rc)
			rc = footprint_check_stop(cost->study, err);
	}
	return rc;
}

static int remove_groups(const struct cost *cost, struct err *err)
{
	char group[128];
	int rc = 0;

	for (unsigned i = 0; rc >= 0 && i < cost->groups; i++) {
		(void)snprintf(group, sizeof(group), "%s/%u", cost->above, i);
		rc = cgroup_remove(&cost->all, group, err);
	}
	return rc < 0 ? rc : 0;
}

/* Of the group above; 0 where it cannot be read. */
static double charged(const struct cost *cost)
{
	const struct cgroup_hierarchy *where = &cost->all.list[0];
	uint64_t bytes;

	if (cgroup_number(where, cost->above,
			  where->unified ? "memory.current" : "memory.usage_in_bytes",
			  NULL, &bytes))
		return 0;
	return (double)bytes;
}

static double difference(const struct cost *cost,
			 const struct footprint_reading readings[static 3])
{
	struct footprint_reading each;

	footprint_difference(&readings[0], &readings[1], &readings[2], cost->groups,
			     &each);
	return each.values[FOOTPRINT_SLAB] + each.values[FOOTPRINT_PERCPU];
}

static int measure_groups(struct cost *cost, struct err *err)
{
	struct footprint_reading readings[3];
	double before = charged(cost), with = 0;
	int rc = footprint_read_settled(cost->study, &readings[0], err);

	if (!rc)
		rc = make_groups(cost, err);
	if (!rc)
		rc = footprint_read_settled(cost->study, &readings[1], err);
	with = charged(cost);
	if (!rc)
		rc = remove_groups(cost, err);
	if (!rc)
		rc = footprint_read_settled(cost->study, &readings[2], err);
	if (rc)
		return rc;
	cost->host[cost->nr] = difference(cost, readings);
	cost->charged[cost->nr] = (with - before) / cost->groups;
	for (int i = 0; i < 2; i++)
		cost->times_ns[i] = readings[i + 1].at_ns - readings[i].at_ns;
	return 0;
}

static int measure_control(struct cost *cost, struct err *err)
{
	struct footprint_reading readings[3];
	int rc = footprint_read_control(cost->study, cost->times_ns, 2, readings, err);

	if (!rc)
		cost->control[cost->nr] = difference(cost, readings);
	return rc;
}

/* The group above is there throughout: it is what new ones are charged to. */
static int measure(struct cost *cost, struct err *err)
{
	int rc = cgroup_create(&cost->all, cost->above, err);

	for (cost->nr = 0; !rc && cost->nr < ROUNDS; cost->nr += !rc) {
		progress_show(&cost->study->session->progress, (unsigned)cost->nr, ROUNDS,
			      "empty memory cgroups", "", 0);
		rc = measure_groups(cost, err);
		if (!rc)
			rc = measure_control(cost, err);
	}
	return rc;
}

static int store_cost(struct cost *cost, struct err *err)
{
	struct footprint_study *study = cost->study;
	struct stats_mean over = stats_mean(cost->host, cost->nr);
	struct stats_mean above = stats_mean(cost->charged, cost->nr);
	struct stats_mean control = stats_mean(cost->control, cost->nr);
	double floor = fmax(fabs(control.low), fabs(control.high));
	bool seen = fabs(over.mean) > floor;
	cleanup(json) json_t *root = json_object();
	cleanup(free) char *numbers = NULL;
	struct store_experiment row = {
		.name = "empty memory cgroup",
		.condition = cost->all.list[0].unified ? "cgroup v2" : "cgroup v1",
		.verdict = FINDING_INCONCLUSIVE, /* nothing was claimed */
		.procedure = "make empty groups in one of ours and remove them, in "
			     "turns with controls that only wait; rise of Slab and "
			     "Percpu, and of what the group above is charged, divided "
			     "by their number; Student's t interval over rounds"};
	char answer[240], text[96];
	int64_t id;

	json_object_set_new(root, "groups", json_integer(cost->groups));
	json_object_set_new(root, "host_bytes",
			    footprint_json_mean(&over, cost->nr, floor));
	json_object_set_new(root, "charged_bytes",
			    footprint_json_mean(&above, cost->nr, NAN));
	numbers = json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER);
	if (!numbers)
		return err_fail(err, ENOMEM, "no memory for a finding");
	(void)snprintf(text, sizeof(text),
		       seen ? "%.1f KiB [%.1f, %.1f] of slab and per-CPU memory"
			    : "slab and per-CPU memory below noise (floor ±%.1f KiB)",
		       (seen ? over.mean : floor) / 1024, over.low / 1024,
		       over.high / 1024);
	(void)snprintf(answer, sizeof(answer),
		       "an empty memory cgroup: %s; %.1f KiB [%.1f, %.1f] charged to the "
		       "group above (%u groups at once)",
		       text, above.mean / 1024, above.low / 1024, above.high / 1024,
		       cost->groups);
	row.answer = answer;
	row.numbers = numbers;
	study->group_bytes = seen ? over : above;
	return footprint_add_finding(study, &row, &id, err);
}

static int store_reason(struct footprint_study *study, struct err *err)
{
	struct store_experiment row = {.name = "empty memory cgroup",
				       .verdict = FINDING_UNAVAILABLE,
				       .procedure = "make empty groups and remove them"};
	char answer[sizeof(err->text)];
	int64_t id;

	memcpy(answer, err->text, sizeof(answer));
	row.answer = answer;
	err_clear(err);
	return footprint_add_finding(study, &row, &id, err);
}

int footprint_group(struct footprint_study *study, struct err *err)
{
	struct cost cost = {.study = study};
	cleanup(cost) struct cost *guard = &cost;
	int rc = open_cost(&cost, err);

	(void)guard;
	if (!rc)
		rc = measure(&cost, err);
	if (rc == -EINTR || (rc && *study->session->options->stop))
		return rc;
	return rc ? store_reason(study, err) : store_cost(&cost, err);
}
