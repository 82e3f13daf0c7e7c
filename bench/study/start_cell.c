/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/json.h"
#include "bench/study/start.h"

/* Not in the table of workloads: no suite can plan it and no agent runs it. */
static const struct workload start_workload = {
	.name = "start",
	.summary = "from the request to the agent's first word",
	.operation = "start of an instance",
	.family = FAMILY_START,
	.metric = METRIC_WALL_TIME,
};
static const struct workload end_workload = {
	.name = "end",
	.summary = "from the request to end to nothing left",
	.operation = "end of an instance",
	.family = FAMILY_START,
	.metric = METRIC_WALL_TIME,
};

static char *parameters(const struct start_study *study, const struct start_cell *cell,
			const struct workload *workload)
{
	cleanup(json) json_t *root = json_pack(
		"{s:s, s:s, s:i, s:s, s:I}", "workload", workload->name, "operation",
		workload->operation, "running", (int)cell->running, "image's page cache",
		cell->cold ? "dropped before each start" : "warm",
		"instance_memory_bytes", (json_int_t)study->settings->head.memory_bytes);

	return root ? json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
}

static int add_arms(struct start_study *study, const struct start_cell *cell, bool ends,
		    struct start_rows *rows, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < cell->arm_nr; i++) {
		const struct arm arm = {.role = i ? ROLE_PLATFORM : ROLE_BASELINE};
		const struct start_bound *bound = cell->bounds[i];

		if (!bound || !ends)
			rc = store_arm_add(study->session->store, rows->cell,
					   bound ? bound->row : cell->arms[i]->row, &arm,
					   &rows->arms[i], err);
	}
	return rc;
}

static int add_rows(struct start_study *study, const struct start_cell *cell,
		    const struct workload *workload, struct start_rows *rows,
		    struct err *err)
{
	cleanup(free) char *text = parameters(study, cell, workload);
	struct cell row = {.workload = workload, .precision = 0.05, .ops = 1};
	int rc;

	if (!text)
		return err_fail(err, ENOMEM, "no memory for a cell");
	(void)snprintf(row.label, sizeof(row.label), "%s%s%s, %u running", workload->name,
		       *cell->what ? " " : "", cell->what, cell->running);
	rc = store_cell_add(study->session->store, study->session->run, &row, text,
			    &rows->cell, err);
	return rc ? rc : add_arms(study, cell, workload == &end_workload, rows, err);
}

int start_cell_add(struct start_study *study, struct start_cell *cell, struct err *err)
{
	int rc = store_begin(study->session->store, err);

	if (rc)
		return rc;
	rc = add_rows(study, cell, &start_workload, &cell->starts, err);
	if (!rc)
		rc = add_rows(study, cell, &end_workload, &cell->ends, err);
	return store_end(study->session->store, rc, err);
}
