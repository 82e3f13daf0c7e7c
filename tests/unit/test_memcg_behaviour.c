/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of the memory cgroup's experiments is pure, their table, and their way into the
 * store. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/memcg/memcg_behaviour.h"
#include "bench/memcg/memcg_swapfile.h"
#include "tests/check.h"

#define PAGE 4096

static void steps(void)
{
	uint64_t flat[] = {8 * PAGE, 8 * PAGE, 8 * PAGE};
	uint64_t borrowed[] = {64 * PAGE, 64 * PAGE, 128 * PAGE, 128 * PAGE};
	uint64_t falls[] = {64 * PAGE, 0, 3 * PAGE};

	CHECK_INT(memcg_batch_step(flat, 3, PAGE), 0);
	CHECK_INT(memcg_batch_step(borrowed, 4, PAGE), 64);
	CHECK_INT(memcg_batch_step(falls, 3, PAGE), 3);
	CHECK_INT(memcg_batch_step(flat, 0, PAGE), 0);
}

static void errors(void)
{
	uint64_t exact[] = {11 * PAGE, 12 * PAGE}, ahead[] = {74 * PAGE, 74 * PAGE},
		 behind[] = {11 * PAGE, 7 * PAGE};
	double mean = -1;

	CHECK_NEAR(memcg_batch_error(exact, 2, 10 * PAGE, PAGE, &mean), 0, 0);
	CHECK_NEAR(mean, 0, 0);
	CHECK_NEAR(memcg_batch_error(ahead, 2, 10 * PAGE, PAGE, &mean), 63, 0);
	CHECK_NEAR(mean, 62.5, 1e-12);
	CHECK_NEAR(memcg_batch_error(behind, 2, 10 * PAGE, PAGE, &mean), -5, 0);
	CHECK_NEAR(memcg_batch_error(exact, 0, 0, PAGE, &mean), 0, 0);
	CHECK_NEAR(mean, 0, 0);
}

static void dying(void)
{
	CHECK_INT(memcg_dying_parse("#subsys_name\thierarchy\tnum_cgroups\tenabled\n"
				    "cpuset\t3\t9\t1\nmemory\t4\t46\t1\npids\t8\t7\t1\n"),
		  46);
	CHECK_INT(memcg_dying_parse("#subsys_name\thierarchy\tnum_cgroups\tenabled\n"),
		  0);
	CHECK_INT(memcg_dying_parse("\nmemory\tx\n"), 0);
	CHECK_INT(memcg_dying_parse(""), 0);
}

static void judges(void)
{
	CHECK_INT(memcg_lru_judge(0, 100), FINDING_HOLDS);
	CHECK_INT(memcg_lru_judge(0, 94), FINDING_FAILS);
	CHECK_INT(memcg_lru_judge(51, 100), FINDING_INCONCLUSIVE);
	CHECK_INT(memcg_protect_judge(30, 100, 96), FINDING_HOLDS);
	CHECK_INT(memcg_protect_judge(30, 100, 90), FINDING_FAILS);
	CHECK_INT(memcg_protect_judge(30, 30, 100), FINDING_FAILS);
	CHECK_INT(memcg_protect_judge(81, 100, 100), FINDING_INCONCLUSIVE);
	/* 10 times slower, and the kernel says that it was its doing */
	CHECK_INT(memcg_throttle_judge(1, 11, 5, true), FINDING_HOLDS);
	CHECK_INT(memcg_throttle_judge(1, 9, 5, true), FINDING_FAILS);
	CHECK_INT(memcg_throttle_judge(1, 11, 0, true), FINDING_FAILS);
	CHECK_INT(memcg_throttle_judge(1, 11, 0, false), FINDING_HOLDS);
}

static void swapfiles(void)
{
	unsigned char page[PAGE];
	uint32_t number;

	memset(page, 0xee, sizeof(page));
	memcg_swapfile_header(page, PAGE, 100);
	CHECK(!memcmp(page + PAGE - 10, "SWAPSPACE2", 10));
	memcpy(&number, page + 1024, 4);
	CHECK_INT(number, 1);
	memcpy(&number, page + 1028, 4);
	CHECK_INT(number, 99);
	memcpy(&number, page + 1032, 4); /* no bad pages */
	CHECK_INT(number, 0);
	CHECK_INT(page[0], 0);
	CHECK_INT(memcg_swapfile_count("Filename Type Size Used Priority\n"), 0);
	CHECK_INT(memcg_swapfile_count("Filename Type\n/swap file 1 0 -2\n"), 1);
	CHECK_INT(memcg_swapfile_count(""), 0);
}

static void table(void)
{
	for (size_t i = 0; i < memcg_experiment_nr; i++) {
		const struct memcg_experiment *it = &memcg_experiments[i];

		CHECK(it->run != NULL && strlen(it->name) > 2);
		CHECK(strlen(it->procedure) > 80 && strstr(it->procedure, "Holds: "));
		CHECK(!it->claim || !strncmp(it->claim, "talk-memcg-", 11));
		/* it becomes "Statement: <title>. <procedure>" */
		CHECK(it->title[0] && !strchr(it->title, '\n'));
		CHECK(!strstr(it->title, ". "));
		for (size_t k = 0; k < i; k++)
			CHECK(strcmp(it->name, memcg_experiments[k].name) != 0);
	}
}

