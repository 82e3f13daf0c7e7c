/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starts and ends side by side: platforms against the first, tare against the platform's
 * own tool. */
#include <string.h>

#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/report/report_words.h"

#define START "start"
#define END "end"
#define AGAINST " against " /* in the label of a cell that has a tool in it */
#define CELLS_MAX 128

/* What a cell's ratios are to. */
struct baselines {
	struct {
		int64_t cell;
		char name[64];
	} list[CELLS_MAX];
	size_t nr;
};

static const char baseline_sql[] =
	"SELECT c.id, p.name || iif(p.state = 'emulated', ' (emulated)', '') FROM arm a "
	"JOIN platform p ON a.platform = p.id JOIN cell c ON a.cell = c.id WHERE c.run = "
	"?1 AND c.family = 'start' AND a.role = 'baseline'";

static void add_baseline(sqlite3_stmt *row, void *data)
{
	struct baselines *baselines = data;

	if (baselines->nr == CELLS_MAX)
		return;
	baselines->list[baselines->nr].cell = sqlite3_column_int64(row, 0);
	(void)snprintf(baselines->list[baselines->nr].name,
		       sizeof(baselines->list[0].name), "%.63s",
		       (const char *)sqlite3_column_text(row, 1));
	baselines->nr++;
}

static const char *baseline_of(const struct baselines *baselines, int64_t cell)
{
	for (size_t i = 0; i < baselines->nr; i++)
		if (baselines->list[i].cell == cell)
			return baselines->list[i].name;
	return "";
}

/* "cold, 0 running" of "start cold, 0 running" and of "end cold, 0 running" */
static const char *condition_of(const struct result *result)
{
	size_t length = strlen(result->workload);

	if (strncmp(result->label, result->workload, length) != 0)
		return result->label;
	return result->label + length + strspn(result->label + length, ", ");
}

static bool is_arm(const struct result *result, const char *workload)
{
	return report_is_start(result) &&
	       !strcmp(result->role, arm_role_name(ROLE_PLATFORM)) &&
	       !strcmp(result->workload, workload);
}

static const struct result *end_of(const struct report *report,
				   const struct result *start)
{
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (is_arm(result, END) && !strcmp(result->platform, start->platform) &&
		    !strcmp(condition_of(result), condition_of(start)))
			return result;
	}
	return NULL;
}

/* median | the other's median | ratio */
static void put_times(const struct result *result, FILE *to)
{
	char here[WORDS_MAX], there[WORDS_MAX], ratio[WORDS_MAX];

	if (!result) {
		fprintf(to, " – | – | – |");
		return;
	}
	fprintf(to, " %s | %s | %s |", words_value(result->value, result->unit, here),
		words_value(result->base_value, result->unit, there),
		result->known ? words_ratio(&result->stats, ratio) : "–");
}

static void put_row(const struct report *report, const struct baselines *baselines,
		    const struct result *start, FILE *to)
{
	char name[96];

	fprintf(to, "| ");
	report_escape(to, condition_of(start));
	fprintf(to, " | ");
	report_platform_name(start, name, sizeof(name));
	report_escape(to, name);
	fprintf(to, " | ");
	report_escape(to, baseline_of(baselines, start->cell));
	fprintf(to, " |");
	put_times(start, to);
	put_times(end_of(report, start), to);
	fprintf(to, " %zu |\n", start->stats.blocks);
}

static void put_table(const struct report *report, const struct baselines *baselines,
		      bool tools, FILE *to)
{
	size_t nr = 0;

	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (!is_arm(result, START) ||
		    (strstr(result->label, AGAINST) != NULL) != tools)
			continue;
		if (!nr++)
			fprintf(to,
				"%s\n\n| condition | platform | against | start, median "
				"| its start, median | ratio of starts [95 %% interval] "
				"| end, median | its end, median | ratio of ends [95 %% "
				"interval] | blocks |\n|---|---|---|--:|--:|---|--:|--:|"
				"---|--:|\n",
				tools ? "Started by tare, against the platform's own "
					"tool and against the plain fork and exec "
					"that no start can beat:"
				      : "Platforms against the first one:");
		put_row(report, baselines, result, to);
	}
	fprintf(to, "%s", nr ? "\n" : "");
}

/* Whether tare keeps up with the tools, in the findings' own words. */
static const char goals_sql[] =
	"SELECT platform || iif(emulated, ' (emulated)', ''), answer FROM experiment"
	" WHERE run = ?1 AND chapter = 'start' AND name LIKE 'goal against %' ORDER BY "
	"id";

static void put_goal(sqlite3_stmt *row, void *data)
{
	FILE *to = data;

	fprintf(to, "- *");
	report_escape(to, (const char *)sqlite3_column_text(row, 0));
	fprintf(to, "*, ");
	report_escape(to, (const char *)sqlite3_column_text(row, 1));
	fprintf(to, ".\n");
}

static int put_goals(const struct report *report, FILE *to, struct err *err)
{
	long before = ftell(to);
	int rc = report_each(report, goals_sql, put_goal, to, err);

	fprintf(to, "%s", ftell(to) == before ? "" : "\n");
	return rc;
}

static int write_compared(const struct report *report, FILE *to, struct err *err)
{
	struct baselines baselines = {.nr = 0};
	bool any = false;
	int rc = report_each(report, baseline_sql, add_baseline, &baselines, err);

	for (size_t i = 0; !any && i < report->results.nr; i++)
		any = is_arm(&report->results.list[i], START);
	if (rc || !any)
		return rc;
	fprintf(to, "A ratio above 1 is faster than what stands under *against*, which "
		    "was started in the same blocks. A start ends with the agent's "
		    "first word, an end when nothing is left.\n\n");
	put_table(report, &baselines, false, to);
	put_table(report, &baselines, true, to);
	return put_goals(report, to, err);
}

const struct report_section report_section_start_compared = {
	.chapter = CHAPTER_AROUND,
	.title = "Starts and ends compared",
	.study = "start",
	.write = write_compared,
};
