/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_NEAREST_H
#define TARE_NEAREST_H

/*
 * The known word that a mistyped one was probably meant to be, for messages.  Words are
 * fed one by one, so that the caller's tables need no common shape.
 */
#include <stdbool.h>
#include <stddef.h>

#include "bench/base/err.h"

struct nearest {
	const char *typed; /* must outlive it */
	const char *best;  /* NULL: no word was near */
	size_t distance;   /* of best */
	size_t length;	   /* of `known` */
	bool cut;	   /* `known` does not hold all words */
	char known[320];   /* all words fed: "a, b, c" */
};

void nearest_init(struct nearest *nearest, const char *typed);
/* `known` must outlive it. */
void nearest_feed(struct nearest *nearest, const char *known);
/* "; did you mean 'x'?" or "; known: a, b, c" or "", written to the end of a message. */
const char *nearest_hint(const struct nearest *nearest, char *buffer, size_t size);

/* Edits (insert, delete, replace, swap neighbours) from a to b, at most `most` + 1. */
size_t nearest_distance(const char *a, const char *b, size_t most);

#endif
