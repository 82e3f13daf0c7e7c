/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_STUDY_H
#define TARE_REPORT_STUDY_H

/*
 * A report of one run takes from the store's other runs what it has no study of: starts,
 * footprint, density, neighbours, the memory cgroup.  Of each study the newest finished
 * run on the same machine under the same kernel, and it says which.
 */
#include "bench/report/report_section.h"

#define REPORT_STUDIES_MAX 8
struct report_study {
	const char *name;     /* of a section's `study` */
	struct report report; /* of the other run */
};
struct report_studies {
	struct report_study list[REPORT_STUDIES_MAX];
	size_t nr;
};

/* The studies that `own` lacks and another run has; 0 with none of them is no error.  The
 * caller releases. */
int report_studies_load(const struct report *own, struct report_studies *ret,
			struct err *err);
void report_studies_release(struct report_studies *studies);

/* The run that a section is written from: the report's own, or the other of its study. */
const struct report *report_of(const struct report *own,
			       const struct report_section *section);
/* "*Of run 4, …*" below the heading of a section that is of another run. */
void report_put_origin(const struct report *own, const struct report *other, FILE *to);

#endif
