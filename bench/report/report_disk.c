/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disk cells: ratios, and whatever a ratio needs beside it to mean something. */
#include "bench/results/cost.h"
#include "bench/report/report_answer.h"
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/report/report_tables.h"

/* clang-format off */
#define PARAMETER(name) "json_extract(parameters, '$." name "')"
static const char cells_sql[] =
	"SELECT label, " PARAMETER("rw") ", iif(" PARAMETER("block_bytes") " >= 1048576,"
	" printf('%g MiB', " PARAMETER("block_bytes") " / 1048576.0),"
	" printf('%g KiB', " PARAMETER("block_bytes") " / 1024.0)), "
	PARAMETER("queue_depth") " || ' × ' || " PARAMETER("jobs") ","
	" iif(" PARAMETER("direct") ", 'yes', 'no'), " PARAMETER("engine") ", "
	PARAMETER("cache") ", printf('%g MiB (%.2g %%)', " PARAMETER("data_bytes")
	" / 1048576.0, 100.0 * " PARAMETER("data_bytes") " / (SELECT value FROM environment"
	" WHERE run = ?1 AND name = 'memory.total_bytes')),"
	" printf('%d ms', " PARAMETER("slice_ms") ")"
	" FROM cell WHERE run = ?1 AND family = 'disk' ORDER BY id";
/* clang-format on */

static int put_disk_cells(const struct report *report, FILE *to, struct err *err)
{
	return report_query_table(report,
				  "| cell | work | block | depth × jobs | direct | "
				  "engine | cache | data set "
				  "(share of memory) | slice |",
				  cells_sql, "The suite has no disk cells.", to, err);
}

/* What the driver read back about how the guest or container reaches its data. */
static int put_path_settings(const struct report *report, FILE *to, struct err *err)
{
	fprintf(to, "How the paths were set up, as read back from the running "
		    "platforms:\n\n");
	return report_query_table(
		report, "| platform | setting | asked | got | read from |",
		"SELECT DISTINCT i.platform || CASE i.emulated WHEN 1 THEN ' (emulated)' "
		"ELSE "
		"'' END, f.name, coalesce(f.asked, '–'), f.got, f.source FROM fact f "
		"JOIN "
		"instance i ON f.instance = i.id WHERE i.run = ?1 AND (f.name LIKE "
		"'%cache' OR "
		"f.name LIKE '%.aio' OR f.name LIKE '%msize%' OR f.name LIKE "
		"'%mount./data%' OR f.name LIKE 'scratch%') ORDER BY i.platform, f.name",
		"*Nothing was read back.*", to, err);
}

/* SQL reads by its clauses. */
/* clang-format off */
/* Good samples of the disk cells, with the names of where they were taken. */
#define DISK_SAMPLES                                                             \
	" FROM sample s JOIN arm a ON s.arm = a.id JOIN cell c ON a.cell = c.id" \
	" JOIN platform p ON a.platform = p.id"                                  \
	" WHERE c.run = ?1 AND s.outcome = 'ok' AND c.family = 'disk'"           \
	" AND a.role IN ('baseline', 'platform')"
#define PLATFORM_NAME \
	"p.name || ':' || p.path || iif(p.state = 'emulated', ' (emulated)', '')"
/* Median and quartiles of a value that has its rank among n. */
#define AT(value, rank, part) "max(CASE WHEN " rank " <= " part " THEN " value " END)"
#define QUARTILES(form, value, rank)                   \
	"printf('" form " [" form ", " form            \
	"]', " AT(value, rank, "(n + 1) / 2") ", " AT( \
		value, rank, "(n + 3) / 4") ", " AT(value, rank, "(3 * n + 3) / 4") ")"
#define RANK(value) "row_number() OVER (PARTITION BY cell, platform ORDER BY " value ")"

static const char host_bytes_sql[] =
	"WITH s AS (SELECT c.id AS cell, c.label, p.id AS platform, " PLATFORM_NAME
	" AS name,"
	" 1.0 * (host_read_bytes + host_write_bytes) / (fio_read_bytes + fio_write_bytes)"
	" AS share" DISK_SAMPLES
	" AND fio_read_bytes + fio_write_bytes > 0 AND host_read_bytes IS NOT NULL),"
	" r AS (SELECT *, " RANK(
		"share") " AS k,"
			 " count(*) OVER (PARTITION BY cell, platform) AS n FROM s),"
			 " m AS (SELECT cell, label, name, " AT(
				 "share", "k",
				 "(n + 1) / 2") " AS share"
						" FROM r GROUP BY cell, platform ORDER "
						"BY cell, platform)"
						" SELECT label, group_concat(printf('%s "
						"%.2f', name, share), ', ')"
						" FROM m GROUP BY cell ORDER BY cell";

#define KNOWN(form, value, rank, otherwise) \
	"iif(count(" value ") = n, " QUARTILES(form, value, rank) ", '" otherwise "')"

