/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suites of `tare density`. */
#include <errno.h>
#include <string.h>

#include "bench/config/config_study_keys.h"
#include "bench/config/density_settings.h"

static bool is_auto(struct yaml_at at)
{
	struct err ignored = {0};
	const char *text;

	return !yaml_is_list(at) && !yaml_is_map(at) && !yaml_text(at, &text, &ignored) &&
	       !strcmp(text, "auto");
}

static int read_counts(struct yaml_at at, void *into, struct err *err)
{
	struct density_settings *settings = into;
	struct study_counts counts = {
		.list = settings->counts, .room = DENSITY_COUNTS_MAX, .least = 1};
	int rc = is_auto(at) ? 0 : study_read_counts(at, &counts, err);

	if (!rc && counts.nr && counts.list[0] != 1)
		rc = yaml_fail(at, err, EINVAL,
			       "the first must be 1: all else is compared with it");
	settings->count_nr = counts.nr;
	return rc;
}

static int read_workload(struct yaml_at at, void *into, struct err *err)
{
	return study_read_workload(at, &((struct density_settings *)into)->workload, err);
}

static int read_size(struct yaml_at at, void *into, struct err *err)
{
	return study_read_size(at, &((struct density_settings *)into)->size_bytes, err);
}

static int read_window(struct yaml_at at, void *into, struct err *err)
{
	return study_read_window(at, &((struct density_settings *)into)->window_ns, err);
}

static int read_slice(struct yaml_at at, void *into, struct err *err)
{
	return study_read_window(at, &((struct density_settings *)into)->slice_ns, err);
}

static int read_windows(struct yaml_at at, void *into, struct err *err)
{
	return study_read_repeats(at, DENSITY_WINDOWS_MAX,
				  &((struct density_settings *)into)->windows, err);
}

/* --- when to stop --- */

static int read_share(struct yaml_at at, void *into, struct err *err)
{
	return yaml_percent(at, 0, 1, &((struct density_settings *)into)->stop_share,
			    err);
}

static int read_host(struct yaml_at at, void *into, struct err *err)
{
	/* less would be asking for trouble on somebody's host */
	return yaml_percent(at, 0.1, 0.95, &((struct density_settings *)into)->host_share,
			    err);
}

static int read_pressure(struct yaml_at at, void *into, struct err *err)
{
	return yaml_percent(at, 0.001, 1,
			    &((struct density_settings *)into)->stop_pressure, err);
}

static const struct yaml_key stop_keys[] = {
	{"share_of_alone", read_share, true},
	{"host_memory", read_host, true},
	{"memory_pressure", read_pressure, true},
	{0},
};

static int read_stop(struct yaml_at at, void *into, struct err *err)
{
	return yaml_read_map(at, stop_keys, into, err);
}

static const struct yaml_key keys[] = {
	STUDY_KEYS,
	{"counts", read_counts, true},
	{"workload", read_workload, true},
	{"size", read_size, false},
	{"slice", read_slice, true},
	{"window", read_window, true},
	{"windows", read_windows, true},
	{"stop", read_stop, true},
	{0},
};

static int check(struct yaml_at root, const void *read, struct err *err)
{
	const struct density_settings *settings = read;

	return study_check_size(root, settings->workload, settings->size_bytes, err);
}

const struct study_kind study_density = {.name = "density",
					 .keys = keys,
					 .size = sizeof(struct density_settings),
					 .check = check};
