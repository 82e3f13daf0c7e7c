/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ways to show a run have in common: its rows, and text that fits. */
#include <errno.h>
#include <string.h>

#include "bench/show/show.h"

#define WIDTH 98

const char *show_column(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return text ? text : "";
}

static int fail(struct store *store, struct err *err)
{
	return err_fail(err, EBADMSG, "cannot read the store: %s",
			sqlite3_errmsg(store_db(store)));
}

int show_each_row(struct store *store, const char *sql, int64_t run,
		  void (*each)(sqlite3_stmt *row, void *data), void *data,
		  struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	int state;

	if (sqlite3_prepare_v2(store_db(store), sql, -1, &query, NULL) != SQLITE_OK)
		return fail(store, err);
	(void)sqlite3_bind_int64(query, 1, run);
	while ((state = sqlite3_step(query)) == SQLITE_ROW)
		each(query, data);
	return state == SQLITE_DONE ? 0 : fail(store, err);
}

void show_safe(const char *text, char *to, size_t size)
{
	(void)snprintf(to, size, "%s", text);
	for (; *to; to++)
		if ((unsigned char)*to < 0x20 || *to == 0x7f)
			*to = '?';
}

/* Bytes of the words of `text` that fit into `room` columns; at least one word. */
static size_t fitting(const char *text, size_t room)
{
	size_t fits = 0, at = 0, columns = 0;

	for (; text[at]; at++) {
		if (text[at] == ' ')
			fits = at;
		columns += ((unsigned char)text[at] & 0xc0) != 0x80;
		if (columns > room && fits)
			return fits;
	}
	return at;
}

void show_wrapped(const char *text)
{
	char safe[1024];
	const char *at = safe;
	size_t indent = 2;

	show_safe(text, safe, sizeof(safe));
	while (*at) {
		size_t fits = fitting(at, WIDTH - indent);

		printf("%*s%.*s\n", (int)indent, "", (int)fits, at);
		at += fits;
		at += *at == ' ';
		indent = 6;
	}
}
