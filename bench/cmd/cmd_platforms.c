/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/base/cleanup.h"
#include "bench/config/config.h"
#include "bench/base/json.h"
#include "bench/base/output.h"

CLEANUP_DEFINE(platforms, struct platform_set *, platform_set_release)
CLEANUP_DEFINE(table, struct output_table *, output_table_release)

/* Words with a blank between them, malloc'ed; NULL: no memory. */
static char *paths_text(const struct driver *driver)
{
	cleanup(free) char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	for (size_t i = 0; stream && i < DRIVER_PATHS_MAX && driver->paths[i].name; i++)
		fprintf(stream, "%s%s", i ? " " : "", driver->paths[i].name);
	if (!stream || fclose(stream))
		return NULL;
	return take_ptr(text);
}

static char *settings_text(const struct platform *platform)
{
	cleanup(free) char *text = NULL;
	const char *between = "";
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	for (size_t i = 0; stream && i < platform->setting_nr; i++) {
		const struct setting *setting = &platform->settings[i];

		if (!setting->value)
			continue;
		fprintf(stream, "%s%s=%s", between, setting->name, setting->value);
		between = " ";
	}
	if (stream && platform->handicap > 0)
		fprintf(stream, "%shandicap=%.3g%%", between, 100 * platform->handicap);
	if (!stream || fclose(stream))
		return NULL;
	return take_ptr(text);
}

static int print_table(const struct platform_set *set, enum format format,
		       struct err *err)
{
	static const struct output_column columns[] = {
		{"platform", false}, {"driver", false},	  {"paths", false},
		{"summary", false},  {"settings", false},
	};
	struct output_table table;
	cleanup(table) struct output_table *guard = &table;

	(void)guard;
	output_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < set->nr; i++) {
		const struct platform *platform = &set->list[i];
		cleanup(free) char *paths = paths_text(platform->driver);
		cleanup(free) char *settings = settings_text(platform);

		if (!paths || !settings)
			return err_fail(err, ENOMEM, "no memory for a table");
		output_table_add(&table, "%s", platform->name);
		output_table_add(&table, "%s", platform->driver->name);
		output_table_add(&table, "%s", paths);
		output_table_add(&table, "%s", platform->driver->summary);
		output_table_add(&table, "%s", settings);
	}
	return output_table_write(&table, format, stdout, err);
}

static json_t *platform_json(const struct platform *platform)
{
	const struct path_def *paths = platform->driver->paths;
	json_t *path_list = json_array(), *settings = json_object();

	for (size_t i = 0; i < DRIVER_PATHS_MAX && paths[i].name; i++)
		json_array_append_new(path_list,
				      json_pack("{s:s, s:s}", "name", paths[i].name,
						"summary", paths[i].summary));
	for (size_t i = 0; i < platform->setting_nr; i++) {
		const char *value = platform->settings[i].value;

		json_object_set_new(settings, platform->settings[i].name,
				    value ? json_string(value) : json_null());
	}
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:f}", "name", platform->name,
			 "driver", platform->driver->name, "summary",
			 platform->driver->summary, "file", platform->file, "paths",
			 path_list, "settings", settings, "handicap", platform->handicap);
}

static int print_json(const struct platform_set *set, struct err *err)
{
	json_t *list = json_array();
	cleanup(json) json_t *root = json_pack("{s:o}", "platforms", list);

	for (size_t i = 0; i < set->nr; i++)
		json_array_append_new(list, platform_json(&set->list[i]));
	return output_json(root, stdout, err);
}

static int run(const struct options *options)
{
	struct platform_set set = {0};
	cleanup(platforms) struct platform_set *guard = &set;
	struct err err = {0};
	int rc = platform_set_load(options->config, &set, &err);
	bool loaded = !rc;

	(void)guard;
	if (!rc)
		rc = options->format == FORMAT_JSON
			     ? print_json(&set, &err)
			     : print_table(&set, options->format, &err);
	if (!rc)
		return EXIT_DONE;
	fprintf(stderr, "tare: %s\n", err.text);
	return loaded ? EXIT_MEASUREMENT : EXIT_USAGE;
}

const struct command cmd_platforms = {
	.name = "platforms",
	.arguments = "",
	.summary = "list the configured platforms, their paths and settings",
	.help = "One more platform is one more file in configs/platforms. Whether a "
		"platform\n"
		"works here is what 'tare doctor' finds out.\n",
	.accepts = "config format",
	.run = run,
};
