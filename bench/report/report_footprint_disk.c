/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disk bytes of the image, of an instance's files and of what its writes go to. */
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/report/report_tables.h"

/* clang-format off */
#define NUMBER(key, unit) "printf('%.1f', json_extract(n, '$." key "') / " unit ")"
#define KIB(key) NUMBER(key, "1024.0")
#define MIB(key) NUMBER(key, "1048576.0")
#define ROWS                                                                          \
	" FROM (SELECT id, condition, platform || iif(emulated, ' (emulated)', '') AS"    \
	" platform, iif(json_valid(numbers), numbers, '{}') AS n FROM experiment WHERE"   \
	" run = ?1 AND chapter = 'footprint' AND name = 'disk'"                           \
	" AND verdict <> 'unavailable')"
#define PART(name, key)                                                               \
	"SELECT '" name "', " MIB(key "_bytes") ", " MIB(key "_size_bytes") ROWS          \
	" WHERE condition = 'image'"

static const char image_sql[] =
	PART("root file system, a tree", "tree") " UNION ALL "
	PART("the same as the guests'' initramfs", "initramfs") " UNION ALL "
	PART("the guests'' kernel", "kernel");
static const char instance_sql[] =
	"SELECT platform, " KIB("before_bytes") ", " KIB("running_bytes") ", "
	KIB("after_bytes") ROWS
	" WHERE json_extract(n, '$.running_bytes') IS NOT NULL ORDER BY id";
static const char delta_sql[] =
	"SELECT condition, " KIB("empty_bytes") ", " KIB("written_bytes") ", "
	KIB("written_size_bytes") ROWS
	" WHERE json_extract(n, '$.empty_bytes') IS NOT NULL ORDER BY id";
/* clang-format on */

static int write_disk(const struct report *report, FILE *to, struct err *err)
{
	char text[REPORT_TEXT_MAX];
	int rc;

	if (!report_get(report, image_sql, text)[0])
		return 0;
	fputs("Blocks that files have on the disk, beside how long the files say they "
	      "are. The image is there once, however many instances run.\n\n",
	      to);
	rc = report_query_table(report, "| image | on disk, MiB | length, MiB |",
				image_sql, "*None.*", to, err);
	if (rc)
		return rc;
	fputs("What tare keeps for an instance, in its run folder and its scratch "
	      "folder: "
	      "logs, configuration, sockets.\n\n",
	      to);
	rc = report_query_table(report,
				"| platform | before it, KiB | while it runs, KiB | "
				"after it, KiB |",
				instance_sql, "*None.*", to, err);
	if (rc)
		return rc;
	fputs("What an instance's own writes go to where it has more than the image: for "
	      "each further instance the bytes of the first column, and then what it "
	      "writes.\n\n",
	      to);
	return report_query_table(report,
				  "| storage | empty, KiB | after the write, KiB | "
				  "length then, KiB |",
				  delta_sql, "*None could be made here.*", to, err);
}

const struct report_section report_section_footprint_disk = {
	.chapter = CHAPTER_AROUND,
	.title = "Disk of image and instance",
	.study = "footprint",
	.write = write_disk,
};
