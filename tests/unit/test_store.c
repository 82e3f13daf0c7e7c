/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store: what is written comes back, what is not ours is refused, and whatever fails
 * underneath, finished blocks stay whole and unfinished ones leave nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/store/store.h"
#include "tests/check.h"
#include "tests/fixtures/store-faults.h"

#define BLOCKS 6
#define SLICES 4

static const struct path_def paths[] = {{"host", ""}, {0}};
static const struct driver driver = {.name = "d", .paths = paths};
static const struct platform platform = {.name = (char[]){"metal"}, .driver = &driver};
static const struct workload workload = {
	.name = "int", .family = FAMILY_CPU, .metric = METRIC_CPU_TIME};
static const struct cell cell = {
	.workload = &workload, .label = "int", .threads = 1, .precision = 0.01};
static const struct arm arm = {.role = ROLE_BASELINE};
static const struct store_run run = {.suite = "s",
				     .suite_text = "text",
				     .command = "tare run s",
				     .version = "0",
				     .options = "{}",
				     .seed = UINT64_MAX,
				     .budget_ns = 60};

static char dir[] = "/tmp/tare-test-XXXXXX";

static const char *file_in(const char *name)
{
	static char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void remove_store(const char *path)
{
	static const char *const behind[] = {"", "-wal", "-shm", "-journal"};
	char name[512];

	for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", path, behind[i]);
		(void)unlink(name);
	}
}

/* First column of the first row; NaN for NULL, -1 when there is none. */
static double ask(struct store *store, const char *sql)
{
	cleanup(statement) sqlite3_stmt *query = NULL;

	if (sqlite3_prepare_v2(store_db(store), sql, -1, &query, NULL) != SQLITE_OK ||
	    sqlite3_step(query) != SQLITE_ROW)
		return -1;
	return sqlite3_column_type(query, 0) == SQLITE_NULL
		       ? (double)NAN
		       : sqlite3_column_double(query, 0);
}

static bool holds(const char *text, const char *word)
{
	return strstr(text, word) != NULL;
}

/* --- a small run --- */

struct rows {
	int64_t run, platform, cell, arm;
	unsigned blocks; /* that the store said it has */
};

static int begin(struct store *store, struct rows *rows, struct err *err)
{
	int rc = store_run_begin(store, &run, &rows->run, err);

	if (!rc)
		rc = store_platform_add(store, rows->run, &platform, 0, READY, "",
					&rows->platform, err);
	if (!rc)
		rc = store_cell_add(store, rows->run, &cell, "{}", &rows->cell, err);
	if (!rc)
		rc = store_arm_add(store, rows->cell, rows->platform, &arm, &rows->arm,
				   err);
	return rc;
}

static struct sample make_sample(unsigned position)
{
	struct sample sample;

	memset(&sample, 0xff, sizeof(sample)); /* every count is SAMPLE_NONE */
	sample.arm = 0;
	sample.position = position;
	sample.outcome = OUTCOME_OK;
	sample.reason[0] = '\0';
	sample.value = 1.0 / 3 + position;
	sample.ops = 7;
	return sample;
}

static int add_block(struct store *store, struct rows *rows, struct err *err)
{
	struct store_block block = {.cell = rows->cell,
				    .epoch = rows->blocks / 2,
				    .sequence = rows->blocks + 1,
				    .begin_ns = 5,
				    .load1 = -1,
				    .psi_cpu = 0.5,
				    .steal_ns = SAMPLE_NONE};
	struct sample samples[SLICES];
	int rc;

	for (unsigned i = 0; i < SLICES; i++)
		samples[i] = make_sample(i);
	rc = store_block_add(store, &block, samples, SLICES, &rows->arm,
			     1000 * (rows->blocks + 1), rows->run, err);
	rows->blocks += !rc;
	return rc;
}

static int small_run(const char *path, struct rows *rows, struct err *err)
{
	cleanup(store) struct store *store = NULL;
	int rc = store_open(path, STORE_CREATE, &store, err);

	if (!rc)
		rc = begin(store, rows, err);
	for (unsigned i = 0; !rc && i < BLOCKS; i++)
		rc = add_block(store, rows, err);
	if (!rc)
		rc = store_run_end(store, rows->run, "done", 9000, err);
	return rc;
}

/* --- what is written comes back --- */

