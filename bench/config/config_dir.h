/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CONFIG_DIR_H
#define TARE_CONFIG_DIR_H

/* Where configurations are, and the *.yaml files of one kind, sorted by name. */
#include <stddef.h>

#include "bench/base/err.h"

#define CONFIG_FILES_MAX 64
#define CONFIG_NAME_MAX 32

struct config_names {
	char list[CONFIG_FILES_MAX][CONFIG_NAME_MAX + 1]; /* without ".yaml" */
	size_t nr;
};

/* "<config_dir>/<kind>"; hidden files and other endings are skipped. -EINVAL: a name that
 * is not letters, digits, '.', '_' and '-', -E2BIG: too many. */
int config_dir_list(const char *config_dir, const char *kind, struct config_names *ret,
		    struct err *err);
/* "<config_dir>/<kind>/<name>.yaml", malloc'ed; NULL: no memory. */
char *config_dir_file(const char *config_dir, const char *kind, const char *name);
/* "configs/suites/quick.yaml" → "quick", malloc'ed; NULL: no memory. */
char *config_dir_name(const char *file);

/* The folder of suites/ and platforms/ that belongs to the program: beside its folder
 * ("build/tare" → configs, "PREFIX/bin/tare" → PREFIX/share/tare/configs). *ret:
 * malloc'ed. */
int config_dir_find(char **ret, struct err *err);

#endif
