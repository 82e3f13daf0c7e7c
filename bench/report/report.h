/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_H
#define TARE_REPORT_H

/*
 * A run's report out of the store: figures and their data, Markdown, a page.  Reads only
 * the store; everything in it that came from a guest is escaped.
 */
#include <stdio.h>

#include "bench/results/results.h"

struct claim_findings;
struct report_studies;
struct report {
	struct store *store;
	int64_t run;
	struct results results;
	const char *dir;   /* where it goes: REPORT.md, report.html, figures/ */
	const char *plots; /* where the gnuplot scripts are */
	bool emulated;	   /* some platform of the run was */
	/* published claims against the store; NULL: there is no list of them */
	const struct claim_findings *claims;
	/* of other runs, what this one has not (report_study.h); NULL: none */
	const struct report_studies *studies;
};

/* report_query.c: what one query says, as text; never NULL. */
#define REPORT_TEXT_MAX 2048
const char *report_get(const struct report *report, const char *sql,
		       char buffer[static REPORT_TEXT_MAX]);
/* Runs a query (?1 = the run) and calls row for each of its rows. */
int report_each(const struct report *report, const char *sql,
		void (*row)(sqlite3_stmt *row, void *data), void *data, struct err *err);

/* Text of Markdown, in a table or not: nothing in it is read as Markdown or HTML. */
void report_escape(FILE *to, const char *text);
/* "kvm:ide (emulated)": path for disk cells only. */
void report_platform_name(const struct result *result, char *to, size_t size);
/* A platform that is compared: neither baseline nor control, and with a ratio. */
bool report_is_compared(const struct result *result);
/* The host itself was emulated (scripts/lab): counts hold, times mean nothing. */
bool report_is_lab(const struct report *report);
bool report_is_disk(const struct result *result);
/* Of a cell whose work is what is compared: no control, no start of an instance. */
bool report_is_work(const struct result *result);
bool report_is_start(const struct result *result); /* a start or end of an instance */
/* A study (tare start, density, …): it has no suite and no such cell. */
bool report_is_study(const struct report *report);
bool report_is_direct(const struct result *result); /* O_DIRECT, by the parameters */
/* Some platform of the run was: in a cell, or in a study that has none. */
bool report_any_emulated(const struct report *report);

/* report_text.c */
int report_markdown(const struct report *report, FILE *to, struct err *err);

/* figure*.c: each writes figures/data/<name>.tsv and figures/<name>.svg and .png; no
 * data, no figure, which is no error. */
int figure_platforms(const struct report *report, struct err *err);
int figure_disk(const struct report *report, struct err *err);
int figure_distribution(const struct report *report, struct err *err);
int figure_latency(const struct report *report, struct err *err);
int figure_memory(const struct report *report, struct err *err);
int figure_exits(const struct report *report, struct err *err);
int figure_memcg_batch(const struct report *report, struct err *err);
int figure_memcg_lru(const struct report *report, struct err *err);
int figure_memcg_stale(const struct report *report, struct err *err);
int figure_claims(const struct report *report, struct err *err);
int figure_start(const struct report *report, struct err *err);
int figure_phases(const struct report *report, struct err *err);
int figure_beside(const struct report *report, struct err *err);
int figure_footprint(const struct report *report, struct err *err);
int figure_density(const struct report *report, struct err *err);
int figure_neighbours(const struct report *report, struct err *err);
int figure_topology(const struct report *report, struct err *err);

#endif
