/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/options_table.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "bench/base/clock.h"
#include "bench/config/nearest.h"
#include "bench/base/units.h"
#include "bench/config/config_study.h"

static int set_store(struct options *options, const char *value, struct err *err)
{
	(void)err;
	options->store = value;
	return 0;
}

static int set_out(struct options *options, const char *value, struct err *err)
{
	(void)err;
	options->out = value;
	return 0;
}

static int set_on(struct options *options, const char *value, struct err *err)
{
	(void)err;
	options->on = value;
	return 0;
}

static int set_config(struct options *options, const char *value, struct err *err)
{
	(void)err;
	options->config = value;
	return 0;
}

static int set_image(struct options *options, const char *value, struct err *err)
{
	(void)err;
	options->image = value;
	return 0;
}

static int set_scratch(struct options *options, const char *value, struct err *err)
{
	(void)err;
	options->scratch = value;
	return 0;
}

static int set_top(struct options *options, const char *value, struct err *err)
{
	(void)err;
	options->top = value;
	return 0;
}

static int set_resume(struct options *options, const char *value, struct err *err)
{
	(void)err;
	options->resume = true;
	options->resume_run = value;
	return 0;
}

static int set_quiet(struct options *options, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	options->quiet = true;
	return 0;
}

static int set_full(struct options *options, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	options->full = true;
	return 0;
}

static int set_only(struct options *options, const char *value, struct err *err)
{
	if (strcmp(value, "overhead") != 0 && strcmp(value, "behaviour") != 0)
		return err_fail(err, EINVAL,
				"'%.40s' is no part of the study: overhead or behaviour",
				value);
	options->only = value;
	return 0;
}

static int set_samples(struct options *options, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	options->samples = true;
	return 0;
}

static int set_strict(struct options *options, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	options->strict = true;
	return 0;
}

static int set_budget(struct options *options, const char *value, struct err *err)
{
	uint64_t ns;
	int rc = units_parse_duration(value, &ns, err);

	if (rc)
		return rc;
	if (ns < NS_PER_S)
		return err_fail(err, ERANGE, "'%.40s' is too short: at least 1s", value);
	options->budget_ns = ns;
	return 0;
}

static int set_instances(struct options *options, const char *value, struct err *err)
{
	uint64_t count;
	int rc = units_parse_count(value, &count, err);

	if (rc)
		return rc;
	if (!count || count > STUDY_INSTANCES_MAX)
		return err_fail(err, ERANGE, "'%.40s' is not between 1 and %d", value,
				STUDY_INSTANCES_MAX);
	options->instances = (unsigned)count;
	return 0;
}

static int set_trial(struct options *options, const char *value, struct err *err)
{
	uint64_t ns;
	int rc = units_parse_duration(value, &ns, err);

	if (rc)
		return rc;
	if (ns < 2 * NS_PER_S || ns > 600 * NS_PER_S)
		return err_fail(err, ERANGE, "'%.40s' is not between 2s and 10m", value);
	options->trial_ns = ns;
	return 0;
}

static int set_seed(struct options *options, const char *value, struct err *err)
{
	uint64_t seed;
	int rc = units_parse_count(value, &seed, err);

	if (rc)
		return rc;
	if (!seed || seed > INT64_MAX) /* SQLite's integers */
		return err_fail(err, ERANGE, "'%.40s' is not between 1 and %" PRId64,
				value, INT64_MAX);
	options->seed = seed;
	return 0;
}

static int set_fail_on(struct options *options, const char *value, struct err *err)
{
	double share;
	int rc = units_parse_percent(value, &share, err);

	if (rc)
		return rc;
	if (share >= 1)
		return err_fail(err, ERANGE, "'%.40s' is not below 100%%", value);
	options->fail_on = share;
	return 0;
}

static bool is_in_list(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (; *list; list += strcspn(list, " "), list += strspn(list, " "))
		if (strcspn(list, " ") == length && !memcmp(list, word, length))
			return true;
	return false;
}

static int set_format(struct options *options, const char *value, struct err *err)
{
	static const char *const names[] = {
		[FORMAT_TEXT] = "text",
		[FORMAT_JSON] = "json",
		[FORMAT_CSV] = "csv",
		[FORMAT_JUNIT] = "junit",
		[FORMAT_TAP] = "tap",
		[FORMAT_OPENMETRICS] = "openmetrics",
		[FORMAT_HYPERFINE] = "hyperfine",
		[FORMAT_LKP] = "lkp",
	};
	const char *list = options->formats ? options->formats : "text json csv";
	struct nearest nearest;
	char hint[400];

	nearest_init(&nearest, value);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!is_in_list(list, names[i]))
			continue;
		if (!strcmp(names[i], value)) {
			options->format = (enum format)i;
			return 0;
		}
		nearest_feed(&nearest, names[i]);
	}
	return err_fail(err, EINVAL, "'%.40s' is not a format%s", value,
			nearest_hint(&nearest, hint, sizeof(hint)));
}

const struct option_def option_defs[] = {
	{"store", "FILE", "database of all runs (default: " OPTION_STORE_DEFAULT ")",
	 set_store, true},
	{"out", "DIR", "folder for what is written (default: depends on the command)",
	 set_out, true},
	{"on", "LIST",
	 "platforms, each with a path to the disk or with all its paths, as in "
	 "bare,lxc,kvm:virtio; the baseline takes part in any case (default: the "
	 "suite's)",
	 set_on, true},
	{"budget", "TIME",
	 "time to measure, as in 90s or 10m; a run ends earlier when every ratio is as "
	 "precise as asked (default: the suite's)",
	 set_budget, true},
	{"instances", "N", "so many instances at once at most (default: the suite's)",
	 set_instances, false},
	{"seed", "N", "seed of every random order (default: the suite's, else the clock)",
	 set_seed, true},
	{"trial", "TIME", "length of one trial, as in 5s or 10s (default: 5s)", set_trial,
	 false},
	{"resume", "RUN", "go on with this run, a number or 'last', instead of a new one",
	 set_resume, false},
	{"strict", NULL,
	 "refuse, with exit status 1, on a host that is noisy or unlike production in a "
	 "way that can be mended; list what to mend",
	 set_strict, false},
	{"only", "PART", "one part of the study: overhead or behaviour", set_only, false},
	{"full", NULL, "the long variant, tens of minutes instead of three", set_full,
	 false},
	{"samples", NULL, "one row a sample instead of ratios", set_samples, false},
	{"fail-on", "PERCENT",
	 "exit with status 1 when a regression lies beyond this, as in 3%", set_fail_on,
	 false},
	{"top", "FILE", "write the report's text to this file as well", set_top, false},
	{"format", "FORMAT", "text, json or csv (default: text)", set_format, true},
	{"quiet", NULL, "no progress and no remarks", set_quiet, true},
	{"scratch", "DIR",
	 "folder on the storage under test, where the data file is made (default: "
	 "scratch beside the store)",
	 set_scratch, false},
	{"image", "DIR",
	 "tree that every platform runs, as scripts/mkimage leaves it (default: image "
	 "beside "
	 "the program)",
	 set_image, false},
	{"config", "DIR",
	 "folder of suites and platforms (default: the one that came with the program)",
	 set_config, false},
};
