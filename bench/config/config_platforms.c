/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/config/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/config/config_dir.h"
#include "bench/config/nearest.h"
#include "bench/config/yaml.h"

#define HANDICAP_MAX 0.5

static void platform_release(struct platform *platform)
{
	for (size_t i = 0; i < platform->setting_nr; i++)
		free((char *)platform->settings[i].value);
	free(platform->settings);
	free(platform->name);
	free(platform->file);
}

void platform_set_release(struct platform_set *set)
{
	for (size_t i = 0; i < set->nr; i++)
		platform_release(&set->list[i]);
	free(set->list);
	*set = (struct platform_set){0};
}

const struct platform *platform_set_find(const struct platform_set *set, const char *name)
{
	for (size_t i = 0; i < set->nr; i++)
		if (!strcmp(set->list[i].name, name))
			return &set->list[i];
	return NULL;
}

/* --- one file --- */

/* What the keys of a file fill in; settings wait until the driver is known. */
struct reading {
	struct platform *platform;
	struct yaml_at settings;
	bool has_settings;
};

static int read_driver(struct yaml_at at, void *into, struct err *err)
{
	struct reading *reading = into;
	struct nearest nearest;
	const char *name;
	char hint[400];
	int rc = yaml_text(at, &name, err);

	if (rc)
		return rc;
	reading->platform->driver = driver_find(name);
	if (reading->platform->driver)
		return 0;
	nearest_init(&nearest, name);
	for (size_t i = 0; i < driver_nr; i++)
		if (!drivers[i]->hidden)
			nearest_feed(&nearest, drivers[i]->name);
	return yaml_fail(at, err, EINVAL, "there is no driver '%.40s'%s", name,
			 nearest_hint(&nearest, hint, sizeof(hint)));
}

static int keep_settings(struct yaml_at at, void *into, struct err *err)
{
	struct reading *reading = into;

	if (!yaml_is_map(at))
		return yaml_fail(at, err, EINVAL, "expected a map of settings");
	reading->settings = at;
	reading->has_settings = true;
	return 0;
}

static int read_handicap(struct yaml_at at, void *into, struct err *err)
{
	struct reading *reading = into;

	return yaml_percent(at, 0, HANDICAP_MAX, &reading->platform->handicap, err);
}

static int read_hidden(struct yaml_at at, void *into, struct err *err)
{
	return yaml_bool(at, &((struct reading *)into)->platform->hidden, err);
}

static const struct yaml_key platform_keys[] = {
	{"driver", read_driver, true},
	{"handicap", read_handicap, false},
	{"hidden", read_hidden, false},
	{"settings", keep_settings, false},
	{0},
};

/* The text as the driver may rely on it: booleans are "yes" or "no". */
static int check_value(struct yaml_at at, const struct setting_def *def, const char **ret,
		       struct err *err)
{
	uint64_t number;
	bool boolean;
	int rc;

	switch (def->type) {
	case SETTING_WORD:
		if (def->choices)
			return yaml_choice(at, def->choices, ret, err);
		return yaml_text(at, ret, err);
	case SETTING_BYTES:
		rc = yaml_bytes(at, 0, UINT64_MAX, &number, err);
		return rc ? rc : yaml_text(at, ret, err);
	case SETTING_COUNT:
		rc = yaml_count(at, 0, UINT64_MAX, &number, err);
		return rc ? rc : yaml_text(at, ret, err);
	case SETTING_BOOL:
		rc = yaml_bool(at, &boolean, err);
		if (!rc)
			*ret = boolean ? "yes" : "no";
		return rc;
	case SETTING_PATH:
		rc = yaml_text(at, ret, err);
		if (!rc && **ret != '/')
			return yaml_fail(at, err, EINVAL,
					 "'%.80s' is not an absolute path", *ret);
		return rc;
	}
	return yaml_fail(at, err, EINVAL, "has a type this program does not know");
}

static int fail_setting(struct yaml_at at, const struct driver *driver, struct err *err)
{
	struct yaml_at place = at;
	struct nearest nearest;
	char hint[400];

	nearest_init(&nearest, at.key);
	for (const struct setting_def *def = driver->settings; def->name; def++)
		nearest_feed(&nearest, def->name);
	place.key = NULL;
	return yaml_fail(place, err, EINVAL, "driver '%s' has no setting '%.40s'%s",
			 driver->name, at.key,
			 nearest_hint(&nearest, hint, sizeof(hint)));
}

static int set_value(struct platform *platform, size_t i, const char *value,
		     struct err *err)
{
	char *copy = strdup(value);

