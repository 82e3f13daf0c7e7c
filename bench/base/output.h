/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_OUTPUT_H
#define TARE_OUTPUT_H

/*
 * What commands print: a table as aligned text, CSV or JSON, for people and programs.
 * A table is collected cell by cell and written whole, so that columns line up.  An
 * allocation that fails is remembered and comes back from output_table_write.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "bench/cmd/cmd.h"
#include "bench/base/err.h"

struct output_column {
	const char *name;
	bool right; /* numbers: aligned to the right in text */
};

struct output_table {
	const struct output_column *columns; /* outlives the table */
	size_t column_nr;
	char **cells; /* row after row */
	size_t cell_nr, cell_cap;
	bool failed; /* no memory for some cell */
};

void output_table_init(struct output_table *table, const struct output_column *columns,
		       size_t column_nr);
/* Adds the next cell of the current row; a full row begins the next one. */
void output_table_add(struct output_table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Text: a header and columns two blanks apart, bold header on a terminal; control
 * characters become '?'.  CSV: a header line, RFC 4180 quoting, lines ended by '\n'.
 * JSON: an array of objects of strings, and of whole numbers in columns of numbers; for
 * other types, commands build json_t themselves and use output_json.  -ENOMEM, or -EIO
 * when `to` cannot be written. */
int output_table_write(const struct output_table *table, enum format format, FILE *to,
		       struct err *err);
void output_table_release(struct output_table *table);

/* One CSV field, quoted where RFC 4180 asks for it, without a separator. */
void output_csv_field(FILE *to, const char *text);
/* Indented, keys in the order they were set, ended by a newline. Keeps the reference. */
int output_json(const json_t *root, FILE *to, struct err *err);
/* `to` is a terminal and NO_COLOR is not set. */
bool output_colour(FILE *to);
/* Columns that a UTF-8 text takes on a terminal, one per character. */
size_t output_width(const char *text);

#endif
