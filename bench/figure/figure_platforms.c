/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ratio to bare metal by cell and platform: native cells in one figure, disk in another.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/claims/claims.h"
#include "bench/base/cleanup.h"
#include "bench/figure/figure.h"

#define FAR_RATIO \
	1.5 /* a platform this far from 1 would squeeze the others into a line */
#define PANELS_MAX 2
#define LABEL_PX(length) (8 * (length) + 24)

struct point {
	const struct result *result;
	size_t panel, row, platform;
};
struct picture {
	const struct report *report;
	struct point *points;
	size_t nr;
	struct figure_names panels, rows[PANELS_MAX], platforms;
	bool far[FIGURE_NAMES_MAX]; /* by platform */
};
CLEANUP_DEFINE(points, struct point *, free)

static const char *panel_of(const struct result *result)
{
	if (!report_is_disk(result))
		return strcmp(result->family, workload_family_name(FAMILY_CPU)) != 0
			       ? "Memory"
			       : "CPU";
	return report_is_direct(result) ? "Direct I/O" : "Through the page cache";
}

static void collect(struct picture *picture, bool disk)
{
	for (size_t i = 0; i < picture->report->results.nr; i++) {
		const struct result *result = &picture->report->results.list[i];
		struct point *point = &picture->points[picture->nr];
		char name[96];

		if (!report_is_compared(result) || report_is_disk(result) != disk ||
		    !report_is_work(result))
			continue;
		report_platform_name(result, name, sizeof(name));
		point->result = result;
		point->panel = figure_name(&picture->panels, panel_of(result));
		point->row = figure_name(&picture->rows[point->panel], result->label);
		point->platform = figure_name(&picture->platforms, name);
		picture->nr++;
	}
}

/* Emulated platforms stand apart in any case; native work also where most of a
 * platform's cells lie far from 1. */
static void set_apart(struct picture *picture, bool disk)
{
	for (size_t p = 0; p < picture->platforms.nr; p++) {
		size_t far = 0, all = 0;

		for (size_t i = 0; i < picture->nr; i++) {
			const struct result *result = picture->points[i].result;

			if (picture->points[i].platform != p)
				continue;
			all++;
			far += result->emulated ||
			       (!disk && fabs(log(result->stats.ratio)) > log(FAR_RATIO));
		}
		picture->far[p] = 2 * far > all;
	}
}

static size_t count_far(const struct picture *picture)
{
	size_t nr = 0;

	for (size_t p = 0; p < picture->platforms.nr; p++)
		nr += picture->far[p];
	return nr;
}

/* --- ranges --- */

struct range {
	double low, high; /* logarithms of ratios */
};

static void widen(struct range *range, double low, double high)
{
	range->low = fmin(range->low, low);
	range->high = fmax(range->high, high);
}

/* Points and floors are always inside, whiskers as far as they leave those legible. */
static struct range range_of(const struct picture *picture, bool far)
{
	struct range points = {0, 0}, whiskers = {0, 0};
	double span;

	for (size_t i = 0; i < picture->nr; i++) {
		const struct result *result = picture->points[i].result;
		double point = log(result->stats.ratio);
		double floor = !far && isfinite(result->floor) ? result->floor : 0;

		if (picture->far[picture->points[i].platform] != far)
			continue;
		widen(&points, fmin(point, -floor), fmax(point, floor));
		widen(&whiskers, log(result->stats.low), log(result->stats.high));
	}
	span = fmax(points.high - points.low, 0.01);
	widen(&points, fmax(whiskers.low, points.low - span / 2),
	      fmin(whiskers.high, points.high + span / 2));
	span = points.high - points.low;
	widen(&points, points.low - span / 25, points.high + span / 25);
	return points;
}

/* --- the data file --- */

static void span_of(const struct picture *picture, size_t *blocks, size_t *epochs)
{
	for (size_t i = 0; i < picture->nr; i++) {
		const struct stats_ratio *stats = &picture->points[i].result->stats;

		if (!i || stats->blocks < blocks[0])
			blocks[0] = stats->blocks;
		if (!i || stats->epochs < epochs[0])
			epochs[0] = stats->epochs;
		if (stats->blocks > blocks[1])
			blocks[1] = stats->blocks;
		if (stats->epochs > epochs[1])
			epochs[1] = stats->epochs;
	}
}

static void write_subtitle(const struct picture *picture, bool disk, FILE *to)
{
	size_t blocks[2] = {0}, epochs[2] = {0};
	char b[48], e[48];

	span_of(picture, blocks, epochs);
	fprintf(to,
		"\"%s; point: trimmed mean of %s paired blocks in %s epochs, whiskers: "
		"95 %% "
		"interval\"\n",
		disk ? "IOPS, or bytes/s of sequential work" : "by CPU time",
		figure_span(blocks[0], blocks[1], b),
		figure_span(epochs[0], epochs[1], e));
}

static bool any_emulated(const struct picture *picture)
{
	for (size_t i = 0; i < picture->nr; i++)
		if (picture->points[i].result->emulated)
			return true;
	return false;
}

