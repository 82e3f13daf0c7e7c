/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_EQUIVALENCE_H
#define TARE_EQUIVALENCE_H

/*
 * Equivalence: what a program finds on a platform that it does not find on the baseline.
 * The agent tells its traits once an instance; they are stored as facts of the instance
 * ("trait.…", "trait.path.<path>.…") and compared when they are read.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/base/err.h"

struct runner;
struct store;

/* Asks the agent of a running instance, for itself and for each of its paths in use, and
 * adds to runner->facts. A path that cannot be prepared is left out: the cells on it will
 * say why. Errors are the stream's, and -ENOMEM. */
int equivalence_gather(struct runner *runner, struct err *err);

enum equivalence { EQUIVALENCE_SAME, EQUIVALENCE_DIFFERENT, EQUIVALENCE_MISSING };
#define EQUIVALENCE_NR 3
const char *equivalence_name(enum equivalence equivalence);

/* One trait of a platform beside the baseline's; NULL: it has none. */
struct equivalence_row {
	char *platform, *path; /* path "": of the platform itself */
	char *group, *name;    /* "syscall", "mount" */
	char *base, *here;
	bool emulated;
	enum equivalence verdict;
};
struct equivalence_table {
	struct equivalence_row *list; /* by platform and path, then group and name */
	size_t nr;
	char *baseline;
};
/* -ENODATA: the run has no traits. */
int equivalence_load(struct store *store, int64_t run, struct equivalence_table *ret,
		     struct err *err);
void equivalence_release(struct equivalence_table *table);

/* The rule, pure; either text may be NULL. What works on the baseline and is refused or
 * absent here is missing; what is there otherwise, different. */
enum equivalence equivalence_judge(const char *group, const char *base, const char *here);

#endif
