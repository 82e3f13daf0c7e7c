/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two runs against each other: the made-up run of fixtures/store-made.h twice, the second
 * changed by hand, so that what changed is known exactly.
 */
#include <errno.h>
#include <unistd.h>

#include "bench/compare/compare.h"
#include "tests/check.h"
#include "tests/fixtures/store-made.h"

static char dir[] = "/tmp/tare-test-XXXXXX";
static char path[64], other[64];

/* Changes run 2 of the store that both runs are in. */
static void change(const char *sql)
{
	struct store *store = NULL;
	struct err err = {0};

	CHECK_INT(store_open(path, STORE_CREATE, &store, &err), 0);
	CHECK_INT(sqlite3_exec(store_db(store), sql, NULL, NULL, NULL), SQLITE_OK);
	store_close(store);
}

/* Times of a workload on a platform in run 2, times `factor`. */
static void slow_down(const char *label, const char *platform, const char *factor)
{
	char sql[512];

	(void)snprintf(sql, sizeof(sql),
		       "UPDATE sample SET value = value * %s WHERE arm IN (SELECT a.id "
		       "FROM arm a JOIN cell c ON c.id = a.cell JOIN platform p ON p.id "
		       "= a.platform WHERE c.run = 2 AND c.label = '%s' AND p.name = "
		       "'%s' AND a.role = 'platform')",
		       factor, label, platform);
	change(sql);
}

static void make_both(void)
{
	struct err err = {0};

	(void)unlink(path);
	CHECK_INT(made_store(path, &err), 0);
	CHECK_INT(made_store(path, &err), 0);
}

static const volatile int stop;

static void open_both(const char *a, const char *b, struct comparison *comparison)
{
	struct err err = {0};

	*comparison = (struct comparison){0};
	CHECK_INT(compare_run_open(a, path, &stop, &comparison->a, &err), 0);
	CHECK_INT(compare_run_open(b, path, &stop, &comparison->b, &err), 0);
	CHECK_INT(compare_make(comparison, &err), 0);
	CHECK_STR(err.text, "");
}

static const struct compare_pair *pair_of(const struct comparison *comparison,
					  const char *label, const char *platform)
{
	for (size_t i = 0; i < comparison->pair_nr; i++)
		if (!strcmp(comparison->pairs[i].a->label, label) &&
		    !strcmp(comparison->pairs[i].a->platform, platform))
			return &comparison->pairs[i];
	CHECK(!"there is no such pair");
	return comparison->pairs;
}

/* By hand: logs 0.1 ± (0.02, 0.03) and 0.3 ± (0.04, 0.05). */
static void test_formula(void)
{
	struct stats_ratio a = {.ratio = exp(0.1), .low = exp(0.08), .high = exp(0.13)};
	struct stats_ratio b = {.ratio = exp(0.3), .low = exp(0.26), .high = exp(0.35)};
	struct stats_ratio ret;

	compare_change(&a, &b, &ret);
	CHECK_NEAR(log(ret.ratio), 0.2, 1e-12);
	CHECK_NEAR(log(ret.low), 0.2 - 0.05, 1e-12); /* √(0.04² + 0.03²) */
	CHECK_NEAR(log(ret.high), 0.2 + sqrt(0.05 * 0.05 + 0.02 * 0.02), 1e-12);
	CHECK_NEAR(ret.half_width, (0.05 + sqrt(0.0029)) / 2, 1e-12);
}

static void simulate(gsl_rng *rng, double truth, struct stats_ratio *ret)
{
	struct stats_block blocks[48];
	struct err err = {0};
	double epoch = 0;

	for (size_t i = 0; i < 48; i++) {
		if (i % 6 == 0)
			epoch = gsl_ran_gaussian(rng, 0.01);
		blocks[i] = (struct stats_block){
			.epoch = i / 6,
			.log_ratio = truth + epoch + gsl_ran_gaussian(rng, 0.01)};
	}
	CHECK_INT(stats_ratio(blocks, 48, gsl_rng_get(rng), ret, &err), 0);
}

