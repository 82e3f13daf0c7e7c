/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Samples to ratios: by hand on a run of a few blocks, and against the known truths of
 * the made-up run in fixtures/store-made.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/host/owner.h"
#include "bench/results/results.h"
#include "tests/check.h"
#include "tests/fixtures/store-made.h"

static char dir[] = "/tmp/tare-test-XXXXXX";

static const char *file_in(const char *name)
{
	static char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

/* --- by hand --- */

static const struct workload by_time = {
	.name = "w", .family = FAMILY_CPU, .metric = METRIC_CPU_TIME};
static const struct workload by_rate = {
	.name = "d", .family = FAMILY_DISK, .metric = METRIC_IOPS};
static const struct path_def paths[] = {{"host", ""}, {0}};
static const struct driver driver = {.name = "d", .paths = paths};
static const struct platform base = {.name = (char[]){"base"}, .driver = &driver};
static const struct platform other = {.name = (char[]){"other"}, .driver = &driver};
static const struct store_run run = {.suite = "s",
				     .suite_text = "",
				     .command = "c",
				     .version = "0",
				     .options = "{}",
				     .seed = 7,
				     .budget_ns = 60};

struct hand {
	struct store *store;
	int64_t run, cell;
	int64_t arms[2]; /* baseline, platform */
	uint64_t sequence;
};

static void hand_open(struct hand *hand, const char *path,
		      const struct workload *workload)
{
	struct cell cell = {.workload = workload, .label = "cell", .precision = 0.02};
	struct arm first = {.role = ROLE_BASELINE}, second = {.role = ROLE_PLATFORM};
	int64_t platforms[2] = {0};
	struct err err = {0};

	*hand = (struct hand){.sequence = 1};
	CHECK_INT(store_open(path, STORE_CREATE, &hand->store, &err), 0);
	CHECK_INT(store_run_begin(hand->store, &run, &hand->run, &err), 0);
	CHECK_INT(store_platform_add(hand->store, hand->run, &base, 0, READY, "",
				     &platforms[0], &err),
		  0);
	CHECK_INT(store_platform_add(hand->store, hand->run, &other, 0, EMULATED, "",
				     &platforms[1], &err),
		  0);
	CHECK_INT(store_cell_add(hand->store, hand->run, &cell, "{}", &hand->cell, &err),
		  0);
	CHECK_INT(store_arm_add(hand->store, hand->cell, platforms[0], &first,
				&hand->arms[0], &err),
		  0);
	CHECK_INT(store_arm_add(hand->store, hand->cell, platforms[1], &second,
				&hand->arms[1], &err),
		  0);
}

/* A block ABBA with these values; a value below 0 is a slice that was not ok. */
static void hand_block(struct hand *hand, uint64_t epoch, const double values[static 4])
{
	static const uint32_t order[4] = {0, 1, 1, 0};
	struct store_block block = {.cell = hand->cell,
				    .epoch = epoch,
				    .sequence = hand->sequence++,
				    .steal_ns = SAMPLE_NONE};
	struct sample samples[4];
	struct err err = {0};

	for (uint32_t i = 0; i < 4; i++) {
		samples[i] = made_blank(order[i], i);
		samples[i].value = values[i];
		samples[i].ops = 10;
		samples[i].wall_ns = order[i] ? 2000 : 1000;
		if (values[i] < 0)
			made_spoil(&samples[i], OUTCOME_CLOCK, "by hand");
	}
	CHECK_INT(store_block_add(hand->store, &block, samples, 4, hand->arms, 0,
				  hand->run, &err),
		  0);
}

static void hand_load(struct hand *hand, struct results *results)
{
	struct err err = {0};

	CHECK_INT(results_load(hand->store, hand->run, results, &err), 0);
	CHECK_STR(err.text, "");
	CHECK_INT(results->nr, 2);
}

/* ln(√(10·40)/√(16·25)) = 0 in one block, ln(20/10) = ln 2 in the other. */
static void test_log_ratios(void)
{
	cleanup(free) struct stats_block *blocks = NULL;
	struct results results = {0};
	struct hand hand;
	struct err err = {0};
	size_t nr = 0;

	hand_open(&hand, file_in("hand"), &by_time);
	hand_block(&hand, 1, (double[]){10, 16, 25, 40});
	hand_block(&hand, 1, (double[]){-1, 10, 10, 10}); /* baseline not ok */
	hand_block(&hand, 1, (double[]){10, 10, -1, 10}); /* platform not ok */
	hand_block(&hand, 2, (double[]){20, 10, 10, 20});
	CHECK_INT(results_blocks(hand.store, hand.arms[1], &blocks, &nr, &err), 0);
	CHECK_INT(nr, 2);
	CHECK_NEAR(blocks[0].log_ratio, 0, 1e-12);
	CHECK_NEAR(blocks[1].log_ratio, log(2), 1e-12); /* half the time: better */
	CHECK_INT(blocks[0].epoch, 1);
	CHECK_INT(blocks[1].epoch, 2);
	hand_load(&hand, &results);
	if (results.nr == 2) {
		const struct result *result = &results.list[1];

		CHECK(result->known && result->emulated && !results.list[0].known);
		CHECK_NEAR(result->stats.ratio, sqrt(2), 1e-12);
		CHECK_INT(result->left_out, 2);
		CHECK_INT(result->outcomes[OUTCOME_OK], 7);
		CHECK_INT(result->outcomes[OUTCOME_CLOCK], 1);
		CHECK_INT(results.list[0].outcomes[OUTCOME_CLOCK], 1);
		CHECK(result->wall_known);
		CHECK_NEAR(result->wall.ratio, 0.5, 1e-12);
		CHECK_NEAR(result->base_value, 20, 1e-9); /* both blocks that count */
		CHECK(isnan(result->floor));
		CHECK_NEAR(result->precision, 0.02, 0);
	}
	results_release(&results);
	store_close(hand.store);
}

static void test_rate(void)
{
	struct results results = {0};
	struct hand hand;

	hand_open(&hand, file_in("rate"), &by_rate);
	hand_block(&hand, 1, (double[]){20, 10, 10, 20});
	hand_block(&hand, 2, (double[]){20, 10, 10, 20});
	hand_load(&hand, &results);
	if (results.nr == 2) {
		CHECK_NEAR(results.list[1].stats.ratio, 0.5, 1e-12); /* half as many */
		CHECK_NEAR(results.list[1].value, 10, 1e-9);
	}
	results_release(&results);
	store_close(hand.store);
}

/* What is not known says why, and its counts are there all the same. */
static void test_unknown(void)
{
	struct results results = {0};
	struct hand hand;

	hand_open(&hand, file_in("one"), &by_time);
	hand_block(&hand, 5, (double[]){20, 10, 10, 20});
	hand_block(&hand, 5, (double[]){20, 10, 10, 20});
	hand_load(&hand, &results);
	if (results.nr == 2) {
		CHECK(!results.list[1].known);
		CHECK_STR(results.list[1].why, "1 of 2 epochs");
		CHECK_INT(results.list[1].stats.blocks, 2);
		CHECK_INT(results.list[1].stats.epochs, 1);
		CHECK_INT(results.list[1].samples, 4);
	}
	results_release(&results);
	store_close(hand.store);
	hand_open(&hand, file_in("none"), &by_time);
	hand_block(&hand, 5, (double[]){20, -1, -1, 20});
	hand_load(&hand, &results);
	if (results.nr == 2) {
		CHECK_STR(results.list[1].why, "no sample is ok");
		CHECK(isnan(results.list[1].value));
		CHECK_INT(results.list[1].left_out, 1);
	}
	results_release(&results);
	store_close(hand.store);
}

/* --- the made-up run --- */

static double truth_of(const struct result *result)
{
	return made_share(result->role, result->platform, result->path, result->workload);
}

/* Of 95 % intervals a few may miss; not many, and none by far. */
static void check_truth(const struct results *results)
{
	unsigned known = 0, hits = 0, wide = 0;

	for (size_t i = 0; i < results->nr; i++) {
		const struct result *result = &results->list[i];
		double truth = truth_of(result);

		if (!result->known)
			continue;
		known++;
		hits += result->stats.low <= truth && truth <= result->stats.high;
		wide += fabs(log(result->stats.ratio / truth)) >
			(strcmp(result->family, "disk") ? 0.02 : 0.1);
	}
	printf("# %u of %u intervals hold the truth\n", hits, known);
	CHECK(known > 100);
	CHECK(hits >= 0.9 * known);
	CHECK_INT(wide, 0);
}

static const struct result *find(const struct results *results, const char *label,
				 const char *platform, const char *path, const char *role)
{
	for (size_t i = 0; i < results->nr; i++) {
		const struct result *result = &results->list[i];

		if (!strcmp(result->label, label) &&
		    !strcmp(result->platform, platform) && !strcmp(result->path, path) &&
		    !strcmp(result->role, role))
			return result;
	}
	return NULL;
}

static void check_controls(const struct results *results)
{
	const struct result *injected = find(results, "int", "bare", "host", "injected");

	for (size_t i = 0; i < results->nr; i++) {
		const struct result *result = &results->list[i];
		const struct result *aa =
			find(results, result->label, "bare", "host", "aa");

		CHECK(aa && aa->known);
		if (aa)
			CHECK_NEAR(result->floor,
				   fmax(-log(aa->stats.low), log(aa->stats.high)), 1e-12);
	}
	CHECK(injected && injected->wall_known);
	if (!injected)
		return;
	/* 1 % more work than said is seen as about 0.99; of a single interval it cannot
	 * be asked that it holds the truth */
	CHECK(injected->stats.high < 1);
	CHECK_NEAR(log(injected->stats.ratio), -log(1.01),
		   2 * injected->stats.half_width);
}

static void check_bad(const struct results *results)
{
	const struct result *failed =
		find(results, "randwrite-qd32", "kvm", "ide", "platform");
	const struct result *absent =
		find(results, "int", "lxc-unprivileged", "bind", "platform");

	CHECK(failed && absent);
	if (!failed || !absent)
		return;
	CHECK(!failed->known && failed->emulated);
	CHECK_STR(failed->why, "no sample is ok");
	CHECK_INT(failed->outcomes[OUTCOME_FAILED], 2 * MADE_DISK_BLOCKS);
	CHECK_INT(failed->left_out, MADE_DISK_BLOCKS);
	CHECK(!absent->known);
	CHECK_STR(absent->why, "unavailable");
	CHECK_STR(absent->state, "unavailable");
}

/* Nothing is lost: every sample is counted once, every block counts or is left out. */
static void check_counts(struct store *store, const struct results *results)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	uint64_t samples = 0, blocks = 0, epochs_of_native = 0;

	for (size_t i = 0; i < results->nr; i++) {
		const struct result *result = &results->list[i];

		for (int j = 0; j < OUTCOME_NR; j++)
			samples += result->outcomes[j];
		if (!strcmp(result->role, "baseline") || !strcmp(result->family, "disk"))
			continue;
		blocks += result->stats.blocks + result->left_out;
		epochs_of_native += result->stats.epochs;
	}
	CHECK_INT(sqlite3_prepare_v2(store_db(store),
				     "SELECT (SELECT count(*) FROM sample), count(*), "
				     "count(DISTINCT epoch) FROM block b JOIN cell c ON "
				     "b.cell = c.id WHERE c.family <> 'disk'",
				     -1, &query, NULL),
		  SQLITE_OK);
	CHECK_INT(sqlite3_step(query), SQLITE_ROW);
	CHECK_INT(samples, sqlite3_column_int64(query, 0));
	CHECK_INT(blocks, sqlite3_column_int64(query, 1));
	CHECK_INT(epochs_of_native, sqlite3_column_int64(query, 2));
}

