/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Start-up times, and the picture of the machine. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/figure/figure.h"
#include "bench/base/program.h"
#include "bench/host/topology.h"

struct out {
	FILE *to;
	size_t nr;
	const struct report *report;
};

static int look_of(const struct report *report, const char *platform)
{
	for (size_t i = 0; i < report->results.nr; i++)
		if (!strcmp(report->results.list[i].platform, platform) &&
		    strcmp(report->results.list[i].role, arm_role_name(ROLE_AA)) != 0)
			return figure_look(report, &report->results.list[i]);
	return 1;
}

static void add_row(sqlite3_stmt *row, void *data)
{
	struct out *out = data;
	const char *platform = (const char *)sqlite3_column_text(row, 0);
	char name[96];

	(void)snprintf(name, sizeof(name), "%.48s%s (n = %d)", platform,
		       sqlite3_column_int(row, 1) ? ", emulated" : "",
		       sqlite3_column_int(row, 5));
	fprintf(out->to, "%s", out->nr++ ? "\n\n" : "");
	figure_text(out->to, name);
	fprintf(out->to, " %d\n%zu %.3f %.3f %.3f\n", look_of(out->report, platform),
		out->nr - 1, sqlite3_column_double(row, 2), sqlite3_column_double(row, 3),
		sqlite3_column_double(row, 4));
}

static const char sql[] =
	"WITH t AS (SELECT platform, emulated, open_to_hello_ns / 1e6 AS ms, "
	"row_number() OVER (PARTITION BY platform ORDER BY open_to_hello_ns) AS k, "
	"count(*) OVER (PARTITION BY platform) AS n FROM instance WHERE run = ?1 AND "
	"open_to_hello_ns > 0) SELECT platform, max(emulated), "
	"avg(CASE WHEN k IN ((n + 1) / 2, (n + 2) / 2) THEN ms END), min(ms), max(ms), "
	"max(n) "
	"FROM t GROUP BY platform ORDER BY 3";

int figure_start(const struct report *report, struct err *err)
{
	struct out out = {.report = report};
	char platforms[16];
	const char *const words[] = {platforms, NULL};
	int rc = figure_data(report, "start", &out.to, err);

	if (!rc)
		rc = report_each(report, sql, add_row, &out, err);
	if (rc || !out.nr) {
		if (out.to)
			(void)fclose(out.to);
		return rc;
	}
	(void)snprintf(platforms, sizeof(platforms), "%zu", out.nr);
	return figure_draw(report, "start", "start", out.to, words, err);
}

static void keep_xml(sqlite3_stmt *row, void *data)
{
	*(char **)data = strdup((const char *)sqlite3_column_text(row, 0));
}

int figure_topology(const struct report *report, struct err *err)
{
	char svg[PATH_MAX], png[PATH_MAX];
	const char *const argv[] = {"rsvg-convert", "--zoom=2", "-o", png, svg, NULL};
	cleanup(free) char *xml = NULL;
	int rc = report_each(report,
			     "SELECT value FROM environment WHERE run = ?1 AND name = "
			     "'hwloc.xml'",
			     keep_xml, &xml, err);

	if (rc || !xml)
		return rc;
	(void)snprintf(svg, sizeof(svg), "%s/figures/topology.svg", report->dir);
	(void)snprintf(png, sizeof(png), "%s/figures/topology.png", report->dir);
	rc = topology_svg(xml, svg, err);
	return rc ? rc : program_run(&(struct program){.argv = argv}, err);
}
