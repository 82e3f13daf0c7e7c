/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which numbers of instances are measured. */
#include "bench/study/density.h"

#define LEAST 8u /* the talk's claim is about six to eight */

unsigned density_most(unsigned cpus)
{
	unsigned twice = cpus > STUDY_INSTANCES_MAX / 2 ? STUDY_INSTANCES_MAX : 2 * cpus;

	return twice > LEAST ? twice : LEAST;
}

/* Keeps them ascending, each once. */
static size_t insert(unsigned *counts, size_t nr, unsigned value)
{
	size_t at = nr;

	while (at && counts[at - 1] >= value)
		at--;
	if (nr == DENSITY_COUNTS_MAX || (at < nr && counts[at] == value))
		return nr;
	for (size_t i = nr; i > at; i--)
		counts[i] = counts[i - 1];
	counts[at] = value;
	return nr + 1;
}

size_t density_counts_auto(unsigned most, unsigned cores, unsigned cpus,
			   unsigned ret[static DENSITY_COUNTS_MAX])
{
	const unsigned bends[] = {most, cpus,
				  cores}; /* where a curve bends, if it does */
	size_t nr = 0;

	for (unsigned n = 1; n < most; n *= 2)
		nr = insert(ret, nr, n);
	for (size_t i = 0; i < sizeof(bends) / sizeof(bends[0]); i++)
		if (bends[i] && bends[i] <= most)
			nr = insert(ret, nr, bends[i]);
	return nr;
}

size_t density_counts_cut(const unsigned *counts, size_t nr, unsigned most,
			  unsigned ret[static DENSITY_COUNTS_MAX])
{
	size_t kept = 0;

	for (size_t i = 0; i < nr && counts[i] < most; i++)
		ret[kept++] = counts[i];
	return insert(ret, kept, most);
}
