/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "bench/base/units.h"
#include "drivers/driver.h"

const struct driver *driver_find(const char *name)
{
	for (size_t i = 0; i < driver_nr; i++)
		if (!strcmp(drivers[i]->name, name))
			return drivers[i];
	return NULL;
}

int driver_path(const struct driver *driver, const char *path)
{
	for (int i = 0; i < DRIVER_PATHS_MAX && driver->paths[i].name; i++)
		if (!strcmp(driver->paths[i].name, path))
			return i;
	return -1;
}

/* The first field that is missing, or NULL. */
static const char *hole(const struct driver *driver)
{
	const struct {
		const char *name;
		bool there;
	} fields[] = {
		{"name", driver->name},
		{"summary", driver->summary},
		{"settings", driver->settings},
		{"paths", driver->paths && driver->paths->name},
		{"probe", driver->probe},
		{"open", driver->open},
		{"start", driver->start},
		{"pause", driver->pause},
		{"resume", driver->resume},
		{"observe", driver->observe},
		{"account", driver->account},
		{"target", driver->target},
		{"stop", driver->stop},
		{"close", driver->close},
		{"reap", driver->reap},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!fields[i].there)
			return fields[i].name;
	return NULL;
}

int driver_check(struct err *err)
{
	for (size_t i = 0; i < driver_nr; i++) {
		const char *missing = hole(drivers[i]);

		if (missing)
			return err_fail(err, EINVAL, "driver %zu ('%s') has no %s", i,
					drivers[i]->name ? drivers[i]->name : "?",
					missing);
	}
	return 0;
}

const char *readiness_name(enum readiness readiness)
{
	switch (readiness) {
	case READY:
		return "ready";
	case EMULATED:
		return "emulated";
	default:
		return "unavailable";
	}
}

const char *platform_setting(const struct platform *platform, const char *name)
{
	for (size_t i = 0; i < platform->setting_nr; i++)
		if (!strcmp(platform->settings[i].name, name))
			return platform->settings[i].value;
	return NULL;
}

uint64_t platform_setting_bytes(const struct platform *platform, const char *name)
{
	const char *text = platform_setting(platform, name);
	struct err ignored = {0};
	uint64_t bytes = 0;

	/* Checked when the file was read. */
	if (text)
		(void)units_parse_bytes(text, &bytes, &ignored);
	return bytes;
}

bool platform_setting_bool(const struct platform *platform, const char *name)
{
	const char *text = platform_setting(platform, name);

	return text && !strcmp(text, "yes");
}
