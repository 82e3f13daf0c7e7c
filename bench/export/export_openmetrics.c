/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenMetrics text 1.0, which Prometheus' own text parser reads as well: gauges, base
 * units, no timestamps (node_exporter's text files may have none). */
#include <math.h>
#include <string.h>

#include "bench/export/export.h"
#include "bench/results/verdict.h"

static double ratio_of(const struct result *result)
{
	return result->known ? result->stats.ratio : NAN;
}

static double low_of(const struct result *result)
{
	return result->known ? result->stats.low : NAN;
}

static double high_of(const struct result *result)
{
	return result->known ? result->stats.high : NAN;
}

static double floor_of(const struct result *result)
{
	return result->floor;
}

static double met_of(const struct result *result)
{
	return export_is_baseline(result) ? NAN : verdict_met(result);
}

static double value_if(const struct result *result, const char *unit, double scale)
{
	return strcmp(result->unit, unit) != 0 ? NAN : scale * result->value;
}

static double seconds_of(const struct result *result)
{
	return value_if(result, "ns/op", 1e-9);
}

static double rate_of(const struct result *result)
{
	return value_if(result, "IOPS", 1);
}

static double bytes_of(const struct result *result)
{
	return value_if(result, "B/s", 1);
}

static double samples_of(const struct result *result)
{
	return (double)result->samples;
}

/* NaN: the result has no such value. */
static const struct {
	const char *name, *help;
	double (*value)(const struct result *result);
} families[] = {
	{"tare_ratio", "Performance relative to the baseline, above 1 is better.",
	 ratio_of},
	{"tare_ratio_low", "Lower end of the ratio's 95 % interval.", low_of},
	{"tare_ratio_high", "Upper end of the ratio's 95 % interval.", high_of},
	{"tare_floor", "Reach of the baseline against itself, as a natural logarithm.",
	 floor_of},
	{"tare_target_met", "Whether the ratio is as precise as asked.", met_of},
	{"tare_operation_seconds", "Median time of an operation.", seconds_of},
	{"tare_operations_per_second", "Median rate of inputs or outputs.", rate_of},
	{"tare_bytes_per_second", "Median throughput.", bytes_of},
	{"tare_ok_samples", "Samples that count.", samples_of},
};

static void put_label(const char *name, const char *value, const char *before, FILE *to)
{
	char one[EXPORT_CHARACTER_MAX];

	fprintf(to, "%s%s=\"", before, name);
	while (*value) {
		value += export_next(value, one);
		fprintf(to, "%s%s", one[0] == '"' || one[0] == '\\' ? "\\" : "", one);
	}
	putc('"', to);
}

static void put_sample(const char *name, const struct result *result, double value,
		       FILE *to)
{
	fputs(name, to);
	put_label("cell", result->label, "{", to);
	put_label("workload", result->workload, ",", to);
	put_label("platform", result->platform, ",", to);
	put_label("path", result->path, ",", to);
	put_label("role", result->role, ",", to);
	put_label("metric", result->metric, ",", to);
	put_label("emulated", result->emulated ? "true" : "false", ",", to);
	fprintf(to, "} %.17g\n", value);
}

static void put_run(const struct export *run, FILE *to)
{
	char number[24];

	(void)snprintf(number, sizeof(number), "%lld", (long long)run->results->run);
	fputs("# HELP tare_run Which run this is.\n# TYPE tare_run gauge\ntare_run", to);
	put_label("run", number, "{", to);
	put_label("suite", run->suite, ",", to);
	put_label("host", run->host, ",", to);
	put_label("version", run->version, ",", to);
	put_label("started", run->started_utc, ",", to);
	fputs("} 1\n", to);
}

int export_openmetrics(const struct export *run, FILE *to, struct err *err)
{
	put_run(run, to);
	for (size_t f = 0; f < sizeof(families) / sizeof(families[0]); f++) {
		fprintf(to, "# HELP %s %s\n# TYPE %s gauge\n", families[f].name,
			families[f].help, families[f].name);
		for (size_t i = 0; i < run->results->nr; i++) {
			const struct result *result = &run->results->list[i];
			double value = families[f].value(result);

			if (isfinite(value))
				put_sample(families[f].name, result, value, to);
		}
	}
	fputs("# EOF\n", to);
	return export_end(to, err);
}
