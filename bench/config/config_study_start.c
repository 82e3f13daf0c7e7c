/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suites of `tare start`. */
#include "bench/config/config_study_keys.h"
#include "bench/config/start_settings.h"

static int read_running(struct yaml_at at, void *into, struct err *err)
{
	struct start_settings *settings = into;
	struct study_counts counts = {.list = settings->running,
				      .room = START_RUNNING_MAX};
	int rc = study_read_counts(at, &counts, err);

	settings->running_nr = counts.nr;
	return rc;
}

static int read_cold(struct yaml_at at, void *into, struct err *err)
{
	return yaml_bool(at, &((struct start_settings *)into)->cold, err);
}

static int read_tools(struct yaml_at at, void *into, struct err *err)
{
	return yaml_bool(at, &((struct start_settings *)into)->tools, err);
}

static const struct yaml_key keys[] = {
	STUDY_KEYS,
	{"running", read_running, true},
	{"cold", read_cold, true},
	{"tools", read_tools, true},
	{0},
};

const struct study_kind study_start = {
	.name = "start", .keys = keys, .size = sizeof(struct start_settings)};
