/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Disk bytes by the blocks that files have (st_blocks), not by how long they say they
 * are: of the image that all instances share, of the files that an instance has while it
 * runs, and of what its own writes go to.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/base/json.h"
#include "bench/base/remove_tree.h"
#include "bench/study/footprint_disk.h"

static struct footprint_tree tree_of(const char *path)
{
	struct footprint_tree tree = {0};

	footprint_tree_add(path, &tree);
	return tree;
}

/* numbers: taken over. */
static int store(struct footprint_study *study, struct store_experiment *row,
		 json_t *numbers, struct err *err)
{
	cleanup(json) json_t *root = numbers;
	cleanup(free) char *text = json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER);
	int64_t id;

	if (!text)
		return err_fail(err, ENOMEM, "no memory for a finding");
	row->name = "disk";
	row->verdict = FINDING_INCONCLUSIVE; /* nothing was claimed */
	row->numbers = text;
	return footprint_add_finding(study, row, &id, err);
}

static int store_image(struct footprint_study *study, struct err *err)
{
	const struct image *image = study->session->image;
	struct footprint_tree tree = tree_of(image->root);
	struct footprint_tree initrd = tree_of(image->initrd);
	struct footprint_tree kernel = tree_of(image->kernel);
	char answer[200];
	struct store_experiment row = {.condition = "image",
				       .procedure = "add up st_blocks of all files",
				       .answer = answer};

	(void)snprintf(answer, sizeof(answer),
		       "the image: tree %.1f MiB, guests' initramfs %.1f MiB, their "
		       "kernel %.1f MiB",
		       (double)tree.disk_bytes / 1048576,
		       (double)initrd.disk_bytes / 1048576,
		       (double)kernel.disk_bytes / 1048576);
	return store(study, &row,
		     json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "tree_bytes",
			       (json_int_t)tree.disk_bytes, "tree_size_bytes",
			       (json_int_t)tree.size_bytes, "initramfs_bytes",
			       (json_int_t)initrd.disk_bytes, "initramfs_size_bytes",
			       (json_int_t)initrd.size_bytes, "kernel_bytes",
			       (json_int_t)kernel.disk_bytes, "kernel_size_bytes",
			       (json_int_t)kernel.size_bytes),
		     err);
}

/* Run folder and scratch, the folders in which drivers keep what is an instance's. */
static uint64_t files_of(const struct session *session)
{
	return tree_of(session->run_dir).disk_bytes +
	       tree_of(session->scratch).disk_bytes;
}

static int measure_instance(struct footprint_study *study, size_t place,
			    uint64_t bytes[static 3], struct err *err)
{
	struct runner runner;
	int rc;

	bytes[0] = files_of(study->session);
	rc = places_start(&study->places, &study->places.list[place], &runner, err);
	if (rc)
		return rc;
	bytes[1] = files_of(study->session);
	rc = runner_stop(&runner, err);
	bytes[2] = files_of(study->session);
	return rc;
}

static int store_instance(struct footprint_study *study, size_t place, struct err *err)
{
	const struct place *at = &study->places.list[place];
	uint64_t bytes[3];
	char answer[160];
	struct store_experiment row = {
		.platform = at->platform->name,
		.condition = "files of an instance",
		.emulated = at->probe.state == EMULATED,
		.procedure = "add up st_blocks of the run folder and the scratch folder "
			     "before an instance was started, while it runs, and after",
		.answer = answer};
	int rc = measure_instance(study, place, bytes, err);

	if (rc)
		return footprint_give_up(study, place, rc, err);
	(void)snprintf(answer, sizeof(answer),
		       "files of an instance: %.1f KiB while it runs, %.1f KiB stay",
		       ((double)bytes[1] - (double)bytes[0]) / 1024,
		       ((double)bytes[2] - (double)bytes[0]) / 1024);
	return store(study, &row,
		     json_pack("{s:I, s:I, s:I}", "before_bytes", (json_int_t)bytes[0],
			       "running_bytes", (json_int_t)bytes[1], "after_bytes",
			       (json_int_t)bytes[2]),
		     err);
}

static int measure_delta(const struct footprint_delta *delta, const char *dir,
			 const struct image *image, struct footprint_tree tree[static 2],
			 struct err *err)
{
	char own[PATH_MAX];
	int rc;

	if (mkdir(dir, 0700))
		return err_fail(err, errno, "cannot make '%s': %m", dir);
	(void)snprintf(own, sizeof(own), "%s/%s", dir, delta->own);
	rc = delta->make(dir, image, err);
	tree[0] = tree_of(own);
	if (!rc)
		rc = delta->write(dir, image, err);
	tree[1] = tree_of(own);
	return rc;
}

static int store_delta(struct footprint_study *study, const struct footprint_delta *delta,
		       struct err *err)
{
	struct footprint_tree tree[2];
	char dir[PATH_MAX], answer[512];
	struct store_experiment row = {.name = "disk",
				       .condition = delta->name,
				       .procedure = delta->procedure,
				       .verdict = FINDING_UNAVAILABLE,
				       .answer = answer};
	int64_t id;
	int rc;

	(void)snprintf(dir, sizeof(dir), "%s/delta", study->session->scratch);
	rc = measure_delta(delta, dir, study->session->image, tree, err);
	remove_tree(dir);
	if (rc && *study->session->options->stop)
		return rc;
	if (rc) {
		(void)snprintf(answer, sizeof(answer), "%s", err->text);
		err_clear(err);
		return footprint_add_finding(study, &row, &id, err);
	}
	(void)snprintf(answer, sizeof(answer),
		       "%s: %.1f KiB empty, %.1f KiB after the write (%.1f KiB long)",
		       delta->name, (double)tree[0].disk_bytes / 1024,
		       (double)tree[1].disk_bytes / 1024,
		       (double)tree[1].size_bytes / 1024);
	return store(study, &row,
		     json_pack("{s:I, s:I, s:I, s:I}", "empty_bytes",
			       (json_int_t)tree[0].disk_bytes, "written_bytes",
			       (json_int_t)tree[1].disk_bytes, "empty_size_bytes",
			       (json_int_t)tree[0].size_bytes, "written_size_bytes",
			       (json_int_t)tree[1].size_bytes),
		     err);
}

int footprint_disk(struct footprint_study *study, struct err *err)
{
	int rc = store_image(study, err);

	for (size_t i = 0; !rc && i < study->places.nr; i++)
		if (!study->state[i].failed[0])
			rc = store_instance(study, i, err);
	for (size_t i = 0; !rc && i < footprint_delta_nr; i++) {
		progress_show(&study->session->progress, (unsigned)i,
			      (unsigned)footprint_delta_nr, footprint_deltas[i].name, "",
			      0);
		rc = footprint_check_stop(study, err);
		if (!rc)
			rc = store_delta(study, &footprint_deltas[i], err);
	}
	return rc;
}
