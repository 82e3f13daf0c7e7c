/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in no ratio: platforms that could not run, samples that count for nothing. */
#include <string.h>

#include "bench/show/show.h"

/* --- platforms --- */

static const char platforms[] = "SELECT name, path, state, reason FROM platform "
				"WHERE run = ?1 ORDER BY id";

/* *data: has the title been printed? */
static void print_once(const char *title, void *data)
{
	bool *titled = data;

	if (!*titled)
		printf("\n%s\n", title);
	*titled = true;
}

static void print_unavailable(sqlite3_stmt *row, void *data)
{
	char text[512];

	if (strcmp(show_column(row, 2), readiness_name(UNAVAILABLE)) != 0)
		return;
	print_once("Could not run here:", data);
	(void)snprintf(text, sizeof(text), "%s:%s: %s", show_column(row, 0),
		       show_column(row, 1), show_column(row, 3));
	show_wrapped(text);
}

static void append_platform(sqlite3_stmt *row, void *data)
{
	json_t *object = json_object();

	json_object_set_new(object, "name", json_string(show_column(row, 0)));
	json_object_set_new(object, "path", json_string(show_column(row, 1)));
	json_object_set_new(object, "state", json_string(show_column(row, 2)));
	json_object_set_new(object, "reason", json_string(show_column(row, 3)));
	json_array_append_new(data, object);
}

/* --- samples --- */

static const char outcomes[] =
	"SELECT c.label, p.name || ':' || p.path, s.outcome, count(*), s.reason "
	"FROM sample s JOIN arm a ON s.arm = a.id JOIN cell c ON a.cell = c.id "
	"JOIN platform p ON a.platform = p.id WHERE c.run = ?1 AND s.outcome NOT IN "
	"('ok', 'cached') "
	"GROUP BY c.id, p.id, s.outcome, s.reason ORDER BY c.id, p.id, count(*) DESC";

/* At most three reasons for one cell, platform and outcome; the others are counted. */
#define REASONS_MAX 3
struct outcome_printer {
	bool titled;
	char key[160];
	unsigned reasons, more;
	long long more_samples;
};

static void end_key(struct outcome_printer *printer)
{
	if (printer->more)
		printf("      and %lld with %u other reasons\n", printer->more_samples,
		       printer->more);
	printer->reasons = printer->more = 0;
	printer->more_samples = 0;
}

static void print_outcome(sqlite3_stmt *row, void *data)
{
	struct outcome_printer *printer = data;
	long long samples = sqlite3_column_int64(row, 3);
	char key[160], text[512];

	(void)snprintf(key, sizeof(key), "%s on %s", show_column(row, 0),
		       show_column(row, 1));
	if (strcmp(key, printer->key) != 0)
		end_key(printer);
	memcpy(printer->key, key, sizeof(key));
	print_once("Samples that count for nothing:", &printer->titled);
	if (printer->reasons++ >= REASONS_MAX) {
		printer->more++;
		printer->more_samples += samples;
		return;
	}
	(void)snprintf(text, sizeof(text), "%s: %lld %s: %s", key, samples,
		       show_column(row, 2), show_column(row, 4));
	show_wrapped(text);
}

int show_excluded(struct store *store, int64_t run, struct err *err)
{
	struct outcome_printer printer = {0};
	bool titled = false;
	int rc = show_each_row(store, platforms, run, print_unavailable, &titled, err);

	if (!rc)
		rc = show_each_row(store, outcomes, run, print_outcome, &printer, err);
	end_key(&printer);
	return rc;
}

int show_platforms_json(struct store *store, int64_t run, json_t *into, struct err *err)
{
	json_t *list = json_array();

	json_object_set_new(into, "platforms", list);
	return show_each_row(store, platforms, run, append_platform, list, err);
}
