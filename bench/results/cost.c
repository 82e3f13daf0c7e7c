/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/results/cost.h"

/* SQL reads by its clauses. */
/* clang-format off */
/* A value's rank within its cell and platform, and the median by that rank. NULL sorts
 * first: one sample that nobody counted makes the median unknown. */
#define RANK(value) \
	" row_number() OVER (PARTITION BY cell, platform ORDER BY " value ") AS k_" value
#define MEDIAN(value) \
	" iif(count(" value ") = n, avg(CASE WHEN k_" value \
	" IN ((n + 1) / 2, (n + 2) / 2) THEN " value " END), NULL) AS " value

const char cost_sql[] =
	"WITH s AS (SELECT c.id AS cell, p.id AS platform, c.label,"
	" json_extract(c.parameters, '$.block_bytes') AS block_bytes,"
	" p.name || ':' || p.path || iif(p.state = 'emulated', ' (emulated)', '') AS name,"
	" p.path, p.state = 'emulated' AS emulated, a.role = 'baseline' AS baseline,"
	" iif(" COST_EMULATED_HOST ", NULL, s.account_cpu_ns / 1e3 / s.ops) AS cpu_us,"
	" 1.0 * (s.account_voluntary + s.account_involuntary) / s.ops AS switches,"
	" 1.0 * s.account_exits / s.ops AS exits,"
	" 1.0 * s.account_io_exits / s.ops AS io_exits,"
	" 1.0 * s.account_mmio_exits / s.ops AS mmio_exits,"
	" 1.0 * s.account_halt_exits / s.ops AS halt_exits,"
	" 1.0 * s.account_injections / s.ops AS injections"
	" FROM sample s JOIN arm a ON s.arm = a.id JOIN cell c ON a.cell = c.id"
	" JOIN platform p ON a.platform = p.id"
	" WHERE c.run = ?1 AND c.family = 'disk' AND s.outcome = 'ok' AND s.ops > 0"
	" AND a.role IN ('baseline', 'platform')),"
	" r AS (SELECT *, count(*) OVER (PARTITION BY cell, platform) AS n,"
	RANK("cpu_us") "," RANK("switches") "," RANK("exits") "," RANK("io_exits") ","
	RANK("mmio_exits") "," RANK("halt_exits") "," RANK("injections")
	" FROM s)"
	" SELECT label, block_bytes, name, path, emulated, baseline, n AS samples,"
	MEDIAN("cpu_us") "," MEDIAN("switches") "," MEDIAN("exits") "," MEDIAN("io_exits") ","
	MEDIAN("mmio_exits") "," MEDIAN("halt_exits") "," MEDIAN("injections")
	" FROM r GROUP BY cell, platform ORDER BY cell, platform";
/* clang-format on */