static void test_round_trip(void)
{
	const char *path = file_in("round");
	cleanup(store) struct store *store = NULL;
	struct rows rows = {0};
	struct err err = {0};

	CHECK_INT(small_run(path, &rows, &err), 0);
	CHECK_INT(store_open(path, STORE_READ, &store, &err), 0);
	CHECK_STR(err.text, "");
	if (!store)
		return;
	CHECK_NEAR(ask(store, "SELECT count(*) FROM block"), BLOCKS, 0);
	CHECK_NEAR(ask(store, "SELECT count(*) FROM sample"), BLOCKS * SLICES, 0);
	CHECK_NEAR(ask(store, "SELECT value FROM sample WHERE position = 0"), 1.0 / 3, 0);
	CHECK_NEAR(ask(store, "SELECT ops FROM sample"), 7, 0);
	CHECK(isnan(ask(store, "SELECT wall_ns FROM sample")));
	CHECK(isnan(ask(store, "SELECT load1 FROM block")));
	CHECK(isnan(ask(store, "SELECT steal_ns FROM block")));
	CHECK_NEAR(ask(store, "SELECT psi_cpu FROM block"), 0.5, 0);
	CHECK_NEAR(ask(store, "SELECT elapsed_ns FROM run"), 9000, 0);
	CHECK_NEAR(ask(store, "SELECT seed FROM run"), -1, 0); /* the same 64 bits */
	CHECK_NEAR(ask(store, "SELECT count(*) FROM run WHERE status = 'done' AND "
			      "ended_utc >= started_utc"),
		   1, 0);
	CHECK(isnan(ask(store, "SELECT size_bytes FROM cell")));
	/* one plain file when nobody writes */
	CHECK(access(file_in("round-wal"), F_OK));
	remove_store(file_in("round"));
}

static void test_instances(void)
{
	const char *path = file_in("facts");
	cleanup(store) struct store *store = NULL;
	struct facts facts = {0};
	struct rows rows = {0};
	struct err err = {0};
	int64_t instance = 0;

	CHECK_INT(store_open(path, STORE_CREATE, &store, &err), 0);
	CHECK_INT(begin(store, &rows, &err), 0);
	CHECK_INT(store_instance_add(store, rows.run, "metal", true, SAMPLE_NONE, "[]",
				     &instance, &err),
		  0);
	CHECK_INT(facts_add(&facts, "limit", NULL, "5", "file"), 0);
	CHECK_INT(facts_add(&facts, "cpus", "1", "2", "call"), 0);
	CHECK_INT(store_facts_add(store, instance, &facts, &err), 0);
	CHECK_INT(store_cell_ops(store, rows.cell, 12, &err), 0);
	CHECK_INT(store_environment_add(store, rows.run, "kernel", "a", "b", &err), 0);
	CHECK_INT(store_environment_add(store, rows.run, "kernel", "c", "b", &err), 0);
	CHECK(isnan(ask(store, "SELECT open_to_hello_ns FROM instance")));
	CHECK(isnan(ask(store, "SELECT asked FROM fact WHERE name = 'limit'")));
	CHECK_NEAR(ask(store, "SELECT count(*) FROM fact WHERE asked <> got"), 1, 0);
	CHECK_NEAR(ask(store, "SELECT ops FROM cell"), 12, 0);
	CHECK_NEAR(ask(store, "SELECT count(*) FROM environment WHERE value = 'c'"), 1,
		   0);
	facts_release(&facts);
	remove_store(path);
}

static void test_resume(void)
{
	const char *path = file_in("resume");
	cleanup(store) struct store *store = NULL;
	struct rows rows = {0};
	struct err err = {0};

	CHECK_INT(small_run(path, &rows, &err), 0);
	CHECK_INT(store_open(path, STORE_CREATE, &store, &err), 0);
	CHECK_INT(store_run_resume(store, rows.run, &err), 0);
	CHECK_NEAR(ask(store, "SELECT count(*) FROM run WHERE status = 'running' AND "
			      "ended_utc IS NULL AND elapsed_ns = 9000"),
		   1, 0);
	CHECK_INT(add_block(store, &rows, &err), 0);
	CHECK_NEAR(ask(store, "SELECT elapsed_ns FROM run"), 1000 * (BLOCKS + 1), 0);
	remove_store(path);
}

/* --- all or nothing --- */

