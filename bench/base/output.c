/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/base/output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/json.h"

#define BOLD "\033[1m"
#define PLAIN "\033[0m"

void output_table_init(struct output_table *table, const struct output_column *columns,
		       size_t column_nr)
{
	*table = (struct output_table){.columns = columns, .column_nr = column_nr};
}

void output_table_release(struct output_table *table)
{
	for (size_t i = 0; i < table->cell_nr; i++)
		free(table->cells[i]);
	free(table->cells);
	table->cells = NULL;
	table->cell_nr = table->cell_cap = 0;
}

static bool has_room(struct output_table *table)
{
	size_t cap = table->cell_cap ? 2 * table->cell_cap : 64;
	char **cells;

	if (table->cell_nr < table->cell_cap)
		return true;
	cells = reallocarray(table->cells, cap, sizeof(*cells));
	if (!cells)
		return false;
	table->cells = cells;
	table->cell_cap = cap;
	return true;
}

void output_table_add(struct output_table *table, const char *format, ...)
{
	va_list args;
	char *text;
	int length;

	if (table->failed)
		return;
	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0 || !has_room(table)) {
		if (length >= 0)
			free(text);
		table->failed = true;
		return;
	}
	table->cells[table->cell_nr++] = text;
}

size_t output_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80; /* not a continuation */
	return width;
}

bool output_colour(FILE *to)
{
	const char *no_colour = getenv("NO_COLOR");

	return isatty(fileno(to)) && !(no_colour && *no_colour);
}

/* --- text --- */

/* Texts may come from a guest: none of them may move the cursor. */
static void print_harmless(FILE *to, const char *text)
{
	for (; *text; text++)
		putc((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text, to);
}

static void print_padded(FILE *to, const char *text, size_t width, bool right, bool last)
{
	int pad = (int)(width - output_width(text));

	if (right)
		fprintf(to, "%*s", pad, "");
	print_harmless(to, text);
	if (!right && !last)
		fprintf(to, "%*s", pad, "");
	if (!last)
		fputs("  ", to);
}

static const char *cell_at(const struct output_table *table, size_t row, size_t column)
{
	size_t i = row * table->column_nr + column;

	return i < table->cell_nr ? table->cells[i] : "";
}

static size_t row_nr(const struct output_table *table)
{
	return !table->column_nr
		       ? 0
		       : (table->cell_nr + table->column_nr - 1) / table->column_nr;
}

static size_t column_width(const struct output_table *table, size_t column)
{
	size_t width = output_width(table->columns[column].name);

	for (size_t row = 0; row < row_nr(table); row++) {
		size_t cell = output_width(cell_at(table, row, column));

		if (cell > width)
			width = cell;
	}
	return width;
}

static int write_text(const struct output_table *table, FILE *to, struct err *err)
{
	size_t nr = table->column_nr;
	size_t *widths = calloc(nr, sizeof(*widths));
	bool bold = output_colour(to);

	if (!widths)
		return err_fail(err, ENOMEM, "no memory for a table");
	for (size_t i = 0; i < nr; i++)
		widths[i] = column_width(table, i);
	fputs(bold ? BOLD : "", to);
	for (size_t i = 0; i < nr; i++)
		print_padded(to, table->columns[i].name, widths[i],
			     table->columns[i].right, i + 1 == nr);
	fputs(bold ? PLAIN "\n" : "\n", to);
	for (size_t row = 0; row < row_nr(table); row++) {
		for (size_t i = 0; i < nr; i++)
			print_padded(to, cell_at(table, row, i), widths[i],
				     table->columns[i].right, i + 1 == nr);
		putc('\n', to);
	}
	free(widths);
	return 0;
}

/* --- CSV --- */

void output_csv_field(FILE *to, const char *text)
{
	if (!strpbrk(text, "\",\r\n")) {
		fputs(text, to);
		return;
	}
	putc('"', to);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', to);
		putc(*text, to);
	}
	putc('"', to);
}

static void write_csv(const struct output_table *table, FILE *to)
{
	for (size_t i = 0; i < table->column_nr; i++) {
		fputs(i ? "," : "", to);
		output_csv_field(to, table->columns[i].name);
	}
	putc('\n', to);
	for (size_t row = 0; row < row_nr(table); row++) {
		for (size_t i = 0; i < table->column_nr; i++) {
			fputs(i ? "," : "", to);
			output_csv_field(to, cell_at(table, row, i));
		}
		putc('\n', to);
	}
}

/* --- JSON --- */

int output_json(const json_t *root, FILE *to, struct err *err)
{
	if (!root || json_dumpf(root, to, JSON_INDENT(2)))
		return err_fail(err, EIO, "cannot write JSON");
	putc('\n', to);
	return 0;
}

/* A whole number in a column of numbers is one in JSON, too. */
static json_t *json_cell(const struct output_column *column, const char *text)
{
	char *end;
	long long value;

	if (!column->right || !*text)
		return json_string(text);
	errno = 0;
	value = strtoll(text, &end, 10);
	return *end || errno ? json_string(text) : json_integer(value);
}

static int write_json(const struct output_table *table, FILE *to, struct err *err)
{
	cleanup(json) json_t *root = json_array();

	for (size_t row = 0; row < row_nr(table); row++) {
		json_t *object = json_object();

		for (size_t i = 0; i < table->column_nr; i++)
			json_object_set_new(
				object, table->columns[i].name,
				json_cell(&table->columns[i], cell_at(table, row, i)));
		json_array_append_new(root, object);
	}
	return output_json(root, to, err);
}

int output_table_write(const struct output_table *table, enum format format, FILE *to,
		       struct err *err)
{
	int rc = 0;

	if (table->failed)
		return err_fail(err, ENOMEM, "no memory for a table");
	if (format == FORMAT_CSV)
		write_csv(table, to);
	else if (format == FORMAT_JSON)
		rc = write_json(table, to, err);
	else
		rc = write_text(table, to, err);
	if (!rc && (fflush(to) || ferror(to)))
		rc = err_fail(err, EIO, "cannot write the output");
	return rc;
}
