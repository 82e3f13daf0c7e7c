/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_EQUIVALENCE_WORDS_H
#define TARE_EQUIVALENCE_WORDS_H

/* Traits for a reader: command and report. */
#include "bench/compare/equivalence.h"

#define EQUIVALENCE_TEXT_MAX 200
/* Both values, "–" for none. Lists of words (CPU flags) become what only one side has. */
void equivalence_values(const struct equivalence_row *row,
			char base[static EQUIVALENCE_TEXT_MAX],
			char here[static EQUIVALENCE_TEXT_MAX]);
/* Counts the rows of one platform and path from `from` on; returns the next one's first.
 */
size_t equivalence_place(const struct equivalence_table *table, size_t from,
			 size_t count[static EQUIVALENCE_NR]);

#endif
