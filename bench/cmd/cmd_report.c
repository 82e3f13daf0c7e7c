/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/claims/claims.h"
#include "bench/base/cleanup.h"
#include "bench/report/report.h"
#include "bench/report/report_page.h"
#include "bench/report/report_study.h"

CLEANUP_DEFINE(results, struct results *, results_release)
CLEANUP_DEFINE(set, struct claim_set *, claims_release)
CLEANUP_DEFINE(studies, struct report_studies *, report_studies_release)
CLEANUP_DEFINE(findings, struct claim_findings *, claim_findings_release)

/* Where the gnuplot scripts are: build/tare → plots, PREFIX/bin/tare → share/tare/plots.
 */
static int find_plots(char to[static PATH_MAX], struct err *err)
{
	static const char *const places[] = {"../plots", "../share/tare/plots"};
	char program[PATH_MAX], path[PATH_MAX + 32];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	program[length > 0 ? length : 0] = '\0';
	if (strrchr(program, '/'))
		*strrchr(program, '/') = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", program, places[i]);
		if (realpath(path, to))
			return 0;
	}
	return err_fail(err, ENOENT, "there are no plots beside '%s'; run 'make install'",
			program);
}

static int make_dirs(const char *dir, struct err *err)
{
	static const char *const below[] = {"", "/figures", "/figures/data"};

	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
		char path[PATH_MAX];

		(void)snprintf(path, sizeof(path), "%s%s", dir, below[i]);
		if (mkdir(path, 0755) && errno != EEXIST)
			return err_fail(err, errno, "cannot make '%s': %m", path);
	}
	return 0;
}

/* A figure that cannot be drawn is a warning: the numbers are in the tables. */
static void draw_figures(const struct report *report, bool quiet)
{
	for (size_t i = 0; i < report_section_nr; i++)
		for (size_t k = 0; k < REPORT_SECTION_FIGURES; k++) {
			const struct report_section *section = report_sections[i];
			struct err err = {0};

			if (section->figures[k] &&
			    section->figures[k](report_of(report, section), &err) &&
			    !quiet)
				fprintf(stderr, "tare: %s\n", err.text);
		}
}

static int write_markdown(const struct report *report, const char *path, struct err *err)
{
	FILE *to = fopen(path, "we");
	int rc;

	if (!to)
		return err_fail(err, errno, "cannot write '%s': %m", path);
	rc = report_markdown(report, to, err);
	if (fclose(to) && !rc)
		rc = err_fail(err, errno, "cannot write '%s': %m", path);
	return rc;
}

static int write_all(const struct options *options, struct report *report,
		     struct err *err)
{
	char markdown[PATH_MAX], page[PATH_MAX];
	int rc = make_dirs(report->dir, err);

	if (rc)
		return rc;
	draw_figures(report, options->quiet);
	(void)snprintf(markdown, sizeof(markdown), "%s/REPORT.md", report->dir);
	(void)snprintf(page, sizeof(page), "%s/report.html", report->dir);
	rc = write_markdown(report, markdown, err);
	if (!rc)
		rc = report_page(markdown, page, err);
	if (!rc && options->top)
		rc = report_top(markdown, options->top, err);
	if (!rc && !options->quiet)
		printf("%s\n%s\n%s%s", markdown, page, options->top ? options->top : "",
		       options->top ? "\n" : "");
	return rc;
}

/* This run's evidence before that of the store's other runs. A folder of configurations
 * without claims is no error. */
static int find_claims(const struct options *options, const struct report *report,
		       struct claim_set *set, struct claim_findings *ret, struct err *err)
{
	cleanup(free) int64_t *runs = NULL;
	size_t nr = 0;
	int rc = claims_load(options->config, set, err);

	if (rc == -ENOENT) {
		err_clear(err);
		return 0;
	}
	if (!rc)
		rc = claims_runs(report->store, report->run, &runs, &nr, err);
	return rc ? rc : claims_evaluate(report->store, runs, nr, set, ret, err);
}

static int write_with_others(const struct options *options, struct report *report,
			     struct err *err)
{
	struct report_studies studies = {.nr = 0};
	cleanup(studies) struct report_studies *studies_guard = &studies;
	struct claim_set set = {0};
	cleanup(set) struct claim_set *set_guard = &set;
	struct claim_findings findings = {0};
	cleanup(findings) struct claim_findings *guard = &findings;
	int rc = find_claims(options, report, set_guard, guard, err);

	if (!rc)
		rc = report_studies_load(report, studies_guard, err);
	if (rc)
		return rc;
	report->claims = findings.nr ? &findings : NULL;
	report->studies = &studies;
	rc = write_all(options, report, err);
	report->claims = NULL;
	report->studies = NULL;
	return rc;
}

static int report_run(const struct options *options, struct store *store, struct err *err)
{
	const char *which = options->argc ? options->argv[0] : "last";
	char plots[PATH_MAX], dir[PATH_MAX];
	struct report report = {.store = store, .plots = plots, .dir = dir};
	cleanup(results) struct results *guard = &report.results;
	int rc = results_run_find(store, which, &report.run, err);

	if (!rc)
		rc = results_load(store, report.run, guard, err);
	if (!rc)
		rc = find_plots(plots, err);
	if (rc)
		return rc;
	if (options->out)
		(void)snprintf(dir, sizeof(dir), "%s", options->out);
	else
		(void)snprintf(dir, sizeof(dir), "results/run-%lld",
			       (long long)report.run);
	report.emulated = report_any_emulated(&report);
	return write_with_others(options, &report, err);
}

static int run(const struct options *options)
{
	cleanup(store) struct store *store = NULL;
	struct err err = {0};
	int rc = store_open(options->store, STORE_READ, &store, &err);

	if (!rc)
		rc = report_run(options, store, &err);
	if (rc)
		fprintf(stderr, "tare: %s\n", err.text);
	return rc ? EXIT_USAGE : EXIT_DONE;
}

const struct command cmd_report = {
	.name = "report",
	.arguments = "[RUN]",
	.summary = "Markdown, a page and figures out of stored samples",
	.help = "Writes REPORT.md, report.html and figures/ into --out DIR (default\n"
		"results/run-N); --top FILE writes the Markdown there as well. Reads "
		"only the\n"
		"store: nothing is measured again. Studies that the run has not (start,\n"
		"footprint, density, neighbours, memcg) come from the newest run of each "
		"on\n"
		"the same machine and kernel, and say so.\n",
	.accepts = "store out top quiet config",
	.run = run,
};
