/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stays charged when the process is gone: its page cache, its inodes and dentries.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/remove_tree.h"
#include "bench/memcg/memcg_behaviour.h"

#define FILE_BYTES (16 * MIB)
#define FILES 4000
#define FILE_LEAST_BYTES 256 /* an inode and a dentry are more in every kernel */
#define MOST 0.9

static int ask(const struct memcg_actor *actor, double *ret_bytes, struct err *err)
{
	uint64_t bytes;
	int rc = memcg_group_usage(&actor->group, &bytes, err);

	*ret_bytes = rc ? 0 : (double)bytes;
	return rc;
}

MEMCG_EXPERIMENT(linger_cache)
{
	cleanup(memcg_file) struct memcg_file file = MEMCG_FILE_NONE;
	cleanup(memcg_actor) struct memcg_actor actor = MEMCG_ACTOR_NONE;
	double alive, exited, dropped;
	bool holds;
	int rc = memcg_file_make(context, "linger", FILE_BYTES, &file, err);

	if (!rc)
		rc = memcg_actor_start(context, NULL, 0, &actor, err);
	if (!rc)
		rc = memcg_actor_read(&actor, &file, 0, FILE_BYTES, err);
	if (!rc)
		rc = ask(&actor, &alive, err);
	if (rc)
		return rc;
	if (context->reversed)
		memcg_file_drop(&file);
	(void)memcg_child_end(&actor.child);
	rc = ask(&actor, &exited, err);
	memcg_file_drop(&file);
	if (!rc)
		rc = ask(&actor, &dropped, err);
	if (rc)
		return rc;
	holds = exited >= MOST * FILE_BYTES && dropped <= (1 - MOST) * FILE_BYTES;
	memcg_result_count(result, "file_bytes", FILE_BYTES);
	memcg_result_number(result, "alive_bytes", alive);
	memcg_result_number(result, "exited_bytes", exited);
	memcg_result_number(result, "dropped_bytes", dropped);
	memcg_result_say(
		result, holds ? FINDING_HOLDS : FINDING_FAILS,
		"A process that had read %.0f MiB left %.1f MiB charged to its "
		"group when it was gone (%.1f MiB before); %.1f MiB once the file "
		"was dropped from the cache.",
		IN_MIB(FILE_BYTES), IN_MIB(exited), IN_MIB(alive), IN_MIB(dropped));
	return 0;
}

struct dentries {
	uint64_t before, alive, exited, removed; /* kernel memory, bytes */
};

static int make_and_exit(struct memcg_actor *actor, const char *folder, bool reversed,
			 struct dentries *ret, struct err *err)
{
	struct memcg_order make = {.what = MEMCG_MAKE_FILES, .a = FILES};
	int rc = memcg_group_kernel(&actor->group, &ret->before, err);

	(void)snprintf(make.path, sizeof(make.path), "%s", folder);
	if (!rc)
		rc = memcg_child_tell(&actor->child, &make, NULL, err);
	if (!rc)
		rc = memcg_group_kernel(&actor->group, &ret->alive, err);
	if (rc)
		return rc;
	if (reversed)
		remove_tree(folder);
	(void)memcg_child_end(&actor->child);
	/* what the process itself was made of goes a moment later */
	(void)usleep(200000);
	rc = memcg_group_kernel(&actor->group, &ret->exited, err);
	remove_tree(folder);
	(void)usleep(200000);
	return rc ? rc : memcg_group_kernel(&actor->group, &ret->removed, err);
}

MEMCG_EXPERIMENT(linger_dentries)
{
	cleanup(memcg_actor) struct memcg_actor actor = MEMCG_ACTOR_NONE;
	struct dentries seen;
	char folder[256];
	bool holds;
	int rc = memcg_actor_start(context, NULL, 0, &actor, err);

	(void)snprintf(folder, sizeof(folder), "%s/dentries", context->scratch);
	if (!rc && mkdir(folder, 0700))
		rc = err_fail(err, errno, "cannot make '%s': %m", folder);
	if (rc)
		return rc;
	rc = make_and_exit(&actor, folder, context->reversed, &seen, err);
	remove_tree(folder);
	if (rc)
		return rc;
	holds = seen.exited >= (uint64_t)FILES * FILE_LEAST_BYTES;
	memcg_result_count(result, "files", FILES);
	memcg_result_count(result, "kernel_before_bytes", seen.before);
	memcg_result_count(result, "kernel_alive_bytes", seen.alive);
	memcg_result_count(result, "kernel_exited_bytes", seen.exited);
	memcg_result_count(result, "kernel_removed_bytes", seen.removed);
	memcg_result_say(
		result, holds ? FINDING_HOLDS : FINDING_FAILS,
		"A process that had made %d empty files left %.2f MiB of kernel memory "
		"charged to its group (%.0f bytes a file); %.2f MiB once the files were "
		"removed.",
		FILES, IN_MIB(seen.exited), (double)seen.exited / FILES,
		IN_MIB(seen.removed));
	return 0;
}
