/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/host/topology.h"

#include <errno.h>
#include <hwloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/check.h"

/* 2 sockets × 64 cores × 2 threads: 32 MiB L3 per 8 cores, as big servers have it */
#define SERVER \
	"pack:2 l3:8(size=33554432) l2:8(size=1048576) l1d:1(size=32768) core:1 pu:2"
#define NO_L3 "pack:1 l2:2(size=524288) l1d:1(size=32768) core:1 pu:1"

static struct topology *open_synthetic(const char *synthetic)
{
	struct topology *topology = NULL;
	struct err err = {0};

	CHECK_INT(topology_open(synthetic, &topology, &err), 0);
	CHECK_STR(err.text, "");
	return topology;
}

/* Chooses, and compares work and service PUs with what is expected. */
static void check_choice(const char *synthetic, size_t nr, const unsigned *work,
			 unsigned service)
{
	struct topology *topology = open_synthetic(synthetic);
	unsigned got[8] = {0}, got_service = 9999;
	struct err err = {0};

	CHECK_INT(topology_choose(topology, nr, got, &got_service, &err), 0);
	for (size_t i = 0; i < nr; i++)
		CHECK_INT(got[i], work[i]);
	CHECK_INT(got_service, service);
	topology_close(topology);
}

static void test_choose(void)
{
	/* one core does everything */
	check_choice("core:1 pu:1", 1, (unsigned[]){0}, 0);
	/* CPU 0 stays free for interrupts and for serving */
	check_choice("core:2 pu:1", 1, (unsigned[]){1}, 0);
	check_choice("core:2 pu:1", 2, (unsigned[]){1, 0}, 0);
	/* one core, two threads: the sibling serves */
	check_choice("core:1 pu:2", 1, (unsigned[]){0}, 1);
	/* distinct cores before siblings */
	check_choice("core:2 pu:2", 3, (unsigned[]){2, 0, 3}, 1);
	check_choice("pack:2 core:64 pu:2", 2, (unsigned[]){254, 252}, 250);
	/* a description without cores */
	check_choice("pu:4", 2, (unsigned[]){3, 2}, 1);
	/* threads numbered as Linux does it: all first threads, then all second ones */
	check_choice("core:4 pu:2(indexes=0,4,1,5,2,6,3,7)", 5,
		     (unsigned[]){3, 2, 1, 0, 7}, 6);
}

static void test_choose_refuses(void)
{
	struct topology *topology = open_synthetic("core:2 pu:1");
	unsigned work[4] = {77, 77, 77, 77}, service = 77;
	struct err err = {0};

	CHECK_INT(topology_choose(topology, 3, work, &service, &err), -ERANGE);
	CHECK(strstr(err.text, "3 CPUs asked for, this machine has 2") != NULL);
	CHECK_INT(work[0], 77);
	CHECK_INT(service, 77);
	err_clear(&err);
	CHECK_INT(topology_choose(topology, 0, work, &service, &err), -ERANGE);
	CHECK_INT(work[0], 77);
	topology_close(topology);
}

static void register_kind(hwloc_topology_t hwloc, unsigned first, unsigned last,
			  int efficiency)
{
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();

	hwloc_bitmap_set_range(cpus, first, (int)last);
	CHECK_INT(hwloc_cpukinds_register(hwloc, cpus, efficiency, 0, NULL, 0), 0);
	hwloc_bitmap_free(cpus);
}

/* Two fast cores of two threads, then four slow ones, written as XML. */
static void write_hybrid(const char *file)
{
	hwloc_topology_t hwloc;

	hwloc_topology_init(&hwloc);
	hwloc_topology_set_synthetic(hwloc, "pack:1 core:6 pu:1");
	hwloc_topology_load(hwloc);
	register_kind(hwloc, 0, 1, 1);
	register_kind(hwloc, 2, 5, 0);
	CHECK_INT(hwloc_topology_export_xml(hwloc, file, 0), 0);
	hwloc_topology_destroy(hwloc);
}

static void test_choose_hybrid(void)
{
	char file[] = "/tmp/tare-test-topology-XXXXXX";
	int fd = mkstemp(file);

	CHECK(fd >= 0);
	write_hybrid(file);
	/* hwloc reads this instead of the machine */
	setenv("HWLOC_XMLFILE", file, 1);
	check_choice(NULL, 1, (unsigned[]){1}, 0);
	check_choice(NULL, 3, (unsigned[]){1, 0, 5}, 4);
	unsetenv("HWLOC_XMLFILE");
	unlink(file);
	close(fd);
}

static void test_caches(void)
{
	struct topology *server = open_synthetic(SERVER), *small = open_synthetic(NO_L3);
	struct topology *none = open_synthetic("core:2 pu:1");

	CHECK_INT(topology_cpu_nr(server), 256);
	CHECK_INT(topology_cache_bytes(server, 1), 32768);
	CHECK_INT(topology_cache_bytes(server, 2), 1048576);
	CHECK_INT(topology_cache_bytes(server, 3), 33554432);
	CHECK_INT(topology_cache_bytes(server, 0), 0);
	CHECK_INT(topology_cache_bytes(server, 4), 0);
	CHECK_INT(topology_llc_bytes(server), 33554432);
	CHECK_INT(topology_cache_bytes(small, 2), 524288);
	CHECK_INT(topology_cache_bytes(small, 3), 0);
	CHECK_INT(topology_llc_bytes(small), 1 << 20);
	CHECK_INT(topology_cache_bytes(none, 1), 0);
	CHECK_INT(topology_llc_bytes(none), 1 << 20);
	topology_close(none);
	topology_close(small);
	topology_close(server);
}

