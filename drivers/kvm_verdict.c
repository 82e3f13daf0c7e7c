/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/kvm_verdict.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "drivers/kvm_conn.h"

#define FORMAT "2" /* of the file and of what a probe does */

static int read_boot_id(char *id, size_t size, struct err *err)
{
	cleanup(file) FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!file || !fgets(id, (int)size, file))
		return err_fail(err, EIO, "cannot read the host's boot id");
	id[strcspn(id, "\n")] = '\0';
	return 0;
}

static void add_settings(const struct platform *platform, char *text, size_t size)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < platform->setting_nr && length < size; i++) {
		const struct setting *setting = &platform->settings[i];
		int put = snprintf(text + length, size - length, " %s=%s", setting->name,
				   setting->value ? setting->value : "");

		length += put > 0 ? (size_t)put : 0;
	}
}

int kvm_verdict_key(const struct spec *spec, const char *versions, bool hardware,
		    char key[static KVM_KEY_MAX], struct err *err)
{
	const char *own = platform_setting(spec->platform, "kernel");
	const char *kernel = own ? own : spec->image->kernel;
	struct utsname host;
	struct stat status;
	char boot[64];
	int rc = read_boot_id(boot, sizeof(boot), err);

	if (rc)
		return rc;
	if (uname(&host) || stat(kernel, &status))
		return err_fail(err, errno, "cannot read the kernel '%s': %m", kernel);
	(void)snprintf(key, KVM_KEY_MAX,
		       "%s %s %s, Linux %s, image %.64s, kernel %lld.%lld:", boot,
		       hardware ? "kvm" : "tcg", versions, host.release,
		       spec->image->hash, (long long)status.st_size,
		       (long long)status.st_mtime);
	add_settings(spec->platform, key, KVM_KEY_MAX);
	return 0;
}

/* FNV-1a: file names only; the whole key is compared. */
static void name_file(const char *key, char *path, size_t size)
{
	uint64_t hash = 0xcbf29ce484222325ull;

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 0x100000001b3ull;
	(void)snprintf(path, size, KVM_CACHE_DIR "/verdict-%016llx",
		       (unsigned long long)hash);
}

/* "1 reason": whether it works, and why not. */
static bool read_answer(FILE *file, bool *works, char *reason, size_t size)
{
	char line[512];

	if (!fgets(line, sizeof(line), file) || (line[0] != '0' && line[0] != '1') ||
	    line[1] != ' ')
		return false;
	line[strcspn(line, "\n")] = '\0';
	*works = line[0] == '1';
	(void)snprintf(reason, size, "%.*s", (int)size - 1, line + 2);
	return true;
}

int kvm_verdict_load(const char *key, struct kvm_verdict *ret)
{
	struct kvm_verdict verdict;
	char path[128], line[KVM_KEY_MAX + 1];
	cleanup(file) FILE *file = NULL;

	name_file(key, path, sizeof(path));
	file = fopen(path, "re");
	if (!file || !fgets(line, sizeof(line), file))
		return -ENOENT;
	line[strcspn(line, "\n")] = '\0';
	if (strcmp(line, key) ||
	    !read_answer(file, &verdict.works, verdict.reason, sizeof(verdict.reason)))
		return -ENOENT;
	for (size_t i = 0; i < KVM_PATH_NR; i++)
		if (!read_answer(file, &verdict.paths[i].works, verdict.paths[i].reason,
				 sizeof(verdict.paths[i].reason)))
			return -ENOENT;
	*ret = verdict;
	return 0;
}

void kvm_verdict_save(const char *key, const struct kvm_verdict *verdict)
{
	char path[128], fresh[144];
	FILE *file;

	name_file(key, path, sizeof(path));
	(void)snprintf(fresh, sizeof(fresh), "%s.new", path);
	file = fopen(fresh, "we");
	if (!file)
		return;
	(void)fprintf(file, "%s\n%d %s\n", key, verdict->works, verdict->reason);
	for (size_t i = 0; i < KVM_PATH_NR; i++)
		(void)fprintf(file, "%d %s\n", verdict->paths[i].works,
			      verdict->paths[i].reason);
	if (fclose(file) || rename(fresh, path))
		(void)unlink(fresh);
}

void kvm_verdict_forget(const char *key)
{
	char path[128];

	name_file(key, path, sizeof(path));
	(void)unlink(path);
}

static bool is_of_boot(const char *path, const char *boot)
{
	cleanup(file) FILE *file = fopen(path, "re");
	char line[64];

	return file && fgets(line, sizeof(line), file) &&
	       !strncmp(line, boot, strlen(boot));
}

void kvm_verdict_expire(void)
{
	cleanup(dir) DIR *dir = opendir(KVM_CACHE_DIR);
	struct dirent *entry;
	struct err ignored = {0};
	char boot[64], path[300];

	if (read_boot_id(boot, sizeof(boot), &ignored))
		return;
	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "verdict-", strlen("verdict-")) != 0)
			continue;
		(void)snprintf(path, sizeof(path), KVM_CACHE_DIR "/%s", entry->d_name);
		if (!is_of_boot(path, boot))
			(void)unlink(path);
	}
}
