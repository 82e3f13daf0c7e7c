/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the report cannot say, from what the run was. */
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"

static bool environment_says(const struct report *report, const char *sql)
{
	char text[REPORT_TEXT_MAX];

	return report_get(report, sql, text)[0] != '\0';
}

static void put_scope(const struct report *report, FILE *to)
{
	fprintf(to, "- One machine, one kernel, one moment: whatever is measured here "
		    "holds for the machine described above, as it was set up. Another "
		    "host needs a run of its own.\n");
	if (environment_says(report,
			     "SELECT value FROM environment WHERE run = ?1 AND name = "
			     "'noise.virtual machine'"))
		fprintf(to, "- The machine is itself a virtual machine: costs that its "
			    "own hypervisor adds are in both sides of every ratio, and "
			    "not in their quotient.\n");
}

static void put_emulation(const struct report *report, FILE *to)
{
	if (report->emulated)
		fprintf(to, "- Guests ran under QEMU's TCG. Rows marked *emulated* rank "
			    "nothing about KVM: neither times, nor the order of paths, "
			    "nor density.\n");
	if (report_is_lab(report))
		fprintf(to, "- The host was an emulated machine: counts hold, times and "
			    "their ratios mean nothing.\n");
}

/* The baseline's own groups, where they are not the root. */
static const char own_group_sql[] =
	"SELECT group_concat(DISTINCT f.got) FROM fact f JOIN instance i ON f.instance = "
	"i.id"
	" WHERE i.run = ?1 AND f.name LIKE 'cgroup.%' AND f.got <> '/' AND i.platform IN"
	" (SELECT p.name FROM platform p JOIN arm a ON a.platform = p.id"
	" JOIN cell c ON a.cell = c.id WHERE c.run = ?1 AND a.role = 'baseline')";

static void put_baseline(const struct report *report, FILE *to)
{
	char group[REPORT_TEXT_MAX];

	if (!report_get(report, own_group_sql, group)[0])
		return;
	fprintf(to, "- The baseline did not sit in the root control group but in ");
	report_put(report, own_group_sql, to);
	fprintf(to, ": it paid for a group as well, so what a group costs is not in the "
		    "ratios.\n");
}

static void put_precision(const struct report *report, FILE *to)
{
	size_t wide = 0, all = 0;

	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (!report_is_compared(result) || report_is_start(result))
			continue;
		all++;
		wide += result->stats.half_width > result->precision;
	}
	if (wide)
		fprintf(to,
			"- %zu of %zu ratios are less precise than was asked; their "
			"intervals say how much. A larger budget narrows them.\n",
			wide, all);
}

static int write_caveats(const struct report *report, FILE *to, struct err *err)
{
	(void)err;
	put_scope(report, to);
	put_emulation(report, to);
	put_baseline(report, to);
	put_precision(report, to);
	fprintf(to, "- Each interval is a 95 %% interval of its own: among a hundred "
		    "true statements of this kind about five miss.\n"
		    "- Workloads are synthetic, one thread unless a cell says "
		    "otherwise. An application's cost follows from the cells that it "
		    "resembles, not from their mean.\n\n");
	return 0;
}

const struct report_section report_section_caveats = {
	.chapter = CHAPTER_LIMITS,
	.title = "What this report cannot say",
	.write = write_caveats,
};