static void check_size(const char *synthetic, const char *name, int rc, uint64_t want)
{
	struct topology *topology = open_synthetic(synthetic);
	struct err err = {0};
	uint64_t got = 4242;

	CHECK_INT(topology_size(topology, name, &got, &err), rc);
	CHECK_INT(got, rc ? 4242 : want);
	CHECK(!rc || strstr(err.text, name));
	topology_close(topology);
}

static void test_size(void)
{
	check_size(SERVER, "l1", 0, 16384);
	check_size(SERVER, "l2", 0, 524288);
	check_size(SERVER, "l3", 0, 16777216);
	check_size(SERVER, "dram", 0, 134217728);
	check_size(SERVER, "4xllc", 0, 134217728);
	check_size(SERVER, "64MiB", 0, 67108864);
	check_size(NO_L3, "l3", -ENOENT, 0);
	check_size(NO_L3, "dram", 0, 4194304);
	check_size(SERVER, "l4", -EINVAL, 0);
	check_size(SERVER, "l11", -EINVAL, 0);
	check_size(SERVER, "L1", -EINVAL, 0);
	check_size(SERVER, "0B", -EINVAL, 0);
	check_size(SERVER, "-5", -EINVAL, 0);
	check_size(SERVER, "", -EINVAL, 0);
}

static void test_open_refuses(void)
{
	struct topology *topology = (void *)8;
	struct err err = {0};

	CHECK_INT(topology_open("no such machine", &topology, &err), -EINVAL);
	CHECK(topology == (void *)8);
	CHECK(strstr(err.text, "'no such machine'") != NULL);
	topology_close(NULL);
}

static void test_this_machine(void)
{
	struct topology *topology = open_synthetic(NULL);
	unsigned work = 9999, service = 9999;
	struct err err = {0};

	CHECK(topology_cpu_nr(topology) >= 1);
	CHECK_INT(topology_choose(topology, 1, &work, &service, &err), 0);
	CHECK(work < 9999 && service < 9999);
	CHECK(topology_cpu_nr(topology) == 1 || work != service);
	topology_close(topology);
}

/* The first bytes of a file, NUL-ended. */
static void read_start(const char *file, char *text, size_t size)
{
	FILE *stream = fopen(file, "r");
	size_t got = stream ? fread(text, 1, size - 1, stream) : 0;

	text[got] = '\0';
	if (stream)
		fclose(stream);
}

/* viewBox='…' of numbers and blanks only, as SVG wants it */
static bool box_is_plain(const char *text)
{
	const char *box = strstr(text, "viewBox='");

	box = box ? box + strlen("viewBox='") : "";
	return *box && box[strspn(box, "0123456789. ")] == '\'';
}

static void test_pictures(void)
{
	char dir[] = "/tmp/tare-test-topology-XXXXXX", file[64], text[512] = "";
	struct topology *topology = open_synthetic(SERVER);
	struct err err = {0};
	char *xml = NULL;
	int rc;

	CHECK_INT(topology_xml(topology, &xml, &err), 0);
	CHECK(xml && strstr(xml, "<topology version=") != NULL);
	CHECK(mkdtemp(dir) != NULL);
	snprintf(file, sizeof(file), "%s/picture.svg", dir);
	rc = topology_svg(xml, file, &err);
	if (rc == -ENOTSUP) {
		SKIP("lstopo is not installed");
	} else {
		CHECK_INT(rc, 0);
		read_start(file, text, sizeof(text));
		CHECK(strstr(text, "<svg") != NULL);
		CHECK(box_is_plain(text));
		CHECK_INT(topology_svg("not xml", file, &err), -EIO);
		CHECK(access(file, F_OK) != 0);
		err_clear(&err);
		CHECK_INT(topology_svg(xml, "/nonexistent/picture.svg", &err), -EIO);
	}
	unlink(file);
	rmdir(dir);
	free(xml);
	topology_close(topology);
}

/* hwloc's drawing program out of reach */
static void test_no_drawer(void)
{
	const char *path = getenv("PATH");
	char *saved = strdup(path ? path : "");
	struct err err = {0};

	setenv("PATH", "/nonexistent", 1);
	CHECK_INT(topology_svg("<x/>", "/tmp/tare-test-none.svg", &err), -ENOTSUP);
	CHECK(strstr(err.text, "hwloc-nox") != NULL);
	setenv("PATH", saved, 1);
	free(saved);
}

int main(void)
{
	test_choose();
	test_choose_refuses();
	test_choose_hybrid();
	test_caches();
	test_size();
	test_open_refuses();
	test_this_machine();
	test_pictures();
	test_no_drawer();
	return check_done();
}
