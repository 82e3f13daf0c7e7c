/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_NEIGHBOURS_JOB_H
#define TARE_NEIGHBOURS_JOB_H

/* One of a pair at work, by fio or by slices: for neighbours_disk.c. */
#include "bench/results/sample.h"
#include "bench/study/neighbour_scene.h"

/* One of the two at work for a while. */
struct job {
	const struct neighbour_scene *scene;
	struct runner *runner;
	const struct workload *workload;
	const struct scratch_mark *mark;
	uint64_t bytes, ops, ns; /* of the data file; of a slice; how long */
	/* Out: */
	int rc;
	struct err err;
	double rate, p50_ns, p99_ns; /* of slices: how long they took */
	uint64_t begin_ns, end_ns;   /* of its work, the harness's clock */
	struct sample sample;	     /* fio's */
};

struct job job_of_victim(struct neighbour_scene *scene, uint64_t ns);
struct job job_of_aggressor(struct neighbour_scene *scene, uint64_t ns);
/* Takes a struct job and returns NULL: for a thread. */
void *job_run(void *data);
/* Reads the data once where the job reads it through the page cache. */
int job_warm(const struct job *job, struct err *err);

#endif
