/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/precision/precision_show.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/base/json.h"
#include "bench/base/output.h"

CLEANUP_DEFINE(table, struct output_table *, output_table_release)

static const char *const clock_names[] = {
	[PRECISION_CPU] = "CPU", [PRECISION_WALL] = "wall"};
static const char *const reach_names[] = {
	[REACH_UNKNOWN] = "unknown",
	[REACH_MEASURED] = "measured",
	[REACH_EXTRAPOLATED] = "extrapolated",
	[REACH_UNSUPPORTED] = "unsupported",
};

static const char *cell_label(size_t cell)
{
	return cell < PRECISION_CELLS ? precision_cells[cell].label : "all";
}

/* What is summed up: an order of a cell by a clock; SIZE_MAX: of all cells. */
struct subject {
	size_t cell;
	enum precision_clock clock;
	enum precision_order order;
};
#define SUBJECTS ((PRECISION_CELLS + 1) * PRECISION_CLOCKS * PRECISION_ORDERS)

static struct subject subject_of(size_t i)
{
	size_t cell = i / (PRECISION_CLOCKS * PRECISION_ORDERS);

	return (struct subject){
		.cell = cell < PRECISION_CELLS ? cell : SIZE_MAX,
		.clock = (enum precision_clock)(i / PRECISION_ORDERS % PRECISION_CLOCKS),
		.order = (enum precision_order)(i % PRECISION_ORDERS),
	};
}

static int summarize(const struct precision_report *report, struct subject subject,
		     struct precision_summary *ret, struct err *err)
{
	return precision_summarize(report->trials->list, report->trials->nr,
				   subject.order, subject.cell, subject.clock, ret, err);
}

/* --- load --- */

struct load {
	double least, most, mean;
};

static struct load load_of(const struct precision_trials *trials)
{
	struct load load = {.least = INFINITY, .most = -INFINITY};

	for (size_t i = 0; i < trials->nr; i++) {
		load.least = fmin(load.least, trials->list[i].load1);
		load.most = fmax(load.most, trials->list[i].load1);
		load.mean += trials->list[i].load1 / (double)trials->nr;
	}
	return load;
}

/* --- how many there are --- */

/* A round gives a schedule a trial of every cell. */
static unsigned rounds_wanted(void)
{
	size_t trials = precision_trials_wanted();

	return (unsigned)((trials + PRECISION_CELLS - 1) / PRECISION_CELLS);
}

static void warn_of_few(const struct precision_report *report)
{
	unsigned rounds = report->trials->rounds, wanted = rounds_wanted();
	uint64_t budget_ns =
		report->trial_ns * PRECISION_CELLS * PRECISION_ORDERS * wanted;
	size_t trials = (size_t)rounds * PRECISION_CELLS;
	double low = 0, high;

	if (rounds >= wanted)
		return;
	if (trials)
		precision_share(trials, trials, &low, &high);
	printf("\nToo few rounds to tell the schedules apart: had all %zu trials of one "
	       "been covered, that\nwould still mean %.0f %% or more. It takes %u "
	       "rounds: "
	       "--budget %llus or a shorter --trial.\n",
	       trials, 100 * low, wanted,
	       (unsigned long long)((budget_ns + NS_PER_S - 1) / NS_PER_S));
}

/* --- text and CSV --- */

static const struct output_column columns[] = {
	{"cell", false},       {"clock", false},    {"schedule", false},
	{"trials", true},      {"seconds", true},   {"error %", true},
	{"± %", true},	       {"covered", true},   {"of the truth, 95 %", true},
	{"found 0.5 %", true}, {"1 %", true},	    {"2 %", true},
	{"slope", true},       {"s to ±1 %", true}, {"how", false},
};

static void add_found(struct output_table *table, const struct precision_summary *summary)
{
	for (size_t i = 1; i < PRECISION_EFFECTS; i++)
		output_table_add(table, "%zu/%zu", summary->found[i],
				 summary->injected[i]);
}

static void add_row(struct output_table *table, struct subject subject,
		    const struct precision_summary *summary)
{
	output_table_add(table, "%s", cell_label(subject.cell));
	output_table_add(table, "%s", clock_names[subject.clock]);
	output_table_add(table, "%s", precision_order_name(subject.order));
	output_table_add(table, "%zu", summary->nr);
	output_table_add(table, "%.1f", summary->seconds);
	output_table_add(table, "%.2f", 100 * summary->error);
	output_table_add(table, "%.2f", 100 * summary->half_width);
	output_table_add(table, "%zu/%zu", summary->covered, summary->nr);
	output_table_add(table, "%.0f–%.0f %%", 100 * summary->covered_low,
			 100 * summary->covered_high);
	add_found(table, summary);
	output_table_add(table, isfinite(summary->slope) ? "%.2f" : "-", summary->slope);
	output_table_add(table, isfinite(summary->reach_seconds) ? "%.3g" : "-",
			 summary->reach_seconds);
	output_table_add(table, "%s", reach_names[summary->reach]);
}

static int show_table(const struct precision_report *report, enum format format,
		      struct err *err)
{
	struct output_table table;
	cleanup(table) struct output_table *guard = &table;
	int rc = 0;

	output_table_init(guard, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; !rc && i < SUBJECTS; i++) {
		struct precision_summary summary;

		rc = summarize(report, subject_of(i), &summary, err);
		if (!rc)
			add_row(guard, subject_of(i), &summary);
	}
	return rc ? rc : output_table_write(guard, format, stdout, err);
}