/* Intervals of the change hold the truth as often as they say, or more often. */
static void test_coverage(void)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	int holds = 0, trials = 400;

	for (int i = 0; i < trials; i++) {
		struct stats_ratio a, b, ret;

		simulate(rng, 0.5, &a);
		simulate(rng, 0.53, &b);
		compare_change(&a, &b, &ret);
		holds += ret.low <= exp(0.03) && ret.high >= exp(0.03);
	}
	printf("# %d of %d intervals hold the truth\n", holds, trials);
	CHECK(holds >= 93 * trials / 100);
	gsl_rng_free(rng);
}

static void test_nothing(void)
{
	struct comparison comparison;

	make_both();
	open_both("1", "last", &comparison);
	CHECK_INT(comparison.difference_nr, 0);
	CHECK_INT(comparison.regressions, 0);
	CHECK_INT(comparison.improvements, 0);
	CHECK_INT(comparison.missing_nr, 0);
	CHECK(comparison.compared > 40);
	for (size_t i = 0; i < comparison.pair_nr; i++) {
		const struct compare_pair *pair = &comparison.pairs[i];

		CHECK_STR(pair->a->role, "platform");
		if (pair->known)
			CHECK_NEAR(pair->change.ratio, 1, 1e-12);
		else
			CHECK(!strncmp(pair->why, "no ratio in A and B: ", 21));
	}
	CHECK(comparison.baseline_nr > 20);
	CHECK_NEAR(comparison.baselines[0].change.ratio, 1, 1e-12);
	compare_release(&comparison);
}

static void test_change(void)
{
	struct comparison comparison;
	const struct compare_pair *pair;
	char text[COMPARE_TEXT_MAX];

	make_both();
	slow_down("int", "cgroup", "1.1");
	slow_down("float", "kvm", "1.5"); /* emulated */
	slow_down("branch", "lxc", "1.002");
	open_both("last~1", "last", &comparison);
	CHECK_INT(comparison.regressions, 1);
	CHECK_INT(comparison.improvements, 0);
	pair = pair_of(&comparison, "int", "cgroup");
	CHECK_INT(pair->mark, COMPARE_REGRESSION);
	CHECK_NEAR(pair->change.ratio, 1 / 1.1, 1e-9);
	CHECK_NEAR(pair->floor, hypot(pair->a->floor, pair->b->floor), 1e-12);
	CHECK(pair->joint_high > pair->change.high && pair->joint_high < 1);
	CHECK(compare_is_beyond(pair, 0.05) && !compare_is_beyond(pair, 0.2));
	CHECK(!strncmp(compare_text(pair, text), "regression: 9", 13));
	pair = pair_of(&comparison, "float", "kvm");
	CHECK_INT(pair->mark, COMPARE_EMULATED);
	CHECK(!compare_is_beyond(pair, 0.01));
	CHECK(!strncmp(compare_text(pair, text), "emulated: ", 10));
	pair = pair_of(&comparison, "branch", "lxc");
	CHECK_INT(pair->mark, COMPARE_SAME);
	CHECK(strstr(compare_text(pair, text), "below noise"));
	compare_release(&comparison);
	open_both("last", "last~1", &comparison);
	CHECK_INT(comparison.improvements, 1);
	CHECK_INT(pair_of(&comparison, "int", "cgroup")->mark, COMPARE_IMPROVEMENT);
	compare_release(&comparison);
}

static bool is_missing(const struct comparison *comparison, const char *label, char run,
		       const char *reason)
{
	for (size_t i = 0; i < comparison->missing_nr; i++)
		if (!strcmp(comparison->missing[i].result->label, label) &&
		    comparison->missing[i].run == run &&
		    !strcmp(comparison->missing[i].reason, reason))
			return true;
	return false;
}

/* Cells that are not the same cell, states that are not the same state, no floor. */
static void test_missing(void)
{
	struct comparison comparison;

	make_both();
	slow_down("int", "cgroup", "1.1");
	change("UPDATE cell SET parameters = json_set(parameters, '$.threads', 2) WHERE "
	       "run = 2 AND label = 'float'; "
	       "UPDATE cell SET label = 'other' WHERE run = 2 AND label = 'branch'; "
	       "UPDATE platform SET state = 'ready' WHERE run = 2 AND name = 'kvm'; "
	       "DELETE FROM sample WHERE arm IN (SELECT a.id FROM arm a JOIN cell c ON "
	       "c.id = a.cell WHERE c.run = 2 AND c.label = 'int' AND role = 'aa')");
	open_both("1", "2", &comparison);
	CHECK(is_missing(&comparison, "float", 'A', "threads is 1 in A and 2 in B"));
	CHECK(is_missing(&comparison, "branch", 'A', "it is in A only"));
	CHECK(is_missing(&comparison, "other", 'B', "it is in B only"));
	CHECK(is_missing(&comparison, "null", 'A', "it ran emulated in A only"));
	CHECK_INT(pair_of(&comparison, "int", "cgroup")->mark, COMPARE_NO_FLOOR);
	CHECK_INT(comparison.regressions, 0);
	compare_release(&comparison);
}

