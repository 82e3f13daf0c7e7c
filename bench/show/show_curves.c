/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points of the curves that findings came with: the short ones as text, all as CSV. */
#include "bench/base/output.h"
#include "bench/show/show.h"

#define SHORT_CURVE 16

enum { NAME, PLATFORM, EMULATION, CURVE, X, Y, LOW, HIGH };
static const char text_sql[] =
	"SELECT e.name, e.platform, e.emulated, s.name, s.x, s.y, s.low, s.high "
	"FROM series s JOIN experiment e ON s.experiment = e.id WHERE e.run = ?1 "
	"AND NOT EXISTS (SELECT 1 FROM series o WHERE o.experiment = e.id "
	"GROUP BY o.name HAVING count(*) > %d) ORDER BY e.id, s.name, s.position";
static const char csv_sql[] =
	"SELECT e.run, e.chapter, e.name, e.platform, e.condition, e.emulated, "
	"e.verdict, e.answer, s.name, s.x, s.y, s.low, s.high FROM experiment e "
	"LEFT JOIN series s ON s.experiment = e.id WHERE e.run = ?1 "
	"ORDER BY e.id, s.name, s.position";

static void add_point(sqlite3_stmt *row, void *data)
{
	struct output_table *table = data;

	output_table_add(table, "%s", show_column(row, NAME));
	output_table_add(table, "%s%s", show_column(row, PLATFORM),
			 sqlite3_column_int(row, EMULATION) ? " (emulated)" : "");
	output_table_add(table, "%s", show_column(row, CURVE));
	for (int i = X; i <= HIGH; i++) {
		if (sqlite3_column_type(row, i) == SQLITE_NULL)
			output_table_add(table, "%s", "-");
		else
			output_table_add(table, "%.4g", sqlite3_column_double(row, i));
	}
}

int show_curves(struct store *store, int64_t run, struct err *err)
{
	static const struct output_column columns[] = {
		{"finding", false}, {"platform", false}, {"curve", false}, {"x", true},
		{"y", true},	    {"low", true},	 {"high", true}};
	struct output_table table;
	char sql[sizeof(text_sql) + 8];
	int rc;

	(void)snprintf(sql, sizeof(sql), text_sql, SHORT_CURVE);
	output_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	rc = show_each_row(store, sql, run, add_point, &table, err);
	if (!rc && table.cell_nr) {
		printf("\nCurves of up to %d points; --format json has all:\n",
		       SHORT_CURVE);
		rc = output_table_write(&table, FORMAT_TEXT, stdout, err);
	}
	output_table_release(&table);
	return rc;
}

/* As they are stored; what is not known is empty. */
static void print_row(sqlite3_stmt *row, void *data)
{
	int columns = sqlite3_column_count(row);

	(void)data;
	for (int i = 0; i < columns; i++) {
		if (sqlite3_column_type(row, i) == SQLITE_FLOAT)
			printf("%.17g", sqlite3_column_double(row, i));
		else
			output_csv_field(stdout, show_column(row, i));
		printf("%s", i + 1 < columns ? "," : "\n");
	}
}

int show_experiments_csv(struct store *store, int64_t run, struct err *err)
{
	printf("run,chapter,name,platform,condition,emulated,verdict,answer,curve,x,y,"
	       "low,"
	       "high\n");
	return show_each_row(store, csv_sql, run, print_row, NULL, err);
}
