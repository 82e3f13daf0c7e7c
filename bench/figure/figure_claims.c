/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Claimed values against measured ones: a row a claim, a point a cell. */
#include <math.h>
#include <string.h>

#include "bench/claims/claims.h"
#include "bench/figure/figure.h"

/* Beyond these a point sits at the figure's edge: intervals of few samples reach far. */
#define LEAST 0.02
#define MOST 50.0
#define SPREAD 0.62 /* of a row's height, over which its points are spread */
#define ROWS_MAX FIGURE_NAMES_MAX

/* How a point is drawn: by its verdict, or as one that decides nothing. */
enum look { LOOK_UNDECIDING, LOOK_OPEN, LOOK_NO, LOOK_YES, LOOK_NR };

static enum look look_of(const struct claim_reading *reading)
{
	switch (reading->verdict) {
	case CLAIM_REPRODUCED:
		return LOOK_YES;
	case CLAIM_CONTRADICTED:
		return LOOK_NO;
	case CLAIM_INCONCLUSIVE:
		return LOOK_OPEN;
	default:
		return LOOK_UNDECIDING;
	}
}

static bool is_drawn(const struct claim_finding *finding)
{
	for (size_t i = 0; i < finding->nr; i++)
		if (isfinite(finding->readings[i].value))
			return true;
	return false;
}

static double held(double value)
{
	return fmin(MOST, fmax(LEAST, value));
}

/* "label" claimed low high: the range that a ratio must be in; an order has no value. */
static void write_row(const struct claim_finding *finding, FILE *to)
{
	const struct claim *claim = finding->claim;
	double margin = isfinite(claim->tolerance) ? claim->tolerance : 0;

	figure_text(to, claim->id);
	if (claim->kind == CLAIM_TIME)
		fprintf(to, " %.6g %.6g %.6g\n", claim->claimed,
			claim->claimed * (1 - margin), claim->claimed * (1 + margin));
	else if (claim->below)
		fprintf(to, " NaN %.6g %.6g\n", LEAST, 1 + margin);
	else
		fprintf(to, " NaN %.6g %.6g\n", 1 - margin, MOST);
}

/* row ratio low high of one claim's points that look so */
static void write_points(const struct claim_finding *finding, size_t row, enum look look,
			 FILE *to)
{
	double step = finding->nr > 1 ? SPREAD / (double)(finding->nr - 1) : 0;

	for (size_t i = 0; i < finding->nr; i++) {
		const struct claim_reading *reading = &finding->readings[i];
		double at = (double)row +
			    (finding->nr > 1 ? step * (double)i - SPREAD / 2 : 0);

		if (isfinite(reading->value) && look_of(reading) == look)
			fprintf(to, "%.3f %.6g %.6g %.6g\n", at, held(reading->value),
				held(reading->low), held(reading->high));
	}
}

struct rows {
	const struct claim_finding *list[ROWS_MAX];
	size_t nr;
};

/* What decides comes first. */
static void collect(const struct claim_findings *findings, bool decided,
		    struct rows *rows)
{
	for (size_t i = 0; i < findings->nr && rows->nr < ROWS_MAX; i++) {
		const struct claim_finding *finding = &findings->list[i];

		if (is_drawn(finding) &&
		    (finding->verdict != CLAIM_UNTESTABLE) == decided)
			rows->list[rows->nr++] = finding;
	}
}

/* A block without points would be no block: a point that is not drawn ends each. */
static void write_all(const struct rows *rows, FILE *to)
{
	for (size_t i = 0; i < rows->nr; i++)
		write_row(rows->list[i], to);
	for (int look = 0; look < LOOK_NR; look++) {
		fprintf(to, "\n\n");
		for (size_t i = 0; i < rows->nr; i++)
			write_points(rows->list[i], i, (enum look)look, to);
		fprintf(to, "NaN NaN NaN NaN\n");
	}
}

int figure_claims(const struct report *report, struct err *err)
{
	struct rows rows = {0};
	char number[16], decided[16];
	const char *const words[] = {number, decided, NULL};
	FILE *data;
	int rc;

	if (!report->claims)
		return 0;
	collect(report->claims, true, &rows);
	(void)snprintf(decided, sizeof(decided), "%zu", rows.nr);
	collect(report->claims, false, &rows);
	if (!rows.nr)
		return 0;
	rc = figure_data(report, "claims", &data, err);
	if (rc)
		return rc;
	write_all(&rows, data);
	(void)snprintf(number, sizeof(number), "%zu", rows.nr);
	return figure_draw(report, "claims", "claims", data, words, err);
}
