/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/compare/equivalence.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/schedule/runner.h"

/* What is believed of an agent, which may be hostile. */
#define TRAITS_MAX 512 /* lines of one answer */
#define KEY_MAX 96
#define VALUE_MAX 160
#define TIMEOUT_NS (30 * NS_PER_S)

static bool is_key(const char *key, size_t length)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-, ";

	return length && length <= KEY_MAX && strspn(key, allowed) >= length;
}

static int add_line(struct facts *facts, const char *prefix, const char *line,
		    struct err *err)
{
	const char *equals = strchr(line, '=');
	char name[2 * KEY_MAX], value[VALUE_MAX + 1];

	if (!equals || !is_key(line, (size_t)(equals - line)))
		return 0;
	(void)snprintf(name, sizeof(name), "%s%.*s", prefix, (int)(equals - line), line);
	(void)snprintf(value, sizeof(value), "%s", equals + 1);
	return facts_add(facts, name, NULL, value, "agent")
		       ? err_fail(err, ENOMEM, "no memory for facts")
		       : 0;
}

static int gather_one(struct runner *runner, const char *prefix, const char *target,
		      struct err *err)
{
	cleanup(free) char *text = NULL;
	char *rest = NULL;
	unsigned nr = 0;
	int rc = channel_traits(&runner->channel, target, TIMEOUT_NS, &text, err);

	if (rc)
		return err_because(err, "asking %s for its traits",
				   runner->spec.platform->name);
	for (char *line = strtok_r(text, "\n", &rest); line && !rc && nr < TRAITS_MAX;
	     line = strtok_r(NULL, "\n", &rest), nr++)
		rc = add_line(&runner->facts, prefix, line, err);
	return rc;
}

int equivalence_gather(struct runner *runner, struct err *err)
{
	const struct path_def *paths = runner->driver->paths;
	int rc = gather_one(runner, "trait.", "", err);

	for (size_t i = 0;
	     !rc && runner->spec.scratch && i < DRIVER_PATHS_MAX && paths[i].name; i++) {
		char prefix[KEY_MAX];
		struct err why = {0};

		if (!runner->spec.paths[i] || runner_prepare(runner, i, &why))
			continue;
		(void)snprintf(prefix, sizeof(prefix), "trait.path.%.40s.",
			       paths[i].name);
		rc = gather_one(runner, prefix,
				runner->driver->target(runner->instance, i), err);
	}
	return rc;
}
