/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CONFIG_SUITE_H
#define TARE_CONFIG_SUITE_H

/* What suites of `tare run` and those of the studies have in common. */
#include "bench/config/config.h"
#include "bench/config/yaml.h"

int suite_read_budget(struct yaml_at at, struct suite *suite, struct err *err);
int suite_read_seed(struct yaml_at at, struct suite *suite, struct err *err);

/* The file that `which` names. *ret: malloc'ed. -ENOENT: there is none of that name. */
int suite_find(const char *config_dir, const char *which, char **ret, struct err *err);
/* Reads the file, or takes the text where that is not NULL: sets file, name and text of
 * the suite, which is the caller's to release even after a failure. */
int suite_open(const char *file, const char *text, struct suite *suite, struct yaml **ret,
	       struct err *err);
/* Is it for the study of that name (NULL: for `tare run`)? If not, says for which command
 * it is. */
int suite_check_study(struct yaml_at root, const char *study, struct err *err);

#endif
