/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/plan/plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/schedule/fio.h"
#include "bench/plan/plan_making.h"
#include "bench/host/topology.h"

#define MIB (1024ull * 1024)
#define MEMORY_LEAST_BYTES (512 * MIB)
/* What an instance needs besides a cell: its kernel, the tree in memory, agent, fio. */
#define MEMORY_BASE_BYTES (256 * MIB)
#define MEMORY_GRAIN_BYTES (64 * MIB)
/* What a size is taken for: three arrays that threads share, or one array a thread. */
#define ARRAYS_SHARED 3u

const char *arm_role_name(enum arm_role role)
{
	static const char *const names[] = {
		[ROLE_BASELINE] = "baseline",
		[ROLE_PLATFORM] = "platform",
		[ROLE_AA] = "aa",
		[ROLE_INJECTED] = "injected",
	};

	return names[role];
}

void plan_release(struct plan *plan)
{
	for (size_t i = 0; i < plan->note_nr; i++)
		free(plan->notes[i]);
	free(plan->notes);
	free(plan->platforms);
	free(plan->arms);
	free(plan->cells);
	*plan = (struct plan){0};
}

__attribute__((format(printf, 3, 4))) static int
add_note(struct plan *plan, struct err *err, const char *format, ...)
{
	char **note = plan_grow(&plan->notes, &plan->note_nr, sizeof(*plan->notes));
	va_list args;
	int length;

	if (!note)
		return plan_no_memory(err);
	va_start(args, format);
	length = vasprintf(note, format, args);
	va_end(args);
	if (length < 0)
		plan->note_nr--;
	return length < 0 ? plan_no_memory(err) : 0;
}

/* --- arms --- */

/* The work that an arm does beyond what it says; a slice of fio does what fio does, and
 * an empty round trip has nothing to do more of. */
static double injected_into(const struct making *making, const struct cell *cell,
			    enum arm_role role, size_t platform)
{
	if (role == ROLE_INJECTED)
		return making->suite->injected;
	if (role != ROLE_PLATFORM || !cell->workload->native ||
	    cell->workload->family == FAMILY_CONTROL)
		return 0;
	return making->plan->platforms[platform].platform->handicap;
}

static int add_arm(struct making *making, struct cell *cell, enum arm_role role,
		   size_t platform, size_t path, struct err *err)
{
	struct plan *plan = making->plan;
	struct arm *arm = plan_grow(&plan->arms, &plan->arm_nr, sizeof(*plan->arms));

	if (!arm)
		return plan_no_memory(err);
	*arm = (struct arm){
		.index = (uint32_t)plan->arm_nr - 1,
		.cell = cell->index,
		.role = role,
		.platform = (uint32_t)platform,
		.path = (uint32_t)path,
		.injected = injected_into(making, cell, role, platform),
	};
	cell->arm_nr++;
	return 0;
}

/* A disk cell has an arm per selected path, any other cell one per platform. */
static int add_platform_arms(struct making *making, struct cell *cell, size_t i,
			     struct err *err)
{
	const struct plan_platform *platform = &making->plan->platforms[i];
	const struct selected *selected = plan_selection(making, i);
	int rc = 0;

	if (!cell->workload->fio)
		return platform->baseline || !selected->used
			       ? 0
			       : add_arm(making, cell, ROLE_PLATFORM, i, 0, err);
	for (size_t path = 0; !rc && path < DRIVER_PATHS_MAX; path++)
		if (selected->paths[path] && !(platform->baseline && !path))
			rc = add_arm(making, cell, ROLE_PLATFORM, i, path, err);
	return rc;
}

static bool is_injected(const struct suite *suite, const struct workload *workload)
{
	if (suite->injected <= 0 || !workload->native ||
	    workload->family == FAMILY_CONTROL)
		return false;
	for (size_t i = 0; i < suite->injected_nr; i++)
		if (!strcmp(suite->injected_in[i], workload->name))
			return true;
	return !suite->injected_in;
}

static int add_arms(struct making *making, struct cell *cell, struct err *err)
{
	const struct suite *suite = making->suite;
	size_t baseline = making->baseline;
	int rc = add_arm(making, cell, ROLE_BASELINE, baseline, 0, err);

	for (size_t i = 0; !rc && i < making->plan->platform_nr; i++)
		rc = add_platform_arms(making, cell, i, err);
	if (!rc && suite->aa)
		rc = add_arm(making, cell, ROLE_AA, baseline, 0, err);
	if (!rc && is_injected(suite, cell->workload))
		rc = add_arm(making, cell, ROLE_INJECTED, baseline, 0, err);
	return rc;
}

/* --- cells --- */

static void set_label(struct cell *cell)
{
	char threads[16] = "";

	if (cell->threads > 1)
		(void)snprintf(threads, sizeof(threads), " ×%" PRIu32, cell->threads);
	(void)snprintf(cell->label, sizeof(cell->label), "%.30s%s%s%s",
		       cell->workload->name, cell->size_name[0] ? " " : "",
		       cell->size_name, threads);
}

static int check_label(const struct making *making, const struct cell *cell, int line,
		       struct err *err)
{
	for (uint32_t i = 0; i < cell->index; i++)
		if (!strcmp(making->plan->cells[i].label, cell->label))
			return err_fail(err, EINVAL, "%s:%d: '%s' is in the suite twice",
					making->suite->file, line, cell->label);
	return 0;
}

