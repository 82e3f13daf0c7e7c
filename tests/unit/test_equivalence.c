/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is the same, different or missing, and a run's traits out of a store. */
#include <errno.h>
#include <unistd.h>

#include "bench/compare/equivalence_words.h"
#include "bench/store/store.h"
#include "tests/check.h"

static void test_rule(void)
{
	static const struct {
		const char *group, *base, *here;
		enum equivalence want;
	} cases[] = {
		{"syscall", "reached", "reached", EQUIVALENCE_SAME},
		{"syscall", "reached", "EPERM", EQUIVALENCE_MISSING},
		{"syscall", "reached", "ENOSYS", EQUIVALENCE_MISSING},
		{"syscall", "reached", "killed", EQUIVALENCE_MISSING},
		{"syscall", "reached", NULL, EQUIVALENCE_MISSING},
		{"syscall", "ENOSYS", "EPERM", EQUIVALENCE_SAME},
		{"syscall", "ENOSYS", "reached", EQUIVALENCE_DIFFERENT},
		{"file", "read write", "read", EQUIVALENCE_DIFFERENT},
		{"file", "read", "EACCES", EQUIVALENCE_MISSING},
		{"file", "EACCES write", "EACCES", EQUIVALENCE_MISSING},
		{"file", "ENOENT", "read", EQUIVALENCE_DIFFERENT},
		{"file", "ENOENT", "EACCES", EQUIVALENCE_SAME},
		{"disk", "ok", "EOPNOTSUPP", EQUIVALENCE_MISSING},
		{"disk", "EOPNOTSUPP", "ok", EQUIVALENCE_DIFFERENT},
		{"sees", "6.1", "6.18", EQUIVALENCE_DIFFERENT},
		{"sees", "tsc", NULL, EQUIVALENCE_MISSING},
		{"cpu", NULL, "1", EQUIVALENCE_DIFFERENT},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_INT(equivalence_judge(cases[i].group, cases[i].base, cases[i].here),
			  cases[i].want);
}

static const char made[] =
	"INSERT INTO run (id, started_utc, status, suite, suite_text, command, version,"
	" seed, budget_ns) VALUES (1, '', 'done', 's', '', '', '0', 1, 1);"
	"INSERT INTO platform (id, run, name, path, driver, state) VALUES"
	" (1, 1, 'metal', 'host', 'metal', 'ready'), (2, 1, 'box', 'ide', 'box', "
	"'emulated'),"
	" (3, 1, 'box', 'fs', 'box', 'emulated');"
	"INSERT INTO cell (id, run, label, workload, family, metric, unit, parameters,"
	" precision) VALUES (1, 1, 'c', 'c', 'cpu', 'cpu time', 'ns/op', '{}', 0.01);"
	"INSERT INTO arm (cell, platform, role) VALUES (1, 1, 'baseline'),"
	" (1, 2, 'platform');"
	"INSERT INTO instance (id, run, platform, emulated) VALUES (1, 1, 'metal', 0),"
	" (2, 1, 'box', 1), (3, 1, 'box', 1);"
	"INSERT INTO fact (instance, name, got, source) VALUES"
	" (1, 'agent.kernel', 'one', 'a'), (1, 'trait.syscall.mount', 'reached', 'a'),"
	" (1, 'trait.cpu.online', '2', 'a'), (1, 'trait.path.host.disk.kind', 'file "
	"system',"
	" 'a'), (1, 'trait.path.host.disk.fsync', 'ok', 'a'),"
	" (1, 'trait.path.host.disk.flock', 'ok', 'a'),"
	" (2, 'agent.kernel', 'two', 'a'), (2, 'trait.syscall.mount', 'EPERM', 'a'),"
	" (2, 'trait.path.ide.disk.kind', 'block device', 'a'),"
	" (2, 'trait.path.ide.disk.fsync', 'ok', 'a'),"
	" (2, 'trait.path.fs.disk.kind', 'file system', 'a'),"
	" (2, 'trait.path.fs.disk.fsync', 'EIO', 'a'),"
	" (3, 'trait.syscall.mount', 'reached', 'a')"; /* a later instance */

static const struct {
	const char *path, *name;
	enum equivalence verdict;
} wanted[] = {
	{"", "kernel", EQUIVALENCE_DIFFERENT}, {"", "mount", EQUIVALENCE_MISSING},
	{"", "online", EQUIVALENCE_MISSING},   {"fs", "fsync", EQUIVALENCE_MISSING},
	{"fs", "kind", EQUIVALENCE_SAME},      {"fs", "flock", EQUIVALENCE_MISSING},
	{"ide", "fsync", EQUIVALENCE_SAME},    {"ide", "kind", EQUIVALENCE_DIFFERENT},
};

static void test_load(struct store *store)
{
	struct equivalence_table table = {0};
	struct err err = {0};
	size_t nr = sizeof(wanted) / sizeof(wanted[0]), count[EQUIVALENCE_NR];

	CHECK(!sqlite3_exec(store_db(store), made, NULL, NULL, NULL));
	CHECK_INT(equivalence_load(store, 2, &table, &err), -ENODATA);
	err_clear(&err);
	CHECK_INT(equivalence_load(store, 1, &table, &err), 0);
	CHECK_STR(err.text, "");
	CHECK_INT(table.nr, nr);
	for (size_t i = 0; i < nr && i < table.nr; i++) {
		CHECK_STR(table.list[i].platform, "box");
		CHECK_STR(table.list[i].path, wanted[i].path);
		CHECK_STR(table.list[i].name, wanted[i].name);
		CHECK_INT(table.list[i].verdict, wanted[i].verdict);
		CHECK(table.list[i].emulated);
	}
	if (table.nr == nr) {
		CHECK_STR(table.baseline, "metal");
		CHECK_INT(equivalence_place(&table, 0, count), 3);
		CHECK_INT(count[EQUIVALENCE_MISSING], 2);
	}
	equivalence_release(&table);
}

static void test_words(void)
{
	char one[] = "a b c d e f g h i j", two[] = "a b c d e f g h i k l";
	struct equivalence_row row = {.base = one, .here = two};
	char base[EQUIVALENCE_TEXT_MAX], here[EQUIVALENCE_TEXT_MAX];

	equivalence_values(&row, base, here);
	CHECK_STR(base, "1 only here: j");
	CHECK_STR(here, "2 only here: k l");
	row.here = NULL;
	equivalence_values(&row, base, here);
	CHECK_STR(base, one);
	CHECK_STR(here, "–");
}

int main(void)
{
	char dir[] = "/tmp/tare-test-XXXXXX", path[64];
	cleanup(store) struct store *store = NULL;
	struct err err = {0};

	if (!mkdtemp(dir))
		return 1;
	(void)snprintf(path, sizeof(path), "%s/t.sqlite", dir);
	CHECK_INT(store_open(path, STORE_CREATE, &store, &err), 0);
	if (store)
		test_load(store);
	test_rule();
	test_words();
	store_close(take_ptr(store));
	(void)unlink(path);
	(void)rmdir(dir);
	return check_done();
}