/* A row that the schema refuses in the middle of a block. */
static void test_bad_row(void)
{
	const char *path = file_in("bad");
	cleanup(store) struct store *store = NULL;
	struct sample samples[2] = {make_sample(0), make_sample(1)};
	struct store_block block = {.epoch = 1, .sequence = 9};
	struct rows rows = {0};
	struct err err = {0};

	CHECK_INT(store_open(path, STORE_CREATE, &store, &err), 0);
	CHECK_INT(begin(store, &rows, &err), 0);
	block.cell = rows.cell;
	samples[1].value = (double)NAN; /* ok without a value */
	CHECK(store_block_add(store, &block, samples, 2, &rows.arm, 77, rows.run, &err) <
	      0);
	CHECK_NEAR(ask(store, "SELECT count(*) FROM block"), 0, 0);
	CHECK_NEAR(ask(store, "SELECT count(*) FROM sample"), 0, 0);
	CHECK_NEAR(ask(store, "SELECT elapsed_ns FROM run"), 0, 0);
	err_clear(&err);
	CHECK_INT(add_block(store, &rows, &err), 0);
	block.cell = 4711; /* foreign keys are on */
	CHECK(store_block_add(store, &block, samples, 1, &rows.arm, 77, rows.run, &err) <
	      0);
	CHECK_NEAR(ask(store, "SELECT count(*) FROM block"), 1, 0);
	remove_store(path);
}

/* What is in the file after a failure: as many blocks as were confirmed, all of them
 * whole, and one can go on. */
static void check_survivors(const char *path, struct rows *rows, unsigned n)
{
	cleanup(store) struct store *store = NULL;
	struct err err = {0};

	if (!rows->arm) /* the failure came before there was a run to speak of */
		return;
	CHECK_INT(store_open(path, STORE_READ, &store, &err), 0);
	if (!store) {
		printf("# operation %u: %s\n", n, err.text);
		return;
	}
	CHECK_NEAR(ask(store, "SELECT count(*) FROM block"), rows->blocks, 0);
	CHECK_NEAR(ask(store, "SELECT count(*) FROM block WHERE (SELECT count(*) FROM "
			      "sample WHERE sample.block = block.id) <> 4"),
		   0, 0);
	CHECK_NEAR(ask(store, "SELECT integrity_check = 'ok' FROM "
			      "pragma_integrity_check"),
		   1, 0);
	store_close(take_ptr(store));
	CHECK_INT(store_open(path, STORE_CREATE, &store, &err), 0);
	CHECK_INT(add_block(store, rows, &err), 0);
	CHECK_NEAR(ask(store, "SELECT count(*) FROM block"), rows->blocks, 0);
}

static void test_faults(int code, int want, const char *word)
{
	char path[256];
	unsigned n = 0, refused = 0;
	int rc;

	(void)snprintf(path, sizeof(path), "%s", file_in("faults"));
	do {
		struct rows rows = {0};
		struct err err = {0};

		faults_arm(++n, code);
		rc = small_run(path, &rows, &err);
		faults_arm(0, 0);
		refused += rc != 0;
		if (rc) {
			CHECK_INT(rc, want);
			CHECK(holds(err.text, word));
			CHECK(holds(err.text, path));
		}
		check_survivors(path, &rows, n);
		remove_store(path);
	} while (rc && n < 10000);
	CHECK_INT(rc, 0);
	CHECK(refused > 50); /* the loop did go through a whole run */
	printf("# code %d: failed at each of %u operations\n", code, refused);
}

static void fill_up(const char *path)
{
	cleanup(fd) int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	static const char zeros[4096];

	CHECK(fd >= 0);
	while (write(fd, zeros, sizeof(zeros)) > 0)
		;
	CHECK_INT(errno, ENOSPC);
}

/* The same on a real file system that is too small; nothing of it outlives the child. */
static int fill_tmpfs(void)
{
	struct rows rows = {0}, none = {0};
	struct err err = {0}, second = {0};
	cleanup(store) struct store *store = NULL;
	char path[256];
	int rc;

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tare-test", dir, "tmpfs", 0, "size=512k"))
		return 77;
	(void)snprintf(path, sizeof(path), "%s", file_in("small"));
	CHECK_INT(store_open(path, STORE_CREATE, &store, &err), 0);
	CHECK_INT(begin(store, &rows, &err), 0);
	do {
		rc = add_block(store, &rows, &err);
	} while (!rc && rows.blocks < 5000);
	CHECK_INT(rc, -ENOSPC);
	CHECK(rows.blocks > 5);
	CHECK(holds(err.text, path) && holds(err.text, "--resume"));
	printf("# 512 KiB took %u blocks: %s\n", rows.blocks, err.text);
	store_close(take_ptr(store));
	CHECK_INT(store_open(path, STORE_READ, &store, &second), 0);
	CHECK_STR(second.text, "");
	if (store)
		CHECK_NEAR(ask(store, "SELECT count(*) FROM block"), rows.blocks, 0);
	/* no space for as much as an empty store */
	fill_up(file_in("filler"));
	err_clear(&err);
	CHECK_INT(small_run(file_in("second"), &none, &err), -ENOSPC);
	CHECK(holds(err.text, file_in("second")));
	return check_failed != 0;
}

