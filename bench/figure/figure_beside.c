/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bench/figure/figure.h"
#include "bench/report/report_beside.h"

struct out {
	FILE *to;
	const struct report *report;
	char platform[64];
	size_t curves;
	unsigned most;
};

static void add_point(const struct beside *beside, void *data)
{
	struct out *out = data;

	if (!out->curves || strcmp(out->platform, beside->platform) != 0) {
		char name[96];

		(void)snprintf(name, sizeof(name), "%s%s", beside->platform,
			       beside->emulated ? " (emulated)" : "");
		fprintf(out->to, "%s", out->curves++ ? "\n\n" : "");
		figure_text(out->to, name);
		fprintf(out->to, " %d\n", figure_look_of(out->report, beside->platform));
		(void)snprintf(out->platform, sizeof(out->platform), "%s",
			       beside->platform);
	}
	if (beside->running > out->most)
		out->most = beside->running;
	fprintf(out->to, "%u %.4f %.4f %.4f\n", beside->running, beside->median,
		beside->low, beside->high);
}

int figure_beside(const struct report *report, struct err *err)
{
	struct out out = {.report = report};
	char curves[24], most[24];
	const char *const words[] = {curves, most, NULL};
	int rc = figure_data(report, "start-beside", &out.to, err);

	if (!rc)
		rc = report_beside(report, add_point, &out, err);
	if (rc || !out.most) { /* one number is no curve */
		if (out.to)
			(void)fclose(out.to);
		return rc;
	}
	(void)snprintf(curves, sizeof(curves), "%zu", out.curves);
	(void)snprintf(most, sizeof(most), "%u", out.most);
	return figure_draw(report, "start-beside", "start-beside", out.to, words, err);
}
