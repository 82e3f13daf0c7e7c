/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_MEMCG_STUDY_H
#define TARE_MEMCG_STUDY_H

/* The study of `tare memcg`: a suite's ratios, then experiments. */
#include "bench/memcg/memcg_cost.h"
#include "bench/study/session.h"

enum memcg_half { MEMCG_OVERHEAD = 1, MEMCG_BEHAVIOUR = 2 };
struct memcg_study {
	struct session *session;
	unsigned halves; /* of enum memcg_half */
	/* only these experiments, and no suite; NULL: all */
	char *const *names;
	size_t name_nr;
	bool quick;
};
/* Are all names known? -EINVAL with the nearest one. */
int memcg_study_check(const struct memcg_study *study, struct err *err);
/* Between session_begin_run and the run's end. Returns 0; 1: the suite's budget is spent
 * with targets missed; -EINTR; or what failed. */
int memcg_study_run(struct memcg_study *study, struct err *err);

/* memcg_print.c: what a run has of the study. */
int memcg_print(struct store *store, int64_t run, enum format format, struct err *err);

#endif
