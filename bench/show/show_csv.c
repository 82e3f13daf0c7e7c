/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ratios as CSV: one row an arm, nothing rounded, empty where it is not known. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "bench/base/output.h"
#include "bench/show/show.h"
#include "bench/results/verdict.h"

static const char columns[] =
	"run,label,workload,family,platform,path,role,emulated,injected,metric,unit,"
	"ratio,low,"
	"high,"
	"floor_log,half_width_log,wall_ratio,wall_low,wall_high,base_value,value,"
	"precision_log,met,blocks,epochs,blocks_left_out,samples,"
	"blocks_disturbed,cached_ratio,cached_low,cached_high,cached_value";

static void print_text(const char *text)
{
	output_csv_field(stdout, text);
	printf(",");
}

static void print_number(bool known, double value)
{
	if (known && isfinite(value))
		printf("%.17g", value);
	printf(",");
}

static void print_texts(const struct result *result)
{
	print_text(result->label);
	print_text(result->workload);
	print_text(result->family);
	print_text(result->platform);
	print_text(result->path);
	print_text(result->role);
	print_text(result->emulated ? "1" : "0");
	print_number(true, result->injected);
	print_text(result->metric);
	print_text(result->unit);
}

static void print_ratio(const struct result *result)
{
	const struct stats_ratio *stats = &result->stats, *wall = &result->wall;

	print_number(result->known, stats->ratio);
	print_number(result->known, stats->low);
	print_number(result->known, stats->high);
	print_number(true, result->floor);
	print_number(result->known, stats->half_width);
	print_number(result->wall_known, wall->ratio);
	print_number(result->wall_known, wall->low);
	print_number(result->wall_known, wall->high);
	print_number(true, result->base_value);
	print_number(true, result->value);
	print_number(true, result->precision);
}

static void print_counts(const struct result *result)
{
	printf("%d,%zu,%zu,%llu,%llu,", verdict_met(result), result->stats.blocks,
	       result->stats.epochs, (unsigned long long)result->left_out,
	       (unsigned long long)result->samples);
	printf("%llu,", (unsigned long long)result->disturbed);
	print_number(result->cached_known, result->cached.ratio);
	print_number(result->cached_known, result->cached.low);
	print_number(result->cached_known, result->cached.high);
	print_number(true, result->cached_value);
	for (int i = 0; i < OUTCOME_NR; i++)
		printf("%llu,", (unsigned long long)result->outcomes[i]);
}

/* A study without ratios has an arm nowhere. */
static bool has_findings(struct store *store, const struct results *results)
{
	cleanup(json) json_t *found = json_object();
	struct err ignored = {0};

	return !results->nr &&
	       !show_experiments_json(store, results->run, found, &ignored) &&
	       json_array_size(json_object_get(found, "experiments"));
}

int show_csv(struct store *store, const struct results *results, struct err *err)
{
	char verdict[VERDICT_MAX];

	if (has_findings(store, results))
		return show_experiments_csv(store, results->run, err);
	printf("%s", columns);
	for (int i = 0; i < OUTCOME_NR; i++)
		printf(",%s", outcome_name((enum outcome)i));
	printf(",verdict\n");
	for (size_t i = 0; i < results->nr; i++) {
		const struct result *result = &results->list[i];

		if (!strcmp(result->role, arm_role_name(ROLE_BASELINE)))
			continue;
		printf("%lld,", (long long)results->run);
		print_texts(result);
		print_ratio(result);
		print_counts(result);
		output_csv_field(stdout, verdict_text(result, verdict));
		printf("\n");
	}
	return ferror(stdout) ? err_fail(err, EIO, "cannot print the ratios") : 0;
}
