/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_SHOW_H
#define TARE_SHOW_H

/* The ways `tare show` prints a run. */
#include "bench/cmd/cmd.h"
#include "bench/base/json.h"
#include "bench/results/results.h"

int show_json(struct store *store, const struct results *results, struct err *err);
/* Ratios; of a run that has findings and no ratio, the findings. */
int show_csv(struct store *store, const struct results *results, struct err *err);
int show_text(struct store *store, const struct results *results, struct err *err);
int show_samples(struct store *store, int64_t run, enum format format, struct err *err);
/* Per input or output, on the host's side; nothing where the run has no disk cells. */
int show_cost(struct store *store, int64_t run, struct err *err);
int show_cost_json(struct store *store, int64_t run, json_t *into, struct err *err);
int show_runs(struct store *store, enum format format, struct err *err);

/* Parts of show_text and show_json. */
int show_run_line(struct store *store, int64_t run, struct err *err);
int show_run_json(struct store *store, int64_t run, json_t *into, struct err *err);
/* What the truth checks found and left in the figures. */
int show_truth(struct store *store, int64_t run, struct err *err);
/* How long instances took to start. In JSON "starts". */
int show_starts(struct store *store, int64_t run, struct err *err);
int show_starts_json(struct store *store, int64_t run, json_t *into, struct err *err);
/* What could not run and what counts for nothing; in JSON "platforms", all of them. */
int show_excluded(struct store *store, int64_t run, struct err *err);
int show_platforms_json(struct store *store, int64_t run, json_t *into, struct err *err);
/* Findings that are no ratio; nothing where there is none. In JSON "experiments". */
int show_experiments(struct store *store, int64_t run, struct err *err);
/* Their short curves in text: a line a point, a column a curve of the same finding. */
int show_curves(struct store *store, int64_t run, struct err *err);
/* Findings as CSV: a row a number and a row a point of a curve. */
int show_experiments_csv(struct store *store, int64_t run, struct err *err);
int show_experiments_json(struct store *store, int64_t run, json_t *into,
			  struct err *err);
/* A row's text, "" for NULL; lives as long as the row. */
const char *show_column(sqlite3_stmt *row, int column);
/* Calls `each` for every row of a query about a run. */
int show_each_row(struct store *store, const char *sql, int64_t run,
		  void (*each)(sqlite3_stmt *row, void *data), void *data,
		  struct err *err);
/* "  text", going on below with a deeper indent. */
void show_wrapped(const char *text);
/* A copy that fits, with '?' for control characters. */
void show_safe(const char *text, char *to, size_t size);

#endif
