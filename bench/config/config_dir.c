/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/config/config_dir.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/cleanup.h"

#define ENDING ".yaml"

/* Length of the name in front of ".yaml"; 0: not one of ours. */
static size_t stem_length(const char *file)
{
	size_t length = strlen(file), ending = strlen(ENDING);

	if (file[0] == '.' || length <= ending ||
	    strcmp(file + length - ending, ENDING) != 0)
		return 0;
	return length - ending;
}

static bool is_name(const char *text, size_t length)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	return length <= CONFIG_NAME_MAX && strspn(text, letters) >= length;
}

static int add_name(const char *dir, const char *file, struct config_names *names,
		    struct err *err)
{
	size_t length = stem_length(file);

	if (!length)
		return 0;
	if (!is_name(file, length))
		return err_fail(err, EINVAL,
				"'%s/%.80s': a name is at most %d letters, digits, '.', "
				"'_' and '-'; rename the file",
				dir, file, CONFIG_NAME_MAX);
	if (names->nr == CONFIG_FILES_MAX)
		return err_fail(err, E2BIG, "'%s' has more than %d files", dir,
				CONFIG_FILES_MAX);
	memcpy(names->list[names->nr], file, length);
	names->list[names->nr++][length] = '\0';
	return 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

int config_dir_list(const char *config_dir, const char *kind, struct config_names *ret,
		    struct err *err)
{
	struct config_names names = {.nr = 0};
	cleanup(free) char *path = NULL;
	cleanup(dir) DIR *dir = NULL;
	const struct dirent *entry;
	int rc = 0;

	if (asprintf(&path, "%s/%s", config_dir, kind) < 0) {
		path = NULL;
		return err_fail(err, ENOMEM, "no memory for a path");
	}
	dir = opendir(path);
	if (!dir)
		return err_fail(err, errno,
				"cannot open '%s': %s; name another folder "
				"with --config",
				path, strerror(errno));
	while (!rc && (entry = readdir(dir)))
		rc = add_name(path, entry->d_name, &names, err);
	if (rc)
		return rc;
	qsort(names.list, names.nr, sizeof(names.list[0]), compare);
	*ret = names;
	return 0;
}

char *config_dir_file(const char *config_dir, const char *kind, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s/%s" ENDING, config_dir, kind, name) < 0 ? NULL
									      : path;
}

char *config_dir_name(const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *base = slash ? slash + 1 : file;
	size_t length = stem_length(base);

	return strndup(base, length ? length : strlen(base));
}

static char *config_beside(const char *program_dir, const char *relative)
{
	cleanup(free) char *suites = NULL;
	struct stat status;
	char *dir;

	if (asprintf(&suites, "%s/%s/suites", program_dir, relative) < 0) {
		suites = NULL;
		return NULL;
	}
	if (stat(suites, &status) || !S_ISDIR(status.st_mode))
		return NULL;
	dir = realpath(suites, NULL);
	if (dir)
		*strrchr(dir, '/') = '\0';
	return dir;
}

int config_dir_find(char **ret, struct err *err)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char *dir;

	if (length <= 0)
		return err_fail(err, errno, "cannot find out where this program is: %s",
				strerror(errno));
	program[length] = '\0';
	*strrchr(program, '/') = '\0';
	dir = config_beside(program, "../configs");
	if (!dir)
		dir = config_beside(program, "../share/tare/configs");
	if (!dir)
		return err_fail(
			err, ENOENT,
			"there are no suites and platforms in "
			"'%s/../configs' or '%s/../share/tare/configs'; name their "
			"folder with --config",
			program, program);
	*ret = dir;
	return 0;
}
