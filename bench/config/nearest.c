/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/config/nearest.h"

#include <stdio.h>
#include <string.h>

#define WORD_MAX 40u /* longer words are never near anything */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* One row of the edit table, out of the two before it. */
static void fill_row(const char *a, const char *b, size_t row,
		     size_t rows[3][WORD_MAX + 1])
{
	size_t *now = rows[row % 3], *before = rows[(row + 2) % 3];
	const size_t *twice = rows[(row + 1) % 3];

	now[0] = row;
	for (size_t i = 1; b[i - 1]; i++) {
		bool same = a[row - 1] == b[i - 1];

		now[i] = least(least(before[i], now[i - 1]) + 1, before[i - 1] + !same);
		if (row > 1 && i > 1 && a[row - 1] == b[i - 2] && a[row - 2] == b[i - 1])
			now[i] = least(now[i], twice[i - 2] + 1);
	}
}

size_t nearest_distance(const char *a, const char *b, size_t most)
{
	size_t rows[3][WORD_MAX + 1], distance;

	if (strnlen(a, WORD_MAX + 1) > WORD_MAX || strnlen(b, WORD_MAX + 1) > WORD_MAX)
		return most + 1;
	for (size_t i = 0; i <= WORD_MAX; i++)
		rows[0][i] = i;
	for (size_t row = 1; row <= strlen(a); row++)
		fill_row(a, b, row, rows);
	distance = rows[strlen(a) % 3][strlen(b)];
	return least(distance, most + 1);
}

void nearest_init(struct nearest *nearest, const char *typed)
{
	*nearest = (struct nearest){.typed = typed};
}

static void add_known(struct nearest *nearest, const char *known)
{
	size_t room = sizeof(nearest->known) - nearest->length;
	int length;

	if (nearest->cut)
		return;
	length = snprintf(nearest->known + nearest->length, room, "%s%s",
			  nearest->length ? ", " : "", known);
	if (length < 0 || (size_t)length >= room) {
		nearest->known[nearest->length] = '\0';
		nearest->cut = true;
		return;
	}
	nearest->length += (size_t)length;
}

/* A third of the letters may be wrong, two at least in all but the shortest words. */
static size_t tolerance(const char *typed)
{
	size_t length = strlen(typed);

	return length < 3 ? 1 : length < 6 ? 2 : length / 3;
}

void nearest_feed(struct nearest *nearest, const char *known)
{
	size_t most = tolerance(nearest->typed);
	size_t distance = nearest_distance(nearest->typed, known, most);

	/* a word of which every letter is another is not near, however short */
	if (distance <= most && distance < strlen(known) &&
	    (!nearest->best || distance < nearest->distance)) {
		nearest->best = known;
		nearest->distance = distance;
	}
	add_known(nearest, known);
}

const char *nearest_hint(const struct nearest *nearest, char *buffer, size_t size)
{
	if (nearest->best)
		(void)snprintf(buffer, size, "; did you mean '%s'?", nearest->best);
	else if (nearest->length)
		(void)snprintf(buffer, size, "; known: %s%s", nearest->known,
			       nearest->cut ? ", …" : "");
	else
		(void)snprintf(buffer, size, "%s", "");
	return buffer;
}