/* A process that is killed while it writes: what it confirmed is there. */
static void test_killed(void)
{
	const char *path = file_in("killed");
	cleanup(store) struct store *store = NULL;
	struct err err = {0};
	pid_t child;

	(void)fflush(stdout);
	child = fork();
	if (!child) {
		struct rows rows = {0};

		if (store_open(path, STORE_CREATE, &store, &err) ||
		    begin(store, &rows, &err) || add_block(store, &rows, &err))
			_exit(1);
		abort(); /* no close, no checkpoint */
	}
	CHECK(waitpid(child, NULL, 0) == child);
	CHECK_INT(store_open(path, STORE_READ, &store, &err), 0);
	CHECK_STR(err.text, "");
	if (store)
		CHECK_NEAR(ask(store, "SELECT count(*) FROM block b JOIN run r WHERE "
				      "r.status = 'running' AND elapsed_ns = 1000"),
			   1, 0);
	remove_store(file_in("killed"));
}

/* --- opening --- */

static void refuse(const char *path, enum store_mode mode, int code, const char *word)
{
	struct store *store = NULL;
	struct err err = {0};

	CHECK_INT(store_open(path, mode, &store, &err), -code);
	CHECK(!store);
	if (!holds(err.text, word) || !holds(err.text, path))
		printf("# '%s' lacks '%s' or the path\n", err.text, word);
	CHECK(holds(err.text, word) && holds(err.text, path));
}

static void write_file(const char *path, const char *text)
{
	cleanup(file) FILE *file = fopen(path, "we");

	CHECK(file && fputs(text, file) >= 0);
}

static void write_database(const char *path, const char *sql)
{
	sqlite3 *db = NULL;

	CHECK_INT(sqlite3_open(path, &db), SQLITE_OK);
	CHECK_INT(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_close(db);
}

static void test_refusals(void)
{
	struct store *store = NULL;
	struct err err = {0};
	char path[256];

	(void)snprintf(path, sizeof(path), "%s", file_in("other"));
	refuse(path, STORE_READ, ENOENT, "tare run");
	CHECK(access(path, F_OK)); /* reading makes nothing */
	write_file(path, "this is no database, but long enough to look like one");
	refuse(path, STORE_READ, EINVAL, "not a store");
	refuse(path, STORE_CREATE, EINVAL, "not a store");
	remove_store(path);
	write_file(path, "");
	refuse(path, STORE_READ, EINVAL, "not a store");
	remove_store(path);
	write_database(path, "CREATE TABLE t (a); PRAGMA user_version = 1");
	refuse(path, STORE_READ, EINVAL, "not a store");
	refuse(path, STORE_CREATE, EINVAL, "not a store");
	remove_store(path);
	write_database(path, "CREATE TABLE t (a); PRAGMA user_version = 99; "
			     "PRAGMA application_id = 0x74617265");
	refuse(path, STORE_READ, EINVAL, "version 99");
	refuse(path, STORE_CREATE, EINVAL, "version 99");
	remove_store(path);
	(void)snprintf(path, sizeof(path), "%s", file_in("no/such/folder"));
	CHECK_INT(store_open(path, STORE_CREATE, &store, &err), -ENOENT);
	CHECK(holds(err.text, file_in("no/such")));
}

static void test_damaged(void)
{
	const char *path = file_in("damaged");
	struct rows rows = {0};
	struct err err = {0};
	static char junk[4096];
	cleanup(fd) int fd = -1;

	CHECK_INT(small_run(path, &rows, &err), 0);
	memset(junk, 0x5a, sizeof(junk));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	CHECK(pwrite(fd, junk, sizeof(junk) - 100, 100) > 0);
	refuse(path, STORE_READ, EBADMSG, "damaged");
	remove_store(path);
}

static int two_at_once(const char *path)
{
	cleanup(store) struct store *first = NULL, *second = NULL;
	struct err err = {0};
	struct rows a = {0}, b = {0};

	CHECK_INT(store_open(path, STORE_CREATE, &first, &err), 0);
	CHECK_INT(store_open(path, STORE_CREATE, &second, &err), 0);
	CHECK_INT(begin(first, &a, &err), 0);
	CHECK_INT(begin(second, &b, &err), 0);
	CHECK(a.run != b.run);
	CHECK_INT(sqlite3_exec(store_db(first), "BEGIN IMMEDIATE", NULL, NULL, NULL), 0);
	(void)sqlite3_busy_timeout(store_db(second), 0);
	CHECK_INT(add_block(second, &b, &err), -EBUSY);
	CHECK(holds(err.text, "another program") && holds(err.text, path));
	return 0;
}

static void test_busy(void)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s", file_in("busy"));
	(void)two_at_once(path);
	remove_store(path);
}

