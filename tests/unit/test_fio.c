/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fio's arguments and its JSON, recorded from fio 3.33 and damaged one way at a time. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/schedule/fio.h"
#include "tests/check.h"

static const struct workload_fio randread = {
	.rw = "randread", .block_bytes = 4096, .depth = 16, .direct = true};
static const struct workload_fio mixed = {.rw = "randrw",
					  .block_bytes = 4096,
					  .depth = 16,
					  .read_percent = 70,
					  .direct = true};
static const struct workload random_workload = {
	.name = "r", .family = FAMILY_DISK, .metric = METRIC_IOPS, .fio = &randread};
static const struct workload mixed_workload = {.name = "m",
					       .family = FAMILY_DISK,
					       .metric = METRIC_BYTES_PER_SECOND,
					       .fio = &mixed};
static const struct cell random_cell = {.workload = &random_workload, .slice_ms = 100};
static const struct cell mixed_cell = {.workload = &mixed_workload, .slice_ms = 100};

static char *fixture(const char *name, size_t *length)
{
	char path[256], *text = calloc(1, 1 << 16);
	FILE *file;

	(void)snprintf(path, sizeof(path), "tests/fixtures/fio/%s", name);
	file = fopen(path, "r");
	CHECK(file != NULL);
	*length = file ? fread(text, 1, (1 << 16) - 1, file) : 0;
	if (file)
		(void)fclose(file);
	return text;
}

/* Replaces the first `from` by `to` of the same or a shorter length. */
static void replace(char *text, const char *from, const char *to)
{
	char *at = strstr(text, from);

	CHECK(at != NULL);
	if (!at)
		return;
	memset(at, ' ', strlen(from));
	memcpy(at, to, strlen(to));
}

static void test_good(void)
{
	size_t length;
	char *text = fixture("good.json", &length);
	struct sample sample = {0};

	fio_json_read(&random_cell, text, length, &sample);
	CHECK_INT(sample.outcome, OUTCOME_OK);
	CHECK_INT(sample.fio.read_bytes, 26820608);
	CHECK_INT(sample.ops, 26820608 / 4096);
	CHECK_INT(sample.wall_ns, 101000000);
	CHECK_NEAR(sample.value, 26820608 / 4096 / 0.101, 1e-6);
	CHECK(sample.fio.lat_p50_ns <= sample.fio.lat_p99_ns);
	CHECK_INT(sample.fio.write_ios, 0);
	free(text);
}

static void test_mixed(void)
{
	size_t length;
	char *text = fixture("mixed.json", &length);
	struct sample sample = {0};

	fio_json_read(&mixed_cell, text, length, &sample);
	CHECK_INT(sample.outcome, OUTCOME_OK);
	CHECK(sample.fio.read_ios > sample.fio.write_ios);
	fio_json_read(&random_cell, text, length,
		      &sample); /* writes where none were asked */
	CHECK_INT(sample.outcome, OUTCOME_MISMATCH);
	free(text);
}

static void test_other_than_asked(void)
{
	struct workload_fio job = randread;
	struct workload workload = random_workload;
	struct cell cell = random_cell;
	struct sample sample = {0};
	size_t length;
	char *text = fixture("good.json", &length);

	workload.fio = &job;
	cell.workload = &workload;
	job.block_bytes = 8192;
	fio_json_read(&cell, text, length, &sample);
	CHECK_INT(sample.outcome, OUTCOME_MISMATCH);
	CHECK(strstr(sample.reason, "8192") != NULL);
	job.block_bytes = 4096;
	job.depth = 128;
	fio_json_read(&cell, text, length, &sample);
	CHECK_INT(sample.outcome, OUTCOME_MISMATCH);
	CHECK(strstr(sample.reason, "queue depth") != NULL);
	free(text);
}

/* What ran is told by how it behaved, whatever the job was called. */
static void test_engine(void)
{
	static const struct {
		const char *from, *to, *says;
	} changes[] = {
		{"\"ioengine\" : \"libaio\"", "\"ioengine\" : \"aiofoo\"",
		 "fio's engine was 'aiofoo', 'libaio' was asked"},
		{"\"ioengine\" : \"libaio\"", "\"ioengine\" : 7", "'not told'"},
		{"\"iodepth_level\"", "\"iodepth_other\"", NULL}, /* older than this */
	};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct sample sample = {0};
		size_t length;
		char *text = fixture("good.json", &length);

		replace(text, changes[i].from, changes[i].to);
		fio_json_read(&random_cell, text, length, &sample);
		CHECK_INT(sample.outcome,
			  changes[i].says ? OUTCOME_MISMATCH : OUTCOME_OK);
		CHECK(!changes[i].says || strstr(sample.reason, changes[i].says));
		free(text);
	}
}