static void randoms(void)
{
	struct memcg_context a = {.random = 7}, b = {.random = 7};
	uint64_t seen = 0;

	for (int i = 0; i < 100; i++) {
		uint64_t number = memcg_random(&a, 10);

		CHECK(number < 10);
		CHECK_INT(number, memcg_random(&b, 10));
		seen |= 1u << number;
	}
	CHECK_INT(seen, 0x3ff);
}

static int works(struct memcg_context *context, struct memcg_result *result,
		 struct err *err)
{
	int rc = 0;

	(void)context;
	for (int i = 0; !rc && i < 100; i++)
		rc = memcg_result_point(result, i % 2 ? "odd" : "even", i, i * 2, err);
	memcg_result_count(result, "pages", 3);
	memcg_result_say(result, FINDING_HOLDS, "%d seen.", 3);
	return rc;
}

static int fails(struct memcg_context *context, struct memcg_result *result,
		 struct err *err)
{
	(void)context;
	(void)result;
	return err_fail(err, EACCES, "no right to it");
}

static int stops(struct memcg_context *context, struct memcg_result *result,
		 struct err *err)
{
	(void)context;
	(void)result;
	return err_fail(err, EINTR, "interrupted");
}

static const struct memcg_experiment example = {"example", "talk-memcg-example",
						"it is so", "Look. Holds: seen.", works};
static const struct memcg_experiment broken = {"broken", NULL, "it is so", "Look.",
					       fails};
static const struct memcg_experiment stopped = {"stopped", NULL, "it is so", "Look.",
						stops};

/* A failure is an open question, not the end of all others; a stop is the end. */
static void outcomes(void)
{
	struct memcg_context context = {.unified = true};
	struct memcg_result result;
	struct err err = {0};

	CHECK_INT(memcg_experiment_run(&broken, &context, &result, &err), 0);
	CHECK_INT(result.verdict, FINDING_INCONCLUSIVE);
	CHECK(strstr(result.answer, "no right to it") != NULL);
	memcg_result_release(&result);
	CHECK_INT(memcg_experiment_run(&stopped, &context, &result, &err), -EINTR);
	CHECK_STR(err.text, "stopped: interrupted");
}

static const char *ask(struct store *store, const char *sql)
{
	static char text[256];
	cleanup(statement) sqlite3_stmt *query = NULL;

	text[0] = '\0';
	if (sqlite3_prepare_v2(store_db(store), sql, -1, &query, NULL) == SQLITE_OK &&
	    sqlite3_step(query) == SQLITE_ROW)
		(void)snprintf(text, sizeof(text), "%s",
			       (const char *)sqlite3_column_text(query, 0));
	return text;
}

static void stored(const char *path)
{
	const struct store_run run = {.suite = "s",
				      .suite_text = "t",
				      .command = "c",
				      .version = "0",
				      .options = "{}",
				      .seed = 1};
	struct memcg_context context = {.unified = true};
	struct memcg_result result;
	struct err err = {0};
	cleanup(store) struct store *store = NULL;
	int64_t row = 0;

	CHECK_INT(store_open(path, STORE_CREATE, &store, &err), 0);
	CHECK_INT(store_run_begin(store, &run, &row, &err), 0);
	CHECK_INT(memcg_experiment_run(&example, &context, &result, &err), 0);
	CHECK(result.end_ns >= result.begin_ns);
	CHECK_INT(memcg_experiment_store(&example, &context, &result, store, row, &err),
		  0);
	CHECK_STR(ask(store, "SELECT chapter || '|' || name || '|' || condition || '|' "
			     "|| verdict || '|' || answer || '|' || numbers FROM "
			     "experiment"),
		  "memcg|talk-memcg-example|cgroup v2: example|holds|3 seen.|"
		  "{\"pages\":3}");
	CHECK_STR(ask(store, "SELECT procedure FROM experiment"),
		  "Statement: it is so. Look. Holds: seen.");
	CHECK_STR(ask(store, "SELECT group_concat(n) FROM (SELECT name || count(*) || "
			     "'/' || max(position) || '/' || cast(sum(y) AS INTEGER) AS "
			     "n FROM series WHERE low IS NULL GROUP BY name)"),
		  "even50/49/4900,odd50/49/5000");
	/* the same again is refused, and leaves no curve behind */
	CHECK(memcg_experiment_store(&example, &context, &result, store, row, &err) < 0);
	CHECK_STR(ask(store, "SELECT count(*) || '/' || (SELECT count(*) FROM series) "
			     "FROM experiment"),
		  "1/100");
	memcg_result_release(&result);
}

int main(void)
{
	char dir[] = "/tmp/tare-test-XXXXXX", path[64], name[80];

	steps();
	errors();
	dying();
	judges();
	swapfiles();
	table();
	randoms();
	outcomes();
	if (!mkdtemp(dir))
		return 1;
	(void)snprintf(path, sizeof(path), "%s/t.sqlite", dir);
	stored(path);
	(void)unlink(path);
	(void)snprintf(name, sizeof(name), "%s-wal", path);
	(void)unlink(name);
	(void)snprintf(name, sizeof(name), "%s-shm", path);
	(void)unlink(name);
	(void)rmdir(dir);
	return check_done();
}