/* --- reading leaves nothing behind --- */

static void copy_file(const char *from, const char *to)
{
	cleanup(file) FILE *in = fopen(from, "re");
	cleanup(file) FILE *out = fopen(to, "we");
	static char buffer[1 << 20];
	size_t got;

	CHECK(in && out);
	while (in && out && (got = fread(buffer, 1, sizeof(buffer), in)) > 0)
		CHECK(fwrite(buffer, 1, got, out) == got);
}

/* A store copied while it was in use says that it has a log, and has none. */
static void test_copied(void)
{
	char path[256], copy[256], log[300];
	cleanup(store) struct store *writer = NULL, *reader = NULL;
	struct rows rows = {0};
	struct err err = {0};

	(void)snprintf(path, sizeof(path), "%s", file_in("live"));
	(void)snprintf(copy, sizeof(copy), "%s", file_in("a copy #1?x=%41"));
	(void)snprintf(log, sizeof(log), "%s-wal", copy);
	CHECK_INT(store_open(path, STORE_CREATE, &writer, &err), 0);
	CHECK_INT(begin(writer, &rows, &err), 0);
	CHECK_INT(add_block(writer, &rows, &err), 0);
	CHECK_INT(sqlite3_exec(store_db(writer), "PRAGMA wal_checkpoint(TRUNCATE)", NULL,
			       NULL, NULL),
		  0);
	copy_file(path, copy);
	CHECK_INT(store_open(copy, STORE_READ, &reader, &err), 0);
	CHECK_STR(err.text, "");
	if (reader)
		CHECK_NEAR(ask(reader, "SELECT count(*) FROM block"), 1, 0);
	CHECK(access(log, F_OK));
	store_close(take_ptr(reader));
	/* and a reader beside the writer sees what was confirmed, not an old state */
	CHECK_INT(add_block(writer, &rows, &err), 0);
	CHECK_INT(store_open(path, STORE_READ, &reader, &err), 0);
	if (reader)
		CHECK_NEAR(ask(reader, "SELECT count(*) FROM block"), 2, 0);
	remove_store(copy);
	remove_store(path);
}

/* Readers of a store on a file system that may not be written. */
static int read_only(void)
{
	cleanup(store) struct store *store = NULL;
	struct rows rows = {0};
	struct err err = {0};

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tare-test", dir, "tmpfs", 0, "size=4m"))
		return 77;
	CHECK_INT(small_run(file_in("kept"), &rows, &err), 0);
	write_database(file_in("kept"), "PRAGMA journal_mode = WAL");
	remove_store(file_in("kept-")); /* no log, as after a clean end */
	if (mount(NULL, dir, NULL, MS_REMOUNT | MS_RDONLY, NULL))
		return 77;
	CHECK_INT(store_open(file_in("kept"), STORE_READ, &store, &err), 0);
	CHECK_STR(err.text, "");
	if (store)
		CHECK_NEAR(ask(store, "SELECT count(*) FROM block"), BLOCKS, 0);
	refuse(file_in("kept"), STORE_CREATE, EACCES, "--store");
	return check_failed != 0;
}

/* In a child with mounts of its own; a mount that cannot be had is a skip. */
static void test_mounted(int (*test)(void), const char *what)
{
	pid_t child;
	int status = 0;

	(void)fflush(stdout);
	child = fork();
	if (!child) {
		check_failed = 0;
		status = test();
		(void)fflush(stdout);
		_exit(status);
	}
	CHECK(waitpid(child, &status, 0) == child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		SKIP(what);
	else
		CHECK_INT(status, 0);
}

int main(void)
{
	if (!mkdtemp(dir))
		return 1;
	faults_install();
	test_round_trip();
	test_instances();
	test_resume();
	test_bad_row();
	test_refusals();
	test_damaged();
	test_busy();
	test_copied();
	test_mounted(read_only, "a read-only file system needs root and namespaces");
	test_killed();
	test_mounted(fill_tmpfs, "a full file system needs root and namespaces");
	test_faults(SQLITE_FULL, -ENOSPC, "no space left");
	test_faults(SQLITE_IOERR_WRITE, -EIO, "--resume");
	(void)rmdir(dir);
	return check_done();
}