static int add_cell(struct making *making, const struct suite_workload *entry,
		    const char *size_name, uint64_t size_bytes, struct err *err)
{
	struct plan *plan = making->plan;
	struct cell *cell = plan_grow(&plan->cells, &plan->cell_nr, sizeof(*plan->cells));
	int rc;

	if (!cell)
		return plan_no_memory(err);
	*cell = (struct cell){
		.index = (uint32_t)plan->cell_nr - 1,
		.workload = entry->workload,
		.family = making->suite->family,
		.size_bytes = size_bytes,
		.threads = entry->threads,
		.slice_ms = entry->workload->fio ? making->suite->disk_slice_ms : 0,
		.precision = entry->precision > 0 ? entry->precision
						  : making->suite->precision,
		.first_arm = (uint32_t)plan->arm_nr,
	};
	(void)snprintf(cell->size_name, sizeof(cell->size_name), "%s", size_name);
	set_label(cell);
	rc = check_label(making, cell, entry->line, err);
	return rc ? rc : add_arms(making, cell, err);
}

static int add_sized(struct making *making, const struct suite_workload *entry,
		     const char *size, struct err *err)
{
	struct err why = {0};
	uint64_t bytes;
	int rc = topology_size(making->topology, size, &bytes, &why);

	if (rc == -ENOENT)
		return add_note(making->plan, err, "%s %s is left out: %s",
				entry->workload->name, size, why.text);
	if (rc)
		return err_fail(err, why.code, "%s:%d: %s: %s", making->suite->file,
				entry->line, entry->workload->name, why.text);
	return add_cell(making, entry, size, bytes, err);
}

static int add_cells(struct making *making, const struct suite_workload *entry,
		     struct err *err)
{
	int rc = 0;

	if (!entry->workload->sized)
		return add_cell(making, entry, "", 0, err);
	if (!entry->size_nr)
		return add_sized(making, entry, entry->workload->default_size, err);
	for (size_t i = 0; !rc && i < entry->size_nr; i++)
		rc = add_sized(making, entry, entry->sizes[i], err);
	return rc;
}

static int add_workload(struct making *making, const struct suite_workload *entry,
			struct err *err)
{
	cleanup(free) struct selected *own = NULL;
	int rc;

	if (!entry->on)
		return add_cells(making, entry, err);
	own = calloc(making->set->nr + 1, sizeof(*own));
	if (!own)
		return plan_no_memory(err);
	rc = plan_select_own(making, entry, own, err);
	if (rc)
		return rc;
	making->own = own;
	rc = add_cells(making, entry, err);
	making->own = NULL;
	return rc;
}

/* A path is used when a disk cell has an arm on it. */
static void mark_paths(struct plan *plan)
{
	for (size_t i = 0; i < plan->arm_nr; i++) {
		const struct arm *arm = &plan->arms[i];

		if (plan->cells[arm->cell].workload->fio)
			plan->platforms[arm->platform].used_paths[arm->path] = true;
	}
}

/* --- needs --- */

static uint64_t cell_memory(const struct cell *cell, uint64_t disk_bytes)
{
	uint32_t arrays = cell->threads > ARRAYS_SHARED ? cell->threads : ARRAYS_SHARED;
	uint64_t bytes = arrays * cell->size_bytes;

	/* a cached file has to fit into the page cache of whoever caches it */
	if (cell->workload->fio && !cell->workload->fio->direct)
		bytes = fio_data_bytes(cell, disk_bytes);
	return bytes + bytes / 4;
}

static void add_needs(const struct suite *suite, struct plan *plan)
{
	uint64_t most = 0;

	for (size_t i = 0; i < plan->cell_nr; i++) {
		uint64_t bytes = cell_memory(&plan->cells[i], suite->disk_bytes);

		if (bytes > most)
			most = bytes;
		if (plan->cells[i].workload->fio || plan->cells[i].workload->disk_folder)
			plan->disk_bytes = suite->disk_bytes;
	}
	most += MEMORY_BASE_BYTES;
	if (most < MEMORY_LEAST_BYTES)
		most = MEMORY_LEAST_BYTES;
	plan->memory_bytes =
		(most + MEMORY_GRAIN_BYTES - 1) / MEMORY_GRAIN_BYTES * MEMORY_GRAIN_BYTES;
}

/* --- all of it --- */

static int make(struct making *making, struct err *err)
{
	const struct suite *suite = making->suite;
	struct plan *plan = making->plan;
	int rc = 0;

	for (size_t i = 0; !rc && i < suite->workload_nr; i++)
		rc = add_workload(making, &suite->workloads[i], err);
	if (rc)
		return rc;
	if (!plan->cell_nr)
		return err_fail(err, EINVAL, "%s: nothing is left to measure here: %s",
				suite->file,
				plan->note_nr ? plan->notes[0] : "no workload");
	mark_paths(plan);
	add_needs(suite, plan);
	return 0;
}

CLEANUP_DEFINE(plan, struct plan *, plan_release)

int plan_make(const struct suite *suite, const struct platform_set *set, const char *on,
	      const struct topology *topology, struct plan *ret, struct err *err)
{
	struct plan plan = {.seed = suite->seed, .budget_ns = suite->budget_ns};
	cleanup(plan) struct plan *guard = &plan;
	cleanup(free) struct selected *selected = calloc(set->nr + 1, sizeof(*selected));
	struct making making = {.suite = suite,
				.topology = topology,
				.plan = &plan,
				.set = set,
				.selected = selected};
	int rc;

	if (!selected)
		return plan_no_memory(err);
	rc = plan_select_platforms(&making, on, selected, err);
	if (!rc)
		rc = make(&making, err);
	if (rc)
		return rc;
	*ret = plan;
	guard = NULL;
	return 0;
}
