/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/host/image.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/agent/sha256.h"
#include "bench/base/cleanup.h"

#define LINES_MAX 64

/* The public struct comes first, so that a pointer to it is a pointer to all. */
struct loaded {
	struct image image;
	char dir[PATH_MAX], root[PATH_MAX], initrd[PATH_MAX], kernel[PATH_MAX];
	char *lines[LINES_MAX]; /* "key\0value" */
	size_t line_nr;
};

void image_close(struct image *image)
{
	struct loaded *loaded = (struct loaded *)image;

	if (!loaded)
		return;
	for (size_t i = 0; i < loaded->line_nr; i++)
		free(loaded->lines[i]);
	free(loaded);
}
CLEANUP_DEFINE(image, struct image *, image_close)

const char *image_manifest(const struct image *image, const char *key)
{
	const struct loaded *loaded = (const struct loaded *)image;

	for (size_t i = 0; i < loaded->line_nr; i++)
		if (!strcmp(loaded->lines[i], key))
			return loaded->lines[i] + strlen(key) + 1;
	return NULL;
}

/* build/tare → build/image; PREFIX/bin/tare → PREFIX/lib/tare/image. */
static int default_dir(char to[static PATH_MAX], struct err *err)
{
	char program[PATH_MAX], path[PATH_MAX + 32];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char *slash;

	if (length <= 0)
		return err_fail(err, errno, "cannot read /proc/self/exe: %m");
	program[length] = '\0';
	slash = strrchr(program, '/');
	*slash = '\0';
	(void)snprintf(path, sizeof(path), "%s/image", program);
	if (access(path, F_OK))
		(void)snprintf(path, sizeof(path), "%s/../lib/tare/image", program);
	if (!realpath(path, to))
		return err_fail(err, ENOENT,
				"there is no image beside '%s/tare'; run 'make'",
				program);
	return 0;
}

static int read_manifest(struct loaded *loaded, struct err *err)
{
	cleanup(file) FILE *file = NULL;
	char path[PATH_MAX + 16], line[512];

	(void)snprintf(path, sizeof(path), "%s/manifest", loaded->dir);
	file = fopen(path, "re");
	if (!file)
		return err_fail(err, errno, "cannot open '%s': %m; run 'make image'",
				path);
	while (loaded->line_nr < LINES_MAX && fgets(line, sizeof(line), file)) {
		char *equals = strchr(line, '=');
		char *copy;

		line[strcspn(line, "\n")] = '\0';
		if (!equals)
			continue;
		copy = malloc(strlen(line) + 1);
		if (!copy)
			return err_fail(err, ENOMEM,
					"no memory for the image's manifest");
		memcpy(copy, line, strlen(line) + 1);
		copy[equals - line] = '\0';
		loaded->lines[loaded->line_nr++] = copy;
	}
	return 0;
}

static int parse_hex(const char *text, uint8_t to[static 32])
{
	if (!text || strlen(text) != 64)
		return -1;
	for (int i = 0; i < 32; i++) {
		unsigned byte;

		if (sscanf(text + 2 * i, "%2x", &byte) != 1)
			return -1;
		to[i] = (uint8_t)byte;
	}
	return 0;
}

/* The file as it is now against what the manifest says. */
static int check_file(const struct loaded *loaded, const char *name, const char *key,
		      uint8_t to[static 32], struct err *err)
{
	char path[PATH_MAX + 32];
	uint8_t found[32];
	int rc;

	(void)snprintf(path, sizeof(path), "%s/%s", loaded->root, name);
	if (parse_hex(image_manifest(&loaded->image, key), to))
		return err_fail(err, EINVAL, "'%s/manifest' has no %s; run 'make image'",
				loaded->dir, key);
	rc = sha256_file(path, found);
	if (rc)
		return err_fail(err, -rc, "cannot read '%s': %s; run 'make image'", path,
				strerror(-rc));
	if (memcmp(found, to, sizeof(found)))
		return err_fail(err, EBADMSG,
				"'%s' is not what the manifest says; run 'make image'",
				path);
	return 0;
}

static void name_files(struct loaded *loaded)
{
	(void)snprintf(loaded->root, PATH_MAX, "%.4000s/root", loaded->dir);
	(void)snprintf(loaded->initrd, PATH_MAX, "%.4000s/guest.cpio", loaded->dir);
	(void)snprintf(loaded->kernel, PATH_MAX, "%.4000s/vmlinux", loaded->dir);
	loaded->image.dir = loaded->dir;
	loaded->image.root = loaded->root;
	loaded->image.initrd = loaded->initrd;
	loaded->image.kernel = loaded->kernel;
}

int image_open(const char *dir, struct image **ret, struct err *err)
{
	struct loaded *loaded = calloc(1, sizeof(*loaded));
	cleanup(image) struct image *image = (struct image *)loaded;
	int rc = 0;

	if (!loaded)
		return err_fail(err, ENOMEM, "no memory for the image");
	if (dir && !realpath(dir, loaded->dir))
		return err_fail(err, errno,
				"cannot open the image '%s': %m; run 'make image'", dir);
	if (!dir)
		rc = default_dir(loaded->dir, err);
	if (!rc)
		rc = read_manifest(loaded, err);
	if (rc)
		return rc;
	name_files(loaded);
	rc = check_file(loaded, "agent", "agent_sha256", image->agent_sha256, err);
	if (!rc)
		rc = check_file(loaded, "usr/bin/fio", "fio_sha256", image->fio_sha256,
				err);
	image->hash = image_manifest(image, "tree_sha256");
	if (!rc && !image->hash)
		rc = err_fail(err, EINVAL,
			      "'%s/manifest' has no tree_sha256; run 'make image'",
			      loaded->dir);
	if (rc)
		return rc;
	*ret = take_ptr(image);
	return 0;
}
