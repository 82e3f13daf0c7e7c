/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/compare/equivalence_words.h"

#include <stdio.h>
#include <string.h>

#define WORDS_FROM 10 /* that make a text a list */

static bool is_list(const char *text)
{
	size_t words = 0;

	for (; text && *text; text++)
		words += *text != ' ' && (text[1] == ' ' || !text[1]);
	return words >= WORDS_FROM;
}

static bool has_word(const char *list, const char *word, size_t length)
{
	for (const char *at = list; (at = strstr(at, word)); at++)
		if ((at == list || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
			return true;
	return false;
}

/* "12 more: a b c …" */
static void only_in(const char *list, const char *other,
		    char to[static EQUIVALENCE_TEXT_MAX])
{
	char words[EQUIVALENCE_TEXT_MAX - 40] = "";
	size_t nr = 0, used = 0;

	while (*list) {
		size_t length = strcspn(list, " ");
		char word[64];

		(void)snprintf(word, sizeof(word), "%.*s", (int)length, list);
		if (length && !has_word(other, word, strlen(word))) {
			nr++;
			if (used + strlen(word) + 2 < sizeof(words))
				used += (size_t)snprintf(
					words + used, sizeof(words) - used, " %s", word);
		}
		list += length + (list[length] == ' ');
	}
	(void)snprintf(to, EQUIVALENCE_TEXT_MAX, "%zu only here:%s", nr,
		       nr ? words : " none");
}

void equivalence_values(const struct equivalence_row *row,
			char base[static EQUIVALENCE_TEXT_MAX],
			char here[static EQUIVALENCE_TEXT_MAX])
{
	if (row->base && row->here && strcmp(row->base, row->here) != 0 &&
	    (is_list(row->base) || is_list(row->here))) {
		only_in(row->base, row->here, base);
		only_in(row->here, row->base, here);
		return;
	}
	(void)snprintf(base, EQUIVALENCE_TEXT_MAX, "%s", row->base ? row->base : "–");
	(void)snprintf(here, EQUIVALENCE_TEXT_MAX, "%s", row->here ? row->here : "–");
}

size_t equivalence_place(const struct equivalence_table *table, size_t from,
			 size_t count[static EQUIVALENCE_NR])
{
	const struct equivalence_row *first = &table->list[from];
	size_t i = from;

	memset(count, 0, EQUIVALENCE_NR * sizeof(count[0]));
	for (; i < table->nr && !strcmp(table->list[i].platform, first->platform) &&
	       !strcmp(table->list[i].path, first->path);
	     i++)
		count[table->list[i].verdict]++;
	return i;
}
