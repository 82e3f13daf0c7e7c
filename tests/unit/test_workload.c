/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table, and every native kernel in this process: same work, same result. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "bench/agent/proto.h"
#include "bench/workload/workload.h"
#include "tests/check.h"

#define SIZE_BYTES (1u << 20)

/* How a name appears in suites, stores and reports: never to be changed in passing. */
static const char *const names[] = {"null",
				    "int",
				    "float",
				    "branch",
				    "sha256",
				    "syscall",
				    "ctxswitch",
				    "fork",
				    "exec",
				    "fork-bomb",
				    "stream-copy",
				    "stream-scale",
				    "stream-add",
				    "stream-triad",
				    "chase",
				    "gups",
				    "fault-4k",
				    "fault-thp",
				    "mmap-file",
				    "tmpfs-write",
				    "cache-fill",
				    "pread-cached",
				    "pread-file",
				    "open-close",
				    "stat",
				    "mkdir",
				    "pipe",
				    "socketpair",
				    "eventfd",
				    "epoll",
				    "inotify",
				    "thread",
				    "tcp",
				    "udp",
				    "seqread",
				    "seqread-qd1",
				    "seqwrite",
				    "randread-qd1",
				    "randread-qd16",
				    "randread-qd32",
				    "randread-qd128",
				    "randwrite-qd1",
				    "randwrite-qd32",
				    "randwrite-qd128",
				    "mixed-qd16",
				    "mixed-qd256",
				    "seqread-cached",
				    "randread-cached",
				    "seqwrite-cached"};

static void test_names(void)
{
	size_t nr = sizeof(names) / sizeof(names[0]);

	CHECK_INT(workload_nr, nr);
	for (size_t i = 0; i < nr && i < workload_nr; i++) {
		CHECK_STR(workloads[i]->name, names[i]);
		CHECK(workload_find(names[i]) == workloads[i]);
	}
	CHECK(workload_find("nul") == NULL);
	CHECK(workload_find("nulll") == NULL);
	CHECK(workload_find("") == NULL);
}

static void test_entries(void)
{
	for (size_t i = 0; i < workload_nr; i++) {
		const struct workload *w = workloads[i];

		CHECK(strlen(w->name) < PROTO_NAME_MAX);
		CHECK(w->summary && w->summary[0] && !strchr(w->summary, '\n'));
		CHECK(w->operation && w->operation[0]);
		CHECK((w->native != NULL) != (w->fio != NULL));
		CHECK((w->family == FAMILY_DISK) == (w->fio != NULL));
		CHECK(w->sized == (w->default_size != NULL));
		CHECK(!w->native ||
		      (w->native->open && w->native->run && w->native->close));
		CHECK(workload_family_name(w->family) != NULL);
		CHECK(workload_charge_name(w->charges) != NULL);
		CHECK(workload_metric_name(w->metric) != NULL);
		CHECK(workload_metric_unit(w->metric) != NULL);
	}
}

static void check_fio(const char *name, const char *rw, uint32_t block, uint32_t depth,
		      bool direct)
{
	const struct workload *w = workload_find(name);

	CHECK(w && w->fio);
	if (!w || !w->fio)
		return;
	CHECK_STR(w->fio->rw, rw);
	CHECK_INT(w->fio->block_bytes, block);
	CHECK_INT(w->fio->depth, depth);
	CHECK_INT(w->fio->direct, direct);
	CHECK_INT(w->metric, block == 4096 ? METRIC_IOPS : METRIC_BYTES_PER_SECOND);
	CHECK_INT(w->fio->read_percent, strcmp(rw, "randrw") == 0 ? 70 : 0);
}

static void test_fio(void)
{
	check_fio("seqread", "read", 1 << 20, 8, true);
	check_fio("seqwrite", "write", 1 << 20, 8, true);
	check_fio("seqread-qd1", "read", 1 << 20, 1, true);
	check_fio("randread-qd16", "randread", 4096, 16, true);
	check_fio("randread-qd128", "randread", 4096, 128, true);
	check_fio("randwrite-qd128", "randwrite", 4096, 128, true);
	check_fio("mixed-qd256", "randrw", 4096, 256, true);
	check_fio("randread-qd1", "randread", 4096, 1, true);
	check_fio("randread-qd32", "randread", 4096, 32, true);
	check_fio("randwrite-qd1", "randwrite", 4096, 1, true);
	check_fio("randwrite-qd32", "randwrite", 4096, 32, true);
	check_fio("mixed-qd16", "randrw", 4096, 16, true);
	check_fio("seqread-cached", "read", 1 << 20, 1, false);
	check_fio("randread-cached", "randread", 4096, 1, false);
}

/* Opens, runs `ops` twice, closes; the checksum of both. 1: not here. */
static int run(const struct workload *w, uint64_t seed, uint32_t threads, uint64_t ops,
	       uint64_t *checksum)
{
	struct workload_setup setup = {
		.size_bytes = SIZE_BYTES, .seed = seed, .threads = threads, .cpu = -1};
	char why[PROTO_ERROR_MAX] = "";
	void *state = NULL;
	int rc = w->native->open(&setup, &state, why);

	*checksum = 0;
	CHECK(!rc || why[0]);
	for (int i = 0; !rc && i < 2; i++) {
		rc = w->native->run(state, ops, checksum, why);
		if (rc)
			printf("# %s: %s\n", w->name, why);
	}
	w->native->close(state);
	return rc;
}

