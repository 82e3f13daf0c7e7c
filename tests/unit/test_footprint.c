/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/footprint.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/study/footprint_study.h"
#include "bench/study/footprint_tree.h"
#include "tests/check.h"

#define MIB 1048576.0

static struct footprint_reading at(uint64_t ns, double slab)
{
	struct footprint_reading reading = {.at_ns = ns};

	reading.values[FOOTPRINT_SLAB] = slab;
	return reading;
}

/* A host that grows by 10 a unit of time, and by 80 for two instances. */
static void test_difference(void)
{
	struct footprint_reading before = at(1, 100), with = at(2, 190),
				 after = at(4, 130), each;

	footprint_difference(&before, &with, &after, 2, &each);
	CHECK_NEAR(each.values[FOOTPRINT_SLAB], 40, 1e-9);
	after = at(1, 100); /* all at once: the mean of both */
	before = at(1, 120);
	with = at(1, 210);
	footprint_difference(&before, &with, &after, 1, &each);
	CHECK_NEAR(each.values[FOOTPRINT_SLAB], 100, 1e-9);
}

static void add(struct footprint *footprint, double slab, uint64_t pss)
{
	struct footprint_reading step = at(0, slab);
	struct account accounts[2] = {{.pss_bytes = pss}, {.pss_bytes = 3 * pss}};

	for (size_t i = 0; i < 2; i++) {
		accounts[i].role_nr = 2;
		accounts[i].roles[0] =
			(struct account_role){"agent", 1, accounts[i].pss_bytes / 2, 10};
		accounts[i].roles[1] =
			(struct account_role){"QEMU", 2, accounts[i].pss_bytes / 2, 30};
	}
	footprint_add(footprint, &step, accounts, 2);
}

static void test_mean(void)
{
	struct footprint footprint = {.nr = 0};
	struct stats_mean over;

	add(&footprint, 20, 4);
	over = footprint_mean(&footprint, FOOTPRINT_SLAB);
	CHECK_NEAR(over.mean, 20, 1e-9);
	CHECK(isnan(over.low) && isnan(over.high));
	add(&footprint, 30, 8);
	over = footprint_mean(&footprint, FOOTPRINT_SLAB);
	CHECK_NEAR(over.mean, 25, 1e-9);
	/* two values, 20 and 30: half = t(0.975, 1) * sqrt(50 / 2) = 12.7062 * 5 */
	CHECK_NEAR(over.low, 25 - 63.531, 0.01);
	CHECK_NEAR(over.high, 25 + 63.531, 0.01);
	over = footprint_mean(&footprint, FOOTPRINT_PSS); /* 8 and 16 an instance */
	CHECK_NEAR(over.mean, 12, 1e-9);
}

/* Each kind of process with its share, an instance. */
static void test_roles(void)
{
	struct footprint footprint = {.nr = 0};

	add(&footprint, 0, 4);
	CHECK_INT((int)footprint.role_nr, 2);
	CHECK_STR(footprint.roles[1].name, "QEMU");
	CHECK_NEAR(footprint.roles[0].processes[0], 1, 1e-9);
	CHECK_NEAR(footprint.roles[1].processes[0], 2, 1e-9);
	CHECK_NEAR(footprint.roles[0].pss[0], 4, 1e-9);
	CHECK_NEAR(footprint.roles[1].page_tables[0], 30, 1e-9);
}

/* The floor is the reach of the controls' interval; what is read of the processes alone
 * has none. */
static void test_floor(void)
{
	struct footprint footprint = {.nr = 0};
	struct footprint_reading control = at(0, -1);

	footprint_add_control(&footprint, &control);
	CHECK(isnan(footprint_floor(&footprint, FOOTPRINT_SLAB)));
	control = at(0, 0);
	footprint_add_control(&footprint, &control);
	/* -1 and 0: -0.5 ± 12.7062 * sqrt(0.5 / 2) */
	CHECK_NEAR(footprint_floor(&footprint, FOOTPRINT_SLAB), 0.5 + 6.3531, 0.001);
	CHECK(isnan(footprint_floor(&footprint, FOOTPRINT_PSS)));
}

static void check_words(struct stats_mean over, double floor, const char *want)
{
	char words[FOOTPRINT_WORDS_MAX];

	CHECK_STR(footprint_words(&over, floor, words), want);
}

static void test_words(void)
{
	const struct stats_mean clear = {2 * MIB, MIB, 3 * MIB};
	const struct stats_mean wide = {2 * MIB, -MIB, 5 * MIB};
	const struct stats_mean less = {-2 * MIB, -3 * MIB, -MIB}; /* noise has no sign */
	const struct stats_mean single = {MIB, NAN, NAN};

	check_words(clear, 1.5 * MIB, "2.00 MiB [1.00, 3.00]");
	check_words(clear, 2 * MIB, "below noise (floor ±2.00 MiB)");
	check_words(less, 2 * MIB, "below noise (floor ±2.00 MiB)");
	check_words(wide, MIB, "undecided (-1.00 to 5.00 MiB)");
	check_words(single, NAN, "1.00 MiB");
}