/* One arm alone gives what the whole run gave. */
static void check_one_arm(struct store *store, const struct results *results)
{
	for (size_t i = 0; i < results->nr; i += 7) {
		const struct result *result = &results->list[i];
		cleanup(free) struct stats_block *blocks = NULL;
		struct stats_ratio stats = {0};
		struct err err = {0};
		size_t nr = 0;

		CHECK_INT(results_blocks(store, result->arm, &blocks, &nr, &err), 0);
		CHECK_INT(nr, result->stats.blocks);
		if (!result->known)
			continue;
		CHECK_INT(stats_ratio(blocks, nr, MADE_SEED, &stats, &err), 0);
		CHECK(!memcmp(&stats, &result->stats, sizeof(stats)));
	}
}

static void test_made(void)
{
	cleanup(store) struct store *store = NULL;
	struct results results = {0};
	struct err err = {0};
	int64_t found = 0;

	CHECK_INT(made_store(file_in("made"), &err), 0);
	CHECK_STR(err.text, "");
	CHECK_INT(store_open(file_in("made"), STORE_READ, &store, &err), 0);
	CHECK_INT(results_run_find(store, "last", &found, &err), 0);
	CHECK_INT(results_load(store, found, &results, &err), 0);
	check_truth(&results);
	check_controls(&results);
	check_bad(&results);
	check_counts(store, &results);
	check_one_arm(store, &results);
	results_release(&results);
	CHECK_INT(results.nr, 0);
}