static void test_one(const struct workload *w)
{
	uint64_t first, second, more;
	int rc = run(w, 7, 1, 20, &first);

	if (rc == -EOPNOTSUPP) {
		SKIP(w->name);
		return;
	}
	CHECK_INT(rc, 0);
	CHECK_INT(run(w, 7, 1, 20, &second), 0);
	CHECK_INT(run(w, 7, 1, 21, &more), 0);
	if (first != second || first == more)
		printf("# %s: %llx, again %llx, one more %llx\n", w->name,
		       (unsigned long long)first, (unsigned long long)second,
		       (unsigned long long)more);
	CHECK(first == second);
	CHECK(first != more);
	w->native->close(NULL);
}

/* Rounds of int and branch, the buffer of sha256, the cursor of stream and mmap-file wrap
 * around: all of them within so many operations. */
static void test_long(void)
{
	static const struct {
		const char *name;
		uint64_t ops;
	} list[] = {{"int", 3000},	  {"branch", 600000},
		    {"sha256", 100},	  {"float", 3000},
		    {"stream-add", 50},	  {"chase", 50000},
		    {"mmap-file", 1500},  {"fault-4k", 200},
		    {"tmpfs-write", 200}, {"pread-cached", 3000},
		    {"mkdir", 50},	  {"tcp", 50},
		    {"udp", 50}};
	uint64_t first, second;

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		const struct workload *w = workload_find(list[i].name);
		int rc = run(w, 3, 1, list[i].ops, &first);

		if (rc == -EOPNOTSUPP)
			continue;
		CHECK_INT(rc, 0);
		CHECK_INT(run(w, 3, 1, list[i].ops, &second), 0);
		CHECK(first == second);
	}
}

/* Kernels with data of their own show the seed. */
static void test_seed(void)
{
	static const char *const seeded[] = {
		"int", "branch", "float", "sha256", "chase", "mmap-file", "pread-cached"};
	uint64_t first, other;

	for (size_t i = 0; i < sizeof(seeded) / sizeof(seeded[0]); i++) {
		const struct workload *w = workload_find(seeded[i]);

		if (run(w, 1, 1, 20, &first) == -EOPNOTSUPP)
			continue;
		CHECK_INT(run(w, 2, 1, 20, &other), 0);
		CHECK(first != other);
	}
}

static bool takes_threads(const char *name)
{
	static const char *const list[] = {
		"int",		"float",       "branch",       "sha256",
		"syscall",	"stream-copy", "stream-scale", "stream-add",
		"stream-triad", "chase",       "gups",	       "fault-4k",
		"fault-thp",	"tmpfs-write", "pread-cached", "open-close",
		"stat",		"mkdir",       "pipe",	       "socketpair",
		"eventfd",	"epoll",       "inotify",      "thread",
		"tcp",		"udp"};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (!strcmp(list[i], name))
			return true;
	return false;
}

static void test_threads(const struct workload *w)
{
	uint64_t first, second, one;
	int rc = run(w, 7, 3, 20, &first);

	if (!takes_threads(w->name)) {
		CHECK_INT(rc, -EOPNOTSUPP);
		return;
	}
	if (rc == -EOPNOTSUPP) /* already said for one thread */
		return;
	CHECK_INT(rc, 0);
	CHECK_INT(run(w, 7, 3, 20, &second), 0);
	CHECK(first == second);
	CHECK_INT(run(w, 7, 1, 20, &one), 0);
	CHECK(first != one);
	CHECK_INT(run(w, 7, 100000, 20, &one), -EINVAL);
}

static void test_sizes(void)
{
	const struct workload *chase = workload_find("chase");
	const struct workload *stream = workload_find("stream-copy");
	struct workload_setup setup = {.size_bytes = 64, .threads = 1};
	char why[PROTO_ERROR_MAX] = "";
	void *state = NULL;

	CHECK_INT(chase->native->open(&setup, &state, why), -EINVAL);
	CHECK_STR(why, "cannot chase through 64 bytes");
	CHECK_INT(stream->native->open(&setup, &state, why), -EINVAL);
	CHECK_STR(why, "an array of 64 bytes is too small");
	setup.size_bytes = 1ull << 62;
	CHECK_INT(chase->native->open(&setup, &state, why), -EINVAL);
	CHECK_INT(stream->native->open(&setup, &state, why), -ENOMEM);
	CHECK(state == NULL);
}

/* A program that fails is not a program that ran. */
static void test_exec_wrong(void)
{
	uint64_t checksum;

	(void)setenv("TARE_TEST_FALSE", "1", 1);
	CHECK_INT(run(workload_find("exec"), 1, 1, 1, &checksum), -EBADMSG);
	(void)unsetenv("TARE_TEST_FALSE");
}

/* Small pages instead of huge ones are not the work that was asked for. */
static void test_thp_wrong(void)
{
	uint64_t checksum;
	int rc;

	(void)prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	rc = run(workload_find("fault-thp"), 1, 1, 4, &checksum);
	(void)prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
	if (rc == -EOPNOTSUPP)
		SKIP("no transparent huge pages here");
	else
		CHECK_INT(rc, -EBADMSG);
}

int main(int argc, char **argv)
{
	if (argc == 2 &&
	    !strcmp(argv[1], "--true")) /* what `exec` runs is this program */
		return getenv("TARE_TEST_FALSE") ? 1 : 0;
	test_names();
	test_entries();
	test_fio();
	for (size_t i = 0; i < workload_nr; i++)
		if (workloads[i]->native) {
			test_one(workloads[i]);
			test_threads(workloads[i]);
		}
	test_long();
	test_seed();
	test_sizes();
	test_exec_wrong();
	test_thp_wrong();
	return check_done();
}
