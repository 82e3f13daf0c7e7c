/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/store/store_experiment.h"

#include "bench/store/store_private.h"

const char *finding_name(enum finding finding)
{
	static const char *const names[] = {
		[FINDING_HOLDS] = "holds",
		[FINDING_FAILS] = "does not hold",
		[FINDING_INCONCLUSIVE] = "inconclusive",
		[FINDING_UNAVAILABLE] = "unavailable",
	};

	return names[finding];
}

int store_experiment_add(struct store *store, int64_t run,
			 const struct store_experiment *experiment, int64_t *ret,
			 struct err *err)
{
	cleanup(statement) sqlite3_stmt *add = NULL;
	const char *const texts[] = {experiment->chapter, experiment->name,
				     experiment->platform, experiment->condition};
	int rc = store_prepare(
		store,
		"INSERT INTO experiment (run, chapter, name, platform, condition, "
		"emulated, verdict, answer, procedure, numbers, begin_ns, end_ns) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
		&add, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(add, 1, run);
	for (int i = 0; i < 4; i++)
		store_bind_text(add, 2 + i, texts[i] ? texts[i] : "");
	(void)sqlite3_bind_int(add, 6, experiment->emulated);
	store_bind_text(add, 7, finding_name(experiment->verdict));
	store_bind_text(add, 8, experiment->answer);
	store_bind_text(add, 9, experiment->procedure);
	store_bind_text(add, 10, experiment->numbers ? experiment->numbers : "{}");
	store_bind_count(add, 11, experiment->begin_ns);
	store_bind_count(add, 12, experiment->end_ns);
	return store_step(store, add, ret, err);
}

static int add_points(struct store *store, sqlite3_stmt *add,
		      const struct store_point *points, size_t nr, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < nr; i++) {
		(void)sqlite3_reset(add);
		(void)sqlite3_bind_int64(add, 3, (sqlite3_int64)i);
		store_bind_number(add, 4, points[i].x);
		store_bind_number(add, 5, points[i].y);
		store_bind_number(add, 6, points[i].low);
		store_bind_number(add, 7, points[i].high);
		rc = store_step(store, add, NULL, err);
	}
	return rc;
}

int store_series_add(struct store *store, int64_t experiment, const char *name,
		     const struct store_point *points, size_t nr, struct err *err)
{
	cleanup(statement) sqlite3_stmt *add = NULL;
	int rc = store_prepare(store,
			       "INSERT INTO series (experiment, name, position, x, y, "
			       "low, high) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
			       &add, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(add, 1, experiment);
	store_bind_text(add, 2, name);
	return add_points(store, add, points, nr, err);
}