/* Every submission latency of the recorded job is taken away: an engine that waits. */
static void test_waits(void)
{
	struct sample sample = {0};
	size_t length;
	char *text = fixture("good.json", &length);
	char *both = strstr(text, "\"mixed\""), *slat = strstr(both, "\"slat_ns\"");

	CHECK(slat != NULL);
	if (slat)
		replace(slat, "\"N\" : 6548", "\"N\" : 0");
	fio_json_read(&random_cell, text, length, &sample);
	CHECK_INT(sample.outcome, OUTCOME_MISMATCH);
	CHECK(strstr(sample.reason, "waits for each I/O") != NULL);
	free(text);
}

static void test_too_deep_and_too_short(void)
{
	struct workload_fio job = randread;
	struct workload workload = random_workload;
	struct cell cell = random_cell;
	struct sample sample = {0};
	size_t length;
	char *text = fixture("good.json", &length);

	workload.fio = &job;
	cell.workload = &workload;
	job.depth = 8;
	fio_json_read(&cell, text, length, &sample);
	CHECK_INT(sample.outcome, OUTCOME_MISMATCH);
	CHECK(strstr(sample.reason, "more than the queue depth of 8") != NULL);
	job.depth = 16;
	cell.slice_ms = 200;
	fio_json_read(&cell, text, length, &sample);
	CHECK_INT(sample.outcome, OUTCOME_MISMATCH);
	CHECK_STR(sample.reason, "it ran for 101 ms, 200 were asked");
	free(text);
}

static void test_damaged(void)
{
	static const char *const damage[][2] = {
		{"\"error\" : 0", "\"error\" : 5"},
		{"\"io_bytes\" : 26820608", "\"io_bytes\" : \"lots\""},
		{"\"io_bytes\" : 26820608", "\"io_bytes\" : -1"},
		{"\"io_bytes\" : 26820608", "\"io_bytes\" : 1e99"},
		{"\"jobs\" : [", "\"jobs\" : ]"},
		{"\"mixed\"", "\"mixxx\""},
	};

	for (size_t i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
		size_t length;
		char *text = fixture("good.json", &length);
		struct sample sample = {0};

		replace(text, damage[i][0], damage[i][1]);
		fio_json_read(&random_cell, text, length, &sample);
		CHECK_INT(sample.outcome, OUTCOME_FAILED);
		CHECK(sample.reason[0] != '\0');
		free(text);
	}
}

static void test_cut_and_junk(void)
{
	size_t length;
	char *text = fixture("good.json", &length);
	char *noisy = calloc(1, length + 64);
	struct sample sample = {0};
	int prefix = sprintf(noisy, "fio: a warning\n");

	for (size_t cut = 0; cut < length - 4; cut += 97) {
		fio_json_read(&random_cell, text, cut, &sample);
		CHECK_INT(sample.outcome, OUTCOME_FAILED);
	}
	memcpy(noisy + prefix, text, length);
	fio_json_read(&random_cell, noisy, length + (size_t)prefix, &sample);
	CHECK_INT(sample.outcome, OUTCOME_OK);
	CHECK(strstr(sample.reason, "before its JSON") != NULL);
	free(noisy);
	free(text);
}

static bool has(const struct fio_argv *argv, const char *word)
{
	for (size_t i = 0; i < argv->nr; i++)
		if (!strcmp(argv->argv[i], word))
			return true;
	return false;
}

static void test_argv(void)
{
	struct fio_argv argv;

	fio_argv_job(&mixed_cell, "/dev/vda", 1 << 20, 42, &argv);
	CHECK(argv.argv[argv.nr] == NULL);
	CHECK(has(&argv, "--rw=randrw"));
	CHECK(has(&argv, "--rwmixread=70"));
	CHECK(has(&argv, "--bs=4096"));
	CHECK(has(&argv, "--iodepth=16"));
	CHECK(has(&argv, "--direct=1"));
	CHECK(has(&argv, "--runtime=100ms"));
	CHECK(has(&argv, "--randseed=42"));
	CHECK(has(&argv, "--filename=/dev/vda"));
	CHECK(has(&argv, "--size=1048576"));
}

int main(void)
{
	test_good();
	test_mixed();
	test_other_than_asked();
	test_engine();
	test_waits();
	test_too_deep_and_too_short();
	test_damaged();
	test_cut_and_junk();
	test_argv();
	return check_done();
}
