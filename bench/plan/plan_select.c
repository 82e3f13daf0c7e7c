/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/plan/plan_select.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/config/nearest.h"

size_t plan_path_nr(const struct driver *driver)
{
	size_t nr = 0;

	while (nr < DRIVER_PATHS_MAX && driver->paths[nr].name)
		nr++;
	return nr;
}

static int fail_platform(const struct platform_set *set, const char *name,
			 const char *where, struct err *err)
{
	struct nearest nearest;
	char hint[400];

	nearest_init(&nearest, name);
	for (size_t i = 0; i < set->nr; i++)
		if (!platform_is_hidden(&set->list[i]))
			nearest_feed(&nearest, set->list[i].name);
	return err_fail(err, EINVAL, "%s: there is no platform '%.40s'%s", where, name,
			nearest_hint(&nearest, hint, sizeof(hint)));
}

static int fail_path(const struct platform *platform, const char *path, const char *where,
		     struct err *err)
{
	struct nearest nearest;
	char hint[400];

	nearest_init(&nearest, path);
	for (size_t i = 0; i < plan_path_nr(platform->driver); i++)
		nearest_feed(&nearest, platform->driver->paths[i].name);
	return err_fail(err, EINVAL, "%s: platform '%s' has no path '%.40s'%s", where,
			platform->name, path, nearest_hint(&nearest, hint, sizeof(hint)));
}

static void select_all(const struct platform *platform, struct selected *selected)
{
	selected->used = true;
	for (size_t i = 0; i < plan_path_nr(platform->driver); i++)
		selected->paths[i] = true;
}

static int select_path(const struct platform *platform, const char *path,
		       const char *where, struct selected *selected, struct err *err)
{
	for (size_t i = 0; i < plan_path_nr(platform->driver); i++) {
		if (strcmp(platform->driver->paths[i].name, path) != 0)
			continue;
		selected->used = selected->paths[i] = true;
		return 0;
	}
	return fail_path(platform, path, where, err);
}

/* "platform" or "platform:path"; splits the word in place. */
static int select_word(const struct platform_set *set, char *word, const char *where,
		       struct selected *list, struct err *err)
{
	const char *name = strsep(&word, ":"), *path = word;
	const struct platform *platform;

	if (!*name)
		return err_fail(err, EINVAL,
				"%s: expected platform[:path],… as in bare,kvm:virtio",
				where);
	platform = platform_set_find(set, name);
	if (!platform)
		return fail_platform(set, name, where, err);
	if (path)
		return select_path(platform, path, where, &list[platform - set->list],
				   err);
	select_all(platform, &list[platform - set->list]);
	return 0;
}

int plan_select(const struct platform_set *set, const char *on, const char *where,
		struct selected *list, struct err *err)
{
	cleanup(free) char *words = on ? strdup(on) : NULL;
	char *rest = words;
	int rc = 0;

	if (on && !words)
		return err_fail(err, ENOMEM, "no memory for the plan");
	for (size_t i = 0; !on && i < set->nr; i++)
		if (!platform_is_hidden(&set->list[i]))
			select_all(&set->list[i], &list[i]);
	while (!rc && rest)
		rc = select_word(set, strsep(&rest, ","), where, list, err);
	return rc;
}