	if (!copy)
		return err_fail(err, ENOMEM, "no memory for a setting");
	free((char *)platform->settings[i].value);
	platform->settings[i].value = copy;
	return 0;
}

static int read_setting(struct yaml_at at, struct platform *platform, struct err *err)
{
	const struct setting_def *defs = platform->driver->settings;
	const char *value = NULL;
	int rc;

	for (size_t i = 0; i < platform->setting_nr; i++) {
		if (strcmp(defs[i].name, at.key) != 0)
			continue;
		rc = check_value(at, &defs[i], &value, err);
		return rc ? rc : set_value(platform, i, value, err);
	}
	return fail_setting(at, platform->driver, err);
}

/* Every setting of the driver is there, with its fallback where it has one. */
static int fill_fallbacks(struct platform *platform, struct err *err)
{
	const struct setting_def *defs = platform->driver->settings;
	size_t nr = 0;
	int rc = 0;

	while (defs[nr].name)
		nr++;
	platform->settings = calloc(nr + 1, sizeof(*platform->settings));
	if (!platform->settings)
		return err_fail(err, ENOMEM, "no memory for settings");
	platform->setting_nr = nr;
	for (size_t i = 0; !rc && i < nr; i++) {
		platform->settings[i].name = defs[i].name;
		if (defs[i].fallback)
			rc = set_value(platform, i, defs[i].fallback, err);
	}
	return rc;
}

static int read_platform(struct yaml_at root, struct platform *platform, struct err *err)
{
	struct reading reading = {.platform = platform};
	int rc = yaml_read_map(root, platform_keys, &reading, err);

	if (!rc)
		rc = fill_fallbacks(platform, err);
	for (size_t i = 0; !rc && reading.has_settings && i < yaml_size(reading.settings);
	     i++)
		rc = read_setting(yaml_pair(reading.settings, i), platform, err);
	return rc;
}

CLEANUP_DEFINE(yaml, struct yaml *, yaml_close)
CLEANUP_DEFINE(platform, struct platform *, platform_release)
CLEANUP_DEFINE(platform_set, struct platform_set *, platform_set_release)

int platform_parse(const char *file, const char *text, struct platform *ret,
		   struct err *err)
{
	struct platform platform = {.name = config_dir_name(file), .file = strdup(file)};
	cleanup(platform) struct platform *guard = &platform;
	cleanup(yaml) struct yaml *yaml = NULL;
	int rc;

	if (!platform.name || !platform.file)
		return err_fail(err, ENOMEM, "no memory for a platform");
	rc = text ? yaml_open_text(file, text, strlen(text), &yaml, err)
		  : yaml_open(file, &yaml, NULL, err);
	if (!rc)
		rc = read_platform(yaml_root(yaml), &platform, err);
	if (rc)
		return rc;
	*ret = platform;
	guard = NULL;
	return 0;
}

/* --- all files --- */

static size_t driver_rank(const struct driver *driver)
{
	size_t rank = 0;

	while (rank < driver_nr && drivers[rank] != driver)
		rank++;
	return rank;
}

/* In the order of the drivers' table, then by name: listings read like drivers.def. */
static int compare(const void *a, const void *b)
{
	const struct platform *left = a, *right = b;
	size_t left_rank = driver_rank(left->driver),
	       right_rank = driver_rank(right->driver);

	if (left_rank != right_rank)
		return left_rank < right_rank ? -1 : 1;
	return strcmp(left->name, right->name);
}

static int load_file(const char *config_dir, const char *name, struct platform_set *set,
		     struct err *err)
{
	cleanup(free) char *file = config_dir_file(config_dir, "platforms", name);
	int rc;

	if (!file)
		return err_fail(err, ENOMEM, "no memory for a path");
	rc = platform_parse(file, NULL, &set->list[set->nr], err);
	if (!rc)
		set->nr++;
	return rc;
}

int platform_set_load(const char *config_dir, struct platform_set *ret, struct err *err)
{
	struct platform_set set = {0};
	cleanup(platform_set) struct platform_set *guard = &set;
	struct config_names names;
	int rc = config_dir_list(config_dir, "platforms", &names, err);

	if (rc)
		return rc;
	if (!names.nr)
		return err_fail(err, ENOENT, "there is no platform in '%s/platforms'",
				config_dir);
	set.list = calloc(names.nr, sizeof(*set.list));
	if (!set.list)
		return err_fail(err, ENOMEM, "no memory for platforms");
	for (size_t i = 0; !rc && i < names.nr; i++)
		rc = load_file(config_dir, names.list[i], &set, err);
	if (rc)
		return rc;
	qsort(set.list, set.nr, sizeof(*set.list), compare);
	*ret = set;
	guard = NULL;
	return 0;
}