static const struct compare_difference *difference(const struct comparison *comparison,
						   const char *name)
{
	for (size_t i = 0; i < comparison->difference_nr; i++)
		if (!strcmp(comparison->differences[i].name, name))
			return &comparison->differences[i];
	CHECK(!"there is no such difference");
	return comparison->differences;
}

static void test_environment(void)
{
	struct comparison comparison;

	make_both();
	change("UPDATE environment SET value = 'Linux 1' WHERE run = 2 AND name = "
	       "'kernel'; INSERT INTO environment VALUES (2, 'aaa', 'new', 'test'); "
	       "DELETE FROM environment WHERE run = 2 AND name = 'image.tree_sha256'; "
	       "UPDATE arm SET injected = 0.03 WHERE role = 'platform' AND cell IN "
	       "(SELECT id FROM cell WHERE run = 2 AND label = 'int') AND platform IN "
	       "(SELECT id FROM platform WHERE name = 'cgroup'); "
	       "UPDATE fact SET got = '1' WHERE instance = (SELECT min(id) FROM instance "
	       "WHERE run = 2 AND platform = 'lxc'); "
	       "UPDATE fact SET got = 'tare-12-34' WHERE instance IN (SELECT id FROM "
	       "instance WHERE run = 2 AND platform = 'cgroup')");
	open_both("1", "2", &comparison);
	CHECK_STR(difference(&comparison, "kernel")->a, "Linux 0.0-made-up");
	CHECK_STR(difference(&comparison, "kernel")->b, "Linux 1");
	CHECK_STR(difference(&comparison, "aaa")->a, NULL);
	CHECK_STR(difference(&comparison, "image.tree_sha256")->b, NULL);
	CHECK_STR(difference(&comparison, "platform: cgroup handicap")->b, "3.0 %");
	CHECK_STR(difference(&comparison, "platform: lxc memory_bytes")->a, "805310464");
	CHECK_INT(comparison.difference_nr, 6); /* the group's name, gone, is the sixth */
	compare_release(&comparison);
}

static void check_word(const char *word, int code, const char *message)
{
	struct compare_run run = {0};
	struct err err = {0};
	int rc = compare_run_open(word, path, &stop, &run, &err);

	CHECK_INT(rc, code);
	CHECK(strstr(err.text, message));
	if (!rc)
		compare_run_release(&run);
}

static void test_words(void)
{
	char word[96];
	struct err err = {0};

	make_both();
	CHECK_INT(made_store(other, &err), 0);
	check_word("last~2", -ENOENT, "there is no run last~2");
	check_word("last~", -EINVAL, "is no run: give its number, 'last' or 'last~1'");
	check_word("last~x", -EINVAL, "is no run");
	check_word("lastly", -EINVAL, "is no run");
	check_word("last1", -EINVAL, "is no run");
	check_word("3", -ENOENT, "there is no run 3");
	check_word("/nowhere:1", -ENOENT, "cannot open the store '/nowhere'");
	(void)snprintf(word, sizeof(word), "%s:last~1", other);
	check_word(word, -ENOENT, "there is no run last~1");
	(void)snprintf(word, sizeof(word), "%s:1", other);
	check_word(word, 0, "");
	check_word("last~1", 0, "");
}

int main(void)
{
	CHECK(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/both", dir);
	(void)snprintf(other, sizeof(other), "%s/other", dir);
	test_formula();
	test_coverage();
	test_nothing();
	test_change();
	test_missing();
	test_environment();
	test_words();
	(void)unlink(path);
	(void)unlink(other);
	(void)rmdir(dir);
	return check_done();
}