static const char host_cost_sql[] =
	"WITH s AS (SELECT c.id AS cell, c.label, p.id AS platform, " PLATFORM_NAME " AS name,"
	" fio_read_ios + fio_write_ios AS ios,"
	" iif(" COST_EMULATED_HOST ", NULL, account_cpu_ns / 1e3) AS cpu,"
	" account_voluntary + account_involuntary AS switches, account_exits AS exits,"
	" account_io_exits AS ports" DISK_SAMPLES
	" AND fio_read_ios + fio_write_ios > 0 AND account_cpu_ns IS NOT NULL),"
	" e AS (SELECT cell, label, platform, name, cpu / ios AS cpu,"
	" 1.0 * switches / ios AS switches, 1.0 * exits / ios AS exits,"
	" 1.0 * ports / ios AS ports FROM s),"
	" r AS (SELECT *, " RANK("cpu") " AS k, " RANK("switches") " AS j, "
	RANK("exits") " AS i, " RANK("ports") " AS h,"
	" count(*) OVER (PARTITION BY cell, platform) AS n FROM e)"
	" SELECT label, name, " KNOWN("%.1f", "cpu", "k", "no time: emulated host") ", "
	KNOWN("%.3f", "switches", "j", "not counted") ", "
	KNOWN("%.2f", "exits", "i", "not counted") ", "
	KNOWN("%.2f", "ports", "h", "not counted")
	" FROM r GROUP BY cell, platform ORDER BY cell, platform";
/* clang-format on */

static int put_host_bytes(const struct report *report, FILE *to, struct err *err)
{
	fprintf(to,
		"How much the host's disk really moved for each byte that the workload "
		"moved "
		"(median; 0: served from a cache, far above 1: read-ahead or other "
		"work). "
		"Where it is near 0 in a direct cell, that path was not measuring the "
		"disk:\n\n");
	return report_query_table(report, "| cell | host disk bytes / workload bytes |",
				  host_bytes_sql, "*No disk samples.*", to, err);
}

static int write_disk(const struct report *report, FILE *to, struct err *err)
{
	if (!report_has_family(report, FAMILY_DISK))
		return 0;
	fprintf(to, "One fio job a slice, the same arguments everywhere; all paths in a "
		    "drawn order and then in its mirror; every path ends in one "
		    "preallocated file of incompressible bytes on the host. ");
	report_taken(report, FAMILY_DISK, to);
	report_figure(report, "disk",
		      "Disk performance by path as a ratio to bare metal, beside the "
		      "founding claims",
		      to);
	report_ratio_table(report, FAMILY_DISK, to);
	fprintf(to, "What each cell is:\n\n");
	return put_disk_cells(report, to, err);
}

const struct report_section report_section_disk = {
	.chapter = CHAPTER_EFFICIENCY,
	.title = "Disk",
	.answer = report_answer_disk,
	.write = write_disk,
	.absent = "This suite has no such cells.",
	.figures = {figure_disk},
};

static int write_paths(const struct report *report, FILE *to, struct err *err)
{
	int rc;

	if (!report_has_family(report, FAMILY_DISK))
		return 0;
	rc = put_path_settings(report, to, err);
	return rc ? rc : put_host_bytes(report, to, err);
}

const struct report_section report_section_disk_paths = {
	.chapter = CHAPTER_EFFICIENCY,
	.title = "How each path reaches the disk",
	.write = write_paths,
};

static int write_latency(const struct report *report, FILE *to, struct err *err)
{
	(void)err;
	report_figure(
		report, "disk-latency",
		"Latency percentiles of disk requests, a panel a cell, a curve a path",
		to);
	return 0;
}

const struct report_section report_section_disk_latency = {
	.chapter = CHAPTER_EFFICIENCY,
	.title = "Disk latency",
	.write = write_latency,
	.figures = {figure_latency},
};

/* Where exits were counted. The port numbers are of the table in docs/method.md. */
static void put_accesses(const struct report *report, FILE *to)
{
	if (!report_has_figure(report, "exits"))
		return;
	fprintf(to,
		"Which accesses these are was counted by port with the kernel's event "
		"`kvm_pio` (`tests/lab/ports`, counts in `results/reference/ports.csv`, "
		"read in docs/method.md): a 4 KiB read by IDE is 26 port accesses, to "
		"the task file and the bus master's registers; by virtio it is none, and "
		"one notification, which the kernel answers without leaving it.\n\n");
}

/* Time that a guest does not see: the monitor's, its I/O threads', the host kernel's. */
static int write_cost(const struct report *report, FILE *to, struct err *err)
{
	if (!report_has_family(report, FAMILY_DISK))
		return 0;
	fprintf(to, "On the host's side: everything that served the platform while the "
		    "slice ran, fio's own start included; median [quartiles] over "
		    "samples.\n\n");
	report_figure(report, "exits",
		      "VM exits and host context switches that one input or output "
		      "causes, by path",
		      to);
	put_accesses(report, to);
	return report_query_table(report,
				  "| cell | platform | host CPU, µs per I/O | host "
				  "context switches per I/O | VM exits per I/O | of "
				  "these, port accesses |",
				  host_cost_sql, "*Not recorded in this run.*", to, err);
}

const struct report_section report_section_disk_cost = {
	.chapter = CHAPTER_EFFICIENCY,
	.title = "What the host paid for each I/O",
	.write = write_cost,
	.figures = {figure_exits},
};
