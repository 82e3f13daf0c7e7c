/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which file is meant, and whose suite it is. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/config/config_dir.h"
#include "bench/config/config_study.h"
#include "bench/config/config_suite.h"
#include "bench/config/nearest.h"

static int fail_unknown(const char *config_dir, const char *name,
			const struct config_names *names, struct err *err)
{
	struct nearest nearest;
	char hint[400];

	nearest_init(&nearest, name);
	for (size_t i = 0; i < names->nr; i++)
		nearest_feed(&nearest, names->list[i]);
	return err_fail(err, ENOENT, "there is no suite '%.40s' in '%s/suites'%s", name,
			config_dir, nearest_hint(&nearest, hint, sizeof(hint)));
}

static bool is_path(const char *which)
{
	const char *ending = strrchr(which, '.');

	return strchr(which, '/') || (ending && !strcmp(ending, ".yaml"));
}

int suite_find(const char *config_dir, const char *which, char **ret, struct err *err)
{
	struct config_names names = {.nr = 0};
	bool known = is_path(which);
	char *file;
	int rc = known ? 0 : config_dir_list(config_dir, "suites", &names, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < names.nr && !known; i++)
		known = !strcmp(names.list[i], which);
	if (!known)
		return fail_unknown(config_dir, which, &names, err);
	file = is_path(which) ? strdup(which)
			      : config_dir_file(config_dir, "suites", which);
	if (!file)
		return err_fail(err, ENOMEM, "no memory for a path");
	*ret = file;
	return 0;
}

int suite_open(const char *file, const char *text, struct suite *suite, struct yaml **ret,
	       struct err *err)
{
	suite->file = strdup(file);
	suite->name = config_dir_name(file);
	suite->text = text ? strdup(text) : NULL;
	if (!suite->file || !suite->name || (text && !suite->text))
		return err_fail(err, ENOMEM, "no memory for a suite");
	return text ? yaml_open_text(file, text, strlen(text), ret, err)
		    : yaml_open(file, ret, &suite->text, err);
}

/* The value of key `study`; false: it has none. */
static bool find_study(struct yaml_at root, struct yaml_at *ret)
{
	for (size_t i = 0; yaml_is_map(root) && i < yaml_size(root); i++)
		if (!strcmp(yaml_pair(root, i).key, "study")) {
			*ret = yaml_pair(root, i);
			return true;
		}
	return false;
}

int suite_check_study(struct yaml_at root, const char *study, struct err *err)
{
	struct yaml_at value;
	const char *word;
	int rc;

	if (!find_study(root, &value))
		return study ? yaml_fail(root, err, EINVAL,
					 "this suite is for 'tare run', for it has no "
					 "key 'study: %s'",
					 study)
			     : 0;
	rc = yaml_choice(value, STUDY_NAMES, &word, err);
	if (!rc && (!study || strcmp(word, study) != 0))
		rc = yaml_fail(value, err, EINVAL, "this suite is for 'tare %s'", word);
	return rc;
}