static void write_meta(const struct picture *picture, bool disk, FILE *to)
{
	size_t length = 0, far = count_far(picture);
	struct range near_range = range_of(picture, false);
	struct range far_range = range_of(picture, true);

	for (size_t i = 0; i < picture->nr; i++) {
		size_t own = strlen(picture->points[i].result->label);

		length = own > length ? own : length;
	}
	fprintf(to, "%zu %zu %zu %zu\n%.6f %.6f\n%.6g %.6g\n", picture->panels.nr,
		picture->platforms.nr - far, far, LABEL_PX(length), exp(near_range.low),
		exp(near_range.high), exp(far_range.low) / 1.6,
		exp(far_range.high) * 1.1);
	write_subtitle(picture, disk, to);
	fprintf(to, "\"%s\"\n",
		any_emulated(picture) ? "Emulated (QEMU's TCG, not KVM)"
				      : "Far from bare metal");
}

static double floor_of(const struct picture *picture, size_t panel, size_t row)
{
	for (size_t i = 0; i < picture->nr; i++)
		if (picture->points[i].panel == panel && picture->points[i].row == row &&
		    isfinite(picture->points[i].result->floor))
			return picture->points[i].result->floor;
	return 0;
}

static void write_rows(const struct picture *picture, size_t panel, FILE *to)
{
	const struct figure_names *rows = &picture->rows[panel];

	fprintf(to, "\n\n");
	figure_text(to, picture->panels.list[panel]);
	fprintf(to, " %zu\n", rows->nr);
	for (size_t row = 0; row < rows->nr; row++) {
		fprintf(to, "%zu ", row);
		figure_text(to, rows->list[row]);
		fprintf(to, " %.6f\n", floor_of(picture, panel, row));
	}
}

static int look_of(const struct picture *picture, size_t platform)
{
	for (size_t i = 0; i < picture->nr; i++)
		if (picture->points[i].platform == platform)
			return figure_look(picture->report, picture->points[i].result);
	return 1;
}

static void write_platform(const struct picture *picture, size_t panel, size_t platform,
			   FILE *to)
{
	size_t nr = 0;

	fprintf(to, "\n\n");
	figure_text(to, picture->platforms.list[platform]);
	fprintf(to, " %d\n", look_of(picture, platform));
	for (size_t i = 0; i < picture->nr; i++) {
		const struct point *point = &picture->points[i];
		const struct stats_ratio *stats = &point->result->stats;

		if (point->panel != panel || point->platform != platform)
			continue;
		fprintf(to, "%zu %.6f %.6f %.6f\n", point->row, stats->ratio, stats->low,
			stats->high);
		nr++;
	}
	if (!nr)
		fprintf(to, "NaN NaN NaN NaN\n");
}

static void write_platforms(const struct picture *picture, size_t panel, bool far,
			    FILE *to)
{
	for (size_t p = 0; p < picture->platforms.nr; p++)
		if (picture->far[p] == far)
			write_platform(picture, panel, p, to);
}

/* A claim stands where the path that it is about is drawn. */
static const struct point *point_of(const struct picture *picture,
				    const struct claim *claim)
{
	for (size_t i = 0; claim->mark && i < picture->nr; i++) {
		const struct result *result = picture->points[i].result;

		if (!strcmp(result->platform, claim->sides[0].platform) &&
		    (!claim->sides[0].path ||
		     !strcmp(result->path, claim->sides[0].path)))
			return &picture->points[i];
	}
	return NULL;
}

static void write_claims(const struct picture *picture, bool disk, FILE *to)
{
	const struct claim_findings *claims = picture->report->claims;
	size_t nr = 0;

	for (size_t i = 0; disk && claims && i < claims->nr; i++)
		nr += point_of(picture, claims->list[i].claim) != NULL;
	fprintf(to, "\n\n\"claims\" %zu\n", nr);
	for (size_t i = 0; nr && i < claims->nr; i++) {
		const struct claim *claim = claims->list[i].claim;
		const struct point *point = point_of(picture, claim);

		if (!point)
			continue;
		figure_text(to, claim->mark);
		fprintf(to, " %.4f %d %d\n", claim->claimed,
			look_of(picture, point->platform), picture->far[point->platform]);
	}
}

static int draw(const struct report *report, const char *name, bool disk, struct err *err)
{
	cleanup(points) struct point *points =
		calloc(report->results.nr + 1, sizeof(*points));
	struct picture picture = {.report = report, .points = points};
	static const char *const words[] = {NULL};
	FILE *data;
	int rc;

	if (!points)
		return err_fail(err, ENOMEM, "no memory for a figure");
	collect(&picture, disk);
	if (!picture.nr)
		return 0;
	set_apart(&picture, disk);
	rc = figure_data(report, name, &data, err);
	if (rc)
		return rc;
	write_meta(&picture, disk, data);
	for (size_t panel = 0; panel < picture.panels.nr; panel++) {
		write_rows(&picture, panel, data);
		write_platforms(&picture, panel, false, data);
		write_platforms(&picture, panel, true, data);
	}
	write_claims(&picture, disk, data);
	return figure_draw(report, name, name, data, words, err);
}

int figure_platforms(const struct report *report, struct err *err)
{
	return draw(report, "platforms", false, err);
}

int figure_disk(const struct report *report, struct err *err)
{
	return draw(report, "disk", true, err);
}