static void test_bounds(void)
{
	struct footprint footprint = {.nr = 0};
	struct footprint_reading step = at(0, 1);

	footprint_add(&footprint, &step, NULL, 0); /* no instance, no step */
	CHECK_INT((int)footprint.nr, 0);
	for (unsigned i = 0; i < 2 * FOOTPRINT_STEPS_MAX; i++) {
		add(&footprint, 1, 1);
		footprint_add_control(&footprint, &step);
	}
	CHECK_INT((int)footprint.nr, FOOTPRINT_STEPS_MAX);
	CHECK_INT((int)footprint.control_nr, FOOTPRINT_STEPS_MAX);
}

static void test_read(void)
{
	struct footprint_reading reading;
	struct err err = {0};

	CHECK_INT(footprint_read(&reading, &err), 0);
	CHECK(reading.values[FOOTPRINT_USED] < 0); /* what is available, turned over */
	CHECK(reading.values[FOOTPRINT_PAGE_TABLES] > 0);
	CHECK_STR(footprint_name(FOOTPRINT_PSS), "pss_bytes");
	CHECK_NEAR(footprint_zone_pages("              count:    4711\n"), 4711, 0);
	CHECK_NEAR(footprint_zone_pages("              high:     4711\n"), 0, 0);
}

/* Containers: the first pays 30, further ones nothing. Guests: 20 on the host once, and
 * 80 in each; in the second round 10 and 60. */
static void test_sharing(void)
{
	struct footprint_sharing lxc = {
		.rounds = 2, .sharers = 3, .host = {{30, 30, 30}, {30, 30, 30}}};
	struct footprint_sharing guest = {.rounds = 2,
					  .sharers = 3,
					  .host = {{20, 20, 20}, {40, 40, 40}},
					  .inside = {{80, 160, 240}, {60, 120, 180}}};
	struct footprint_sharing none = {.rounds = 1, .sharers = 2};
	struct footprint_shared sum;

	footprint_share_sum(&lxc, &sum);
	CHECK_NEAR(sum.first.mean, 30, 1e-9);
	CHECK_NEAR(sum.further.mean, 0, 1e-9);
	CHECK_NEAR(sum.share.mean, 1, 1e-9);
	footprint_share_sum(&guest, &sum);
	CHECK_NEAR(sum.first.mean, 100, 1e-9);
	CHECK_NEAR(sum.further.mean, 70, 1e-9);
	CHECK_NEAR(sum.share.mean, 0.3, 1e-9); /* 0.2 and 0.4 */
	CHECK_NEAR(sum.share.high, 0.3 + 12.7062 * 0.1, 0.001);
	footprint_share_sum(&none, &sum);
	CHECK(isnan(sum.share.mean));
}

/* A file of three pages and a hole of a million. */
static void test_tree(void)
{
	char dir[] = "/var/tmp/tare-test-XXXXXX", file[64];
	struct footprint_tree tree = {0};
	static const char page[4096] = "x";
	int fd;

	CHECK(mkdtemp(dir) != NULL);
	(void)snprintf(file, sizeof(file), "%s/file", dir);
	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	for (int i = 0; i < 3; i++)
		CHECK_INT(pwrite(fd, page, sizeof(page), i * 4096), sizeof(page));
	CHECK_INT(ftruncate(fd, 1000000), 0);
	CHECK_INT(fsync(fd), 0);
	footprint_tree_add(file, &tree);
	CHECK_INT(tree.size_bytes, 1000000);
	CHECK(tree.disk_bytes >= 12288 && tree.disk_bytes < 1000000);
	CHECK_INT(tree.cached_bytes, 12288);
	CHECK_INT(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED), 0);
	tree = (struct footprint_tree){0};
	footprint_tree_add(dir, &tree); /* all below a folder */
	CHECK_INT(tree.size_bytes, 1000000);
	CHECK_INT(tree.cached_bytes, 0);
	footprint_tree_add("", &tree);
	CHECK_INT(tree.size_bytes, 1000000);
	(void)close(fd);
	CHECK_INT(unlink(file), 0);
	CHECK_INT(rmdir(dir), 0);
}

int main(void)
{
	test_difference();
	test_mean();
	test_roles();
	test_floor();
	test_words();
	test_bounds();
	test_read();
	test_sharing();
	test_tree();
	return check_done();
}