/* How many times longer fresh runs take. */
static int show_times(const struct precision_report *report, struct err *err)
{
	for (size_t cell = 0; cell < PRECISION_CELLS; cell++) {
		struct precision_summary own, fresh;
		struct subject subject = {cell, PRECISION_CPU, PRECISION_MIRRORED};
		int rc = summarize(report, subject, &own, err);

		subject.order = PRECISION_FRESH;
		if (!rc)
			rc = summarize(report, subject, &fresh, err);
		if (rc)
			return rc;
		printf("%s, CPU time: ", cell_label(cell));
		if (own.error > 0)
			printf("in the same time fresh runs have %.0f times the squared "
			       "error; ",
			       pow(fresh.error / own.error, 2));
		if (isfinite(own.reach_seconds) && isfinite(fresh.reach_seconds))
			printf("to ±1 %% they take %.0f times as long.\n",
			       fresh.reach_seconds / own.reach_seconds);
		else
			printf("no times to ±1 %% to compare.\n");
	}
	return 0;
}

static int show_text(const struct precision_report *report, struct err *err)
{
	struct load load = load_of(report->trials);
	int rc;

	printf("%u rounds, %zu trials of %.3g s in a drawn order, seed %llu; load %.1f "
	       "to "
	       "%.1f, %.1f in the mean.\n\n",
	       report->trials->rounds, report->trials->nr, (double)report->trial_ns / 1e9,
	       (unsigned long long)report->seed, load.least, load.most, load.mean);
	rc = show_table(report, FORMAT_TEXT, err);
	if (rc)
		return rc;
	printf("\nerror: rms distance from the truth; ±: mean half width of the 95 %% "
	       "interval. The way to ±1 %%:\nmeasured, between two of ¼, ½ and all of a "
	       "trial; extrapolated by 1/√t where the half widths of these\nsteps fall "
	       "so (slope −0.5 ± 0.25); else unsupported. Unknown: it holds the truth in "
	       "less than 80 %%.\n");
	rc = show_times(report, err);
	warn_of_few(report);
	return rc;
}

/* --- JSON --- */

static json_t *steps_json(const struct precision_summary *summary)
{
	json_t *list = json_array();

	for (int i = 0; i < PRECISION_STEPS; i++) {
		json_t *step = json_object();

		json_object_set_new(step, "seconds",
				    json_finite(summary->step_seconds[i]));
		json_object_set_new(step, "half_width_median",
				    json_finite(summary->step_half_width[i]));
		json_array_append_new(list, step);
	}
	return list;
}

static json_t *found_json(const struct precision_summary *summary)
{
	json_t *list = json_array();

	for (size_t i = 1; i < PRECISION_EFFECTS; i++)
		json_array_append_new(list,
				      json_pack("{s:f, s:I, s:I}", "injected",
						precision_effects[i], "found",
						(json_int_t)summary->found[i], "trials",
						(json_int_t)summary->injected[i]));
	return list;
}

static json_t *summary_json(struct subject subject,
			    const struct precision_summary *summary)
{
	json_t *root = json_pack(
		"{s:s, s:s, s:s, s:I, s:I}", "cell", cell_label(subject.cell), "clock",
		clock_names[subject.clock], "schedule",
		precision_order_name(subject.order), "trials", (json_int_t)summary->nr,
		"covered", (json_int_t)summary->covered);

	json_object_set_new(root, "covered_low", json_finite(summary->covered_low));
	json_object_set_new(root, "covered_high", json_finite(summary->covered_high));
	json_object_set_new(root, "seconds", json_finite(summary->seconds));
	json_object_set_new(root, "rms_error", json_finite(summary->error));
	json_object_set_new(root, "half_width_mean", json_finite(summary->half_width));
	json_object_set_new(root, "slope", json_finite(summary->slope));
	json_object_set_new(root, "seconds_to_1_percent",
			    json_finite(summary->reach_seconds));
	json_object_set_new(root, "reach", json_string(reach_names[summary->reach]));
	json_object_set_new(root, "steps", steps_json(summary));
	json_object_set_new(root, "found", found_json(summary));
	return root;
}

json_t *precision_json(const struct precision_report *report, struct err *err)
{
	struct load load = load_of(report->trials);
	cleanup(json) json_t *root = json_pack(
		"{s:I, s:I, s:I, s:f, s:f, s:I, s:f, s:f, s:f}", "rounds",
		(json_int_t)report->trials->rounds, "rounds_wanted",
		(json_int_t)rounds_wanted(), "trials", (json_int_t)report->trials->nr,
		"trial_seconds", (double)report->trial_ns / 1e9, "elapsed_seconds",
		(double)report->elapsed_ns / 1e9, "seed", (json_int_t)report->seed,
		"load1_least", load.least, "load1_most", load.most, "load1_mean",
		load.mean);
	json_t *list = json_array();

	json_object_set_new(root, "summaries", list);
	for (size_t i = 0; i < SUBJECTS; i++) {
		struct precision_summary summary;

		if (summarize(report, subject_of(i), &summary, err))
			return NULL;
		json_array_append_new(list, summary_json(subject_of(i), &summary));
	}
	return json_incref(root);
}

int precision_show(const struct precision_report *report, enum format format,
		   struct err *err)
{
	cleanup(json) json_t *root = NULL;

	if (format == FORMAT_TEXT)
		return show_text(report, err);
	if (format == FORMAT_CSV)
		return show_table(report, format, err);
	root = precision_json(report, err);
	return root ? output_json(root, stdout, err) : -ENOMEM;
}
