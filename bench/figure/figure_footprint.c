/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of an idle instance: a stack of what the host's counters rose by. */
#include <math.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/figure/figure.h"
#include "bench/study/footprint.h"
#include "bench/base/json.h"

struct out {
	FILE *to;
	size_t nr;
};

struct amount {
	double mean, low, high; /* MiB */
};

static double mib(const json_t *entry, const char *key)
{
	const json_t *value = json_object_get(entry, key);

	return json_is_number(value) ? json_number_value(value) / 1048576 : NAN;
}

static struct amount amount_of(const json_t *numbers, enum footprint_field field)
{
	const json_t *entry = json_object_get(numbers, footprint_name(field));

	return (struct amount){mib(entry, "mean"), mib(entry, "low"), mib(entry, "high")};
}

/* What is less than nothing is the noise of the host, and has no length. */
static double part(const json_t *numbers, enum footprint_field field)
{
	return fmax(0, amount_of(numbers, field).mean);
}

static void put_amount(FILE *to, const struct amount *amount)
{
	fprintf(to, " %.5f %.5f %.5f", amount->mean,
		isfinite(amount->low) ? amount->low : amount->mean,
		isfinite(amount->high) ? amount->high : amount->mean);
}

static void add_row(sqlite3_stmt *row, void *data)
{
	struct out *out = data;
	cleanup(json) json_t *numbers =
		json_loads((const char *)sqlite3_column_text(row, 2), 0, NULL);
	struct amount pss = amount_of(numbers, FOOTPRINT_PSS);
	struct amount used = amount_of(numbers, FOOTPRINT_USED);
	double shmem = part(numbers, FOOTPRINT_SHMEM);
	char name[96];

	if (!isfinite(pss.mean) || !isfinite(used.mean))
		return;
	(void)snprintf(name, sizeof(name), "%.60s%s",
		       (const char *)sqlite3_column_text(row, 0),
		       sqlite3_column_int(row, 1) ? ", emulated" : "");
	figure_text(out->to, name);
	fprintf(out->to, " %zu", out->nr++);
	put_amount(out->to, &pss);
	put_amount(out->to, &used);
	fprintf(out->to, " %.5f %.5f %.5f", part(numbers, FOOTPRINT_ANON),
		fmax(0, amount_of(numbers, FOOTPRINT_CACHE).mean - shmem), shmem);
	fprintf(out->to, " %.5f %.5f %.5f\n", part(numbers, FOOTPRINT_SLAB),
		part(numbers, FOOTPRINT_PAGE_TABLES),
		part(numbers, FOOTPRINT_STACKS) + part(numbers, FOOTPRINT_PERCPU));
}

int figure_footprint(const struct report *report, struct err *err)
{
	struct out out = {.nr = 0};
	char bars[24];
	const char *const words[] = {bars, NULL};
	int rc = figure_data(report, "footprint", &out.to, err);

	if (!rc)
		rc = report_each(report,
				 "SELECT platform, emulated, numbers FROM experiment "
				 "WHERE run = ?1 AND chapter = 'footprint' ORDER BY id",
				 add_row, &out, err);
	if (rc || !out.nr) {
		if (out.to)
			(void)fclose(out.to);
		return rc;
	}
	(void)snprintf(bars, sizeof(bars), "%zu", out.nr);
	return figure_draw(report, "footprint", "footprint", out.to, words, err);
}