static void refuse_run(struct store *store, const char *which, int code, const char *word)
{
	int64_t found = 4711;
	struct err err = {0};

	CHECK_INT(results_run_find(store, which, &found, &err), -code);
	CHECK(strstr(err.text, word) != NULL);
	CHECK_INT(found, 4711);
}

static void test_runs(void)
{
	cleanup(store) struct store *store = NULL;
	struct results results = {.run = 42};
	struct err err = {0};
	int64_t found = 0;

	CHECK_INT(store_open(file_in("runs"), STORE_CREATE, &store, &err), 0);
	refuse_run(store, "last", ENOENT, "no runs yet");
	CHECK_INT(store_run_begin(store, &run, &found, &err), 0);
	CHECK_INT(store_run_begin(store, &run, &found, &err), 0);
	CHECK_INT(results_run_find(store, "1", &found, &err), 0);
	CHECK_INT(found, 1);
	CHECK_INT(results_run_find(store, "last", &found, &err), 0);
	CHECK_INT(found, 2);
	refuse_run(store, "3", ENOENT, "no run 3");
	refuse_run(store, "-1", EINVAL, "'-1' is no run");
	refuse_run(store, "quick", EINVAL, "'quick' is no run");
	CHECK_INT(results_load(store, 9, &results, &err), -ENOENT);
	CHECK_INT(results.run, 42); /* untouched */
	err_clear(&err);
	CHECK_INT(results_load(store, 1, &results, &err), 0); /* nothing measured yet */
	CHECK_INT(results.nr, 0);
	results_release(&results);
}

