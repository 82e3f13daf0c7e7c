/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of an instance: a stack of its processes' shares and of what the kernel keeps
 * for it, where that stands out from the noise. */
#include <math.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/base/json.h"
#include "bench/figure/figure.h"
#include "bench/study/footprint.h"

static const char sql[] =
	"SELECT platform || iif(emulated, ', emulated', ''), name = 'working', "
	"numbers FROM experiment WHERE run = ?1 AND chapter = 'footprint' AND name IN "
	"('idle', 'working') AND json_valid(numbers) ORDER BY id";

static const enum footprint_field kernel_parts[] = {
	FOOTPRINT_PAGE_TABLES, FOOTPRINT_STACKS, FOOTPRINT_SLAB, FOOTPRINT_PERCPU};
#define KERNEL_PARTS (sizeof(kernel_parts) / sizeof(kernel_parts[0]))

struct out {
	FILE *to;
	size_t nr;
	struct figure_names roles;
};

struct amount {
	double mean, low, high, floor; /* MiB */
};

static double mib(const json_t *entry, const char *key)
{
	const json_t *value = json_object_get(entry, key);

	return json_is_number(value) ? json_number_value(value) / 1048576 : NAN;
}

static struct amount amount_of(const json_t *entry)
{
	return (struct amount){mib(entry, "mean"), mib(entry, "low"), mib(entry, "high"),
			       mib(entry, "floor")};
}

/* What is below the noise, or less than nothing, has no length. */
static double part(const json_t *entry)
{
	struct amount amount = amount_of(entry);
	bool seen = amount.mean > 0 && !(amount.low <= 0) &&
		    !(amount.mean <= amount.floor); /* NAN: there is no such bound */

	return seen ? amount.mean : 0;
}

static void put_amount(FILE *to, const struct amount *amount)
{
	fprintf(to, " %.5f %.5f %.5f", amount->mean,
		isfinite(amount->low) ? amount->low : amount->mean,
		isfinite(amount->high) ? amount->high : amount->mean);
}

static json_t *numbers_of(sqlite3_stmt *row)
{
	return json_loads((const char *)sqlite3_column_text(row, 2), 0, NULL);
}

static void note_roles(sqlite3_stmt *row, void *data)
{
	struct out *out = data;
	cleanup(json) json_t *numbers = numbers_of(row);
	const char *name;
	json_t *entry;

	json_object_foreach (json_object_get(numbers, "processes"), name, entry)
		(void)figure_name(&out->roles, name);
}

static void put_parts(struct out *out, const json_t *numbers)
{
	const json_t *processes = json_object_get(numbers, "processes");

	for (size_t i = 0; i < out->roles.nr; i++) {
		const json_t *role = json_object_get(processes, out->roles.list[i]);

		fprintf(out->to, " %.5f", part(json_object_get(role, "pss_bytes")));
	}
	for (size_t i = 0; i < KERNEL_PARTS; i++)
		fprintf(out->to, " %.5f",
			part(json_object_get(numbers, footprint_name(kernel_parts[i]))));
	fprintf(out->to, " %.5f\n", part(json_object_get(numbers, "memcg_bytes")));
}

static void add_row(sqlite3_stmt *row, void *data)
{
	struct out *out = data;
	cleanup(json) json_t *numbers = numbers_of(row);
	struct amount pss =
		amount_of(json_object_get(numbers, footprint_name(FOOTPRINT_PSS)));
	struct amount used =
		amount_of(json_object_get(numbers, footprint_name(FOOTPRINT_USED)));
	char name[96];

	if (!isfinite(pss.mean) || !isfinite(used.mean))
		return;
	(void)snprintf(name, sizeof(name), "%.60s%s",
		       (const char *)sqlite3_column_text(row, 0),
		       sqlite3_column_int(row, 1) ? ", at work" : "");
	figure_text(out->to, name);
	fprintf(out->to, " %zu", out->nr++);
	put_amount(out->to, &pss);
	put_amount(out->to, &used);
	put_parts(out, numbers);
}

/* The parts' names stand above their columns. */
static void put_head(struct out *out)
{
	fputs("name row pss low high used low high", out->to);
	for (size_t i = 0; i < out->roles.nr; i++) {
		fputc(' ', out->to);
		figure_text(out->to, out->roles.list[i]);
	}
	for (size_t i = 0; i < KERNEL_PARTS; i++) {
		fputc(' ', out->to);
		figure_text(out->to, footprint_title(kernel_parts[i]));
	}
	fputs(" \"memory cgroups\"\n", out->to);
}

int figure_footprint(const struct report *report, struct err *err)
{
	struct out out = {.nr = 0};
	char bars[24], parts[24];
	const char *const words[] = {bars, parts, NULL};
	int rc = figure_data(report, "footprint", &out.to, err);

	if (!rc)
		rc = report_each(report, sql, note_roles, &out, err);
	if (!rc) {
		put_head(&out);
		rc = report_each(report, sql, add_row, &out, err);
	}
	if (rc || !out.nr) {
		if (out.to)
			(void)fclose(out.to);
		return rc;
	}
	(void)snprintf(bars, sizeof(bars), "%zu", out.nr);
	(void)snprintf(parts, sizeof(parts), "%zu", out.roles.nr + KERNEL_PARTS + 1);
	return figure_draw(report, "footprint", "footprint", out.to, words, err);
}
