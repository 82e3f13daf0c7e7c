/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison for programs: JSON and CSV, nothing rounded, null or empty where not
 * known.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "bench/compare/compare.h"
#include "bench/base/json.h"

static json_t *text(const char *value)
{
	return value ? json_string(value) : json_null();
}

static json_t *run_json(const struct compare_run *run)
{
	return json_pack("{s:s, s:I, s:s, s:s, s:s}", "store", run->file, "run",
			 (json_int_t)run->run, "suite", run->suite, "started_utc",
			 run->started_utc, "host", run->host);
}

static json_t *differences_json(const struct comparison *comparison)
{
	json_t *list = json_array();

	for (size_t i = 0; i < comparison->difference_nr; i++) {
		const struct compare_difference *at = &comparison->differences[i];

		json_array_append_new(list,
				      json_pack("{s:s, s:o, s:o}", "name", at->name, "a",
						text(at->a), "b", text(at->b)));
	}
	return list;
}

static json_t *side_json(const struct result *side)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:f}", "ratio",
			 json_known(side->known, side->stats.ratio), "low",
			 json_known(side->known, side->stats.low), "high",
			 json_known(side->known, side->stats.high), "floor",
			 json_known(true, side->floor), "value",
			 json_known(true, side->value), "injected", side->injected);
}

static json_t *pair_json(const struct compare_pair *pair)
{
	char says[COMPARE_TEXT_MAX];
	const struct result *b = pair->b;
	json_t *object =
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "label", b->label,
			  "platform", b->platform, "path", b->path, "role", b->role,
			  "metric", b->metric, "unit", b->unit, "emulated", b->emulated);

	json_object_set_new(object, "a", side_json(pair->a));
	json_object_set_new(object, "b", side_json(b));
	json_object_set_new(object, "change",
			    json_known(pair->known, pair->change.ratio));
	json_object_set_new(object, "low", json_known(pair->known, pair->change.low));
	json_object_set_new(object, "high", json_known(pair->known, pair->change.high));
	if (strcmp(b->role, arm_role_name(ROLE_BASELINE)) != 0) {
		json_object_set_new(object, "joint_low",
				    json_known(pair->known, pair->joint_low));
		json_object_set_new(object, "joint_high",
				    json_known(pair->known, pair->joint_high));
		json_object_set_new(object, "floor", json_known(true, pair->floor));
		json_object_set_new(object, "mark",
				    json_string(compare_mark_name(pair->mark)));
		json_object_set_new(object, "says",
				    json_string(compare_text(pair, says)));
	} else
		json_object_set_new(object, "paired_in_time", json_false());
	if (!pair->known)
		json_object_set_new(object, "why", json_string(pair->why));
	return object;
}

static json_t *pairs_json(const struct compare_pair *pairs, size_t nr)
{
	json_t *list = json_array();

	for (size_t i = 0; i < nr; i++)
		json_array_append_new(list, pair_json(&pairs[i]));
	return list;
}

static json_t *missing_json(const struct comparison *comparison)
{
	json_t *list = json_array();

	for (size_t i = 0; i < comparison->missing_nr; i++) {
		const struct compare_missing *missing = &comparison->missing[i];
		const struct result *result = missing->result;

		json_array_append_new(
			list, json_pack("{s:s, s:s, s:s, s:s%, s:s}", "label",
					result->label, "platform", result->platform,
					"path", result->path, "run", &missing->run,
					(size_t)1, "reason", missing->reason));
	}
	return list;
}

int compare_print_json(const struct comparison *comparison, double fail_on,
		       struct err *err)
{
	cleanup(json) json_t *root = json_object();

	json_object_set_new(root, "a", run_json(&comparison->a));
	json_object_set_new(root, "b", run_json(&comparison->b));
	json_object_set_new(root, "differences", differences_json(comparison));
	json_object_set_new(root, "cells",
			    pairs_json(comparison->pairs, comparison->pair_nr));
	json_object_set_new(root, "baselines",
			    pairs_json(comparison->baselines, comparison->baseline_nr));
	json_object_set_new(root, "not_compared", missing_json(comparison));
	json_object_set_new(root, "compared",
			    json_integer((json_int_t)comparison->compared));
	json_object_set_new(root, "regressions",
			    json_integer((json_int_t)comparison->regressions));
	json_object_set_new(root, "improvements",
			    json_integer((json_int_t)comparison->improvements));
	json_object_set_new(root, "fail_on", json_known(fail_on >= 0, fail_on));
	return output_json(root, stdout, err);
}

/* --- CSV --- */

static void field(const char *value)
{
	output_csv_field(stdout, value);
	printf(",");
}

static void number_field(bool known, double value)
{
	if (known && isfinite(value))
		printf("%.17g", value);
	printf(",");
}

static void print_names(const struct result *result)
{
	field(result->label);
	field(result->platform);
	field(result->path);
	field(result->role);
	field(result->emulated ? "1" : "0");
	field(result->metric);
	field(result->unit);
}

static void print_side(const struct result *side)
{
	number_field(side->known, side->stats.ratio);
	number_field(side->known, side->stats.low);
	number_field(side->known, side->stats.high);
	number_field(true, side->floor);
	number_field(true, side->value);
	number_field(true, side->injected);
}

static void print_pair(const struct compare_pair *pair)
{
	bool judged = strcmp(pair->b->role, arm_role_name(ROLE_BASELINE)) != 0;
	char says[COMPARE_TEXT_MAX];

	print_names(pair->b);
	print_side(pair->a);
	print_side(pair->b);
	number_field(pair->known, pair->change.ratio);
	number_field(pair->known, pair->change.low);
	number_field(pair->known, pair->change.high);
	number_field(pair->known && judged, pair->joint_low);
	number_field(pair->known && judged, pair->joint_high);
	number_field(true, pair->floor);
	field(judged ? compare_mark_name(pair->mark) : "not paired in time");
	output_csv_field(stdout, judged ? compare_text(pair, says) : pair->why);
	printf("\n");
}

static void print_missing(const struct compare_missing *missing)
{
	print_names(missing->result);
	printf(",,,,,,,,,,,,,,,,,,"); /* both sides and the change */
	field("not compared");
	output_csv_field(stdout, missing->reason);
	printf("\n");
}

int compare_print_csv(const struct comparison *comparison, struct err *err)
{
	printf("label,platform,path,role,emulated,metric,unit,a_ratio,a_low,a_high,"
	       "a_floor_log,a_value,a_injected,b_ratio,b_low,b_high,b_floor_log,b_value,"
	       "b_injected,change,low,high,joint_low,joint_high,floor_log,mark,says\n");
	for (size_t i = 0; i < comparison->pair_nr; i++)
		print_pair(&comparison->pairs[i]);
	for (size_t i = 0; i < comparison->baseline_nr; i++)
		print_pair(&comparison->baselines[i]);
	for (size_t i = 0; i < comparison->missing_nr; i++)
		print_missing(&comparison->missing[i]);
	return ferror(stdout) ? err_fail(err, EIO, "cannot print the comparison") : 0;
}