/* With a /run of its own, where nobody measures, then somebody, then nobody. */
static int watch_lock(void)
{
	struct err err = {0};
	int fd = -1;

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tare-test", "/run", "tmpfs", 0, "size=1m"))
		return 77;
	CHECK_STR(results_status("running"), "interrupted (killed)");
	CHECK_INT(owner_lock(&fd, &err), 0);
	CHECK_STR(results_status("running"), "running");
	CHECK_STR(results_status("done"), "done");
	(void)close(fd);
	CHECK_STR(results_status("running"), "interrupted (killed)");
	return check_failed != 0;
}

static void test_killed(void)
{
	pid_t child;
	int status = 0;

	(void)fflush(stdout);
	child = fork();
	if (!child) {
		check_failed = 0;
		status = watch_lock();
		(void)fflush(stdout);
		_exit(status);
	}
	CHECK(waitpid(child, &status, 0) == child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		SKIP("a /run of its own needs root and mount namespaces");
	else
		CHECK_INT(status, 0);
}

static void test_status(void)
{
	CHECK_STR(results_status("done"), "done");
	CHECK_STR(results_status("budget"), "budget");
	CHECK_STR(results_status("?"), "unknown");
}

/* Overwrites pages, one after the other: what cannot be read is an error, not a part. */
static void test_damaged(void)
{
	char path[256];
	unsigned refused = 0, tried = 0;
	struct stat state = {0};

	(void)snprintf(path, sizeof(path), "%s", file_in("made"));
	CHECK_INT(stat(path, &state), 0);
	for (off_t page = 40; page < state.st_size / 4096; page += 40, tried++) {
		cleanup(store) struct store *store = NULL;
		cleanup(fd) int fd = open(path, O_RDWR | O_CLOEXEC);
		struct results results = {0};
		struct err err = {0};
		char kept[4096], junk[4096];

		memset(junk, 0x5a, sizeof(junk));
		CHECK(pread(fd, kept, sizeof(kept), page * 4096) == sizeof(kept));
		CHECK(pwrite(fd, junk, sizeof(junk), page * 4096) == sizeof(junk));
		if (store_open(path, STORE_READ, &store, &err) ||
		    results_load(store, 1, &results, &err)) {
			refused++;
			CHECK(err.code > 0 && err.text[0]);
			CHECK_INT(results.nr, 0);
		}
		results_release(&results);
		CHECK(pwrite(fd, kept, sizeof(kept), page * 4096) == sizeof(kept));
	}
	printf("# %u of %u damaged pages were noticed\n", refused, tried);
	CHECK(refused > 0 && refused + 4 >= tried); /* some pages are free or an index */
}

int main(void)
{
	static const char *const made[] = {"hand", "rate", "one", "none", "made", "runs"};

	if (!mkdtemp(dir))
		return 1;
	test_log_ratios();
	test_rate();
	test_unknown();
	test_made();
	test_damaged();
	test_runs();
	test_status();
	test_killed();
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		(void)unlink(file_in(made[i]));
	(void)rmdir(dir);
	return check_done();
}
