/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a density study does on machines from 2 to 256 CPUs. */
#include <errno.h>
#include <stdlib.h>

#include "bench/host/topology.h"
#include "bench/study/density.h"
#include "tests/check.h"

#define GIB (1024.0 * 1048576)
#define GUEST (512ull << 20)

struct machine {
	struct topology *topology;
	unsigned cpus, cores, work[512];
};

static struct machine open_machine(const char *synthetic)
{
	struct machine machine = {NULL};
	unsigned service;
	struct err err = {0};

	CHECK_INT(topology_open(synthetic, &machine.topology, &err), 0);
	machine.cpus = topology_cpu_nr(machine.topology);
	machine.cores = topology_core_nr(machine.topology);
	CHECK_INT(topology_choose(machine.topology, machine.cpus, machine.work, &service,
				  &err),
		  0);
	topology_close(machine.topology);
	return machine;
}

static void check_counts(const char *synthetic, const unsigned *want, size_t nr)
{
	struct machine machine = open_machine(synthetic);
	unsigned got[DENSITY_COUNTS_MAX];

	CHECK_INT(density_counts_auto(density_most(machine.cpus), machine.cores,
				      machine.cpus, got),
		  nr);
	for (size_t i = 0; i < nr; i++)
		CHECK_INT(got[i], want[i]);
}

#define COUNTS(synthetic, ...)                                   \
	check_counts(synthetic, (const unsigned[]){__VA_ARGS__}, \
		     sizeof((const unsigned[]){__VA_ARGS__}) / sizeof(unsigned))

static void test_counts(void)
{
	COUNTS("pack:1 core:1 pu:1", 1, 2, 4, 8);
	COUNTS("pack:1 core:2 pu:1", 1, 2, 4, 8);
	COUNTS("pack:1 core:6 pu:2", 1, 2, 4, 6, 8, 12, 16, 24);
	COUNTS("pack:2 core:16 pu:2", 1, 2, 4, 8, 16, 32, 64, 128);
	COUNTS("pack:2 core:48 pu:1", 1, 2, 4, 8, 16, 32, 64, 96, 128, 192);
	COUNTS("pack:2 numa:2 core:32 pu:2", 1, 2, 4, 8, 16, 32, 64, 128, 256, 512);
	COUNTS("pack:2 numa:2 core:64 pu:2", 1, 2, 4, 8, 16, 32, 64, 128, 256, 512);
	COUNTS("pack:2 core:64 pu:2", 1, 2, 4, 8, 16, 32, 64, 128, 256, 512);
	COUNTS("pack:2 numa:2 core:60 pu:2", 1, 2, 4, 8, 16, 32, 64, 128, 240, 256, 480,
	       512);
}

/* Each CPU once; all cores before any sibling; CPU 0, which serves interrupts, last of
 * the cores' first ones. */
static void check_order(const char *synthetic)
{
	struct machine machine = open_machine(synthetic);
	bool seen[512] = {false};
	unsigned threads = machine.cpus / machine.cores;

	for (unsigned i = 0; i < machine.cpus; i++) {
		CHECK(machine.work[i] < machine.cpus && !seen[machine.work[i]]);
		seen[machine.work[i]] = true;
		CHECK_INT(machine.work[i] % threads, i / machine.cores);
	}
	CHECK_INT(machine.work[machine.cores - 1], 0);
}

static void test_order(void)
{
	check_order("pack:1 core:2 pu:1");
	check_order("pack:1 core:8 pu:2");
	check_order("pack:2 numa:2 core:64 pu:1");
	check_order("pack:2 numa:2 core:64 pu:2");
}

/* CPUs that are offline or not ours leave gaps in the numbers. */
static void test_gaps(void)
{
	struct machine machine = open_machine("pack:1 core:4 pu:1(indexes=0,2,5,7)");
	const unsigned want[] = {7, 5, 2, 0};

	CHECK_INT(machine.cpus, 4);
	for (size_t i = 0; i < 4; i++)
		CHECK_INT(machine.work[i], want[i]);
	machine = open_machine("pack:1 core:1 pu:1(indexes=3)");
	CHECK_INT(machine.work[0], 3);
}

static void check_room(struct room room, unsigned asked, unsigned want, const char *why)
{
	const char *got;

	CHECK_INT(room_instances(&room, 5, GUEST, 0.25, asked, &got), want);
	CHECK_STR(got, why);
}

static void test_room(void)
{
	const struct room large = {1024 * GIB, 4e6, 1e6, 1e12};
	struct room room = large;

	check_room(large, 512, 512, "");
	room.memory = 24 * GIB;
	check_room(room, 8, 8, "");
	check_room(room, 512, 36, "memory"); /* 18 GiB of them */
	room.memory = 0.5 * GIB;
	check_room(room, 8, 0, "memory");
	room = large;
	room.tasks = 3200; /* half of them stay free */
	check_room(room, 512, 10, "tasks");
	room = large;
	room.files = 480;
	check_room(room, 512, 12, "open files");
	room = large;
	room.disk = GIB;
	check_room(room, 512, 25, "disk");
}

static void test_cut(void)
{
	const unsigned counts[] = {1, 2, 4, 8, 16};
	unsigned got[DENSITY_COUNTS_MAX];

	CHECK_INT(density_counts_cut(counts, 5, 6, got), 4);
	CHECK_INT(got[3], 6);
	CHECK_INT(density_counts_cut(counts, 5, 16, got), 5);
	CHECK_INT(density_counts_cut(counts, 5, 1, got), 1);
	CHECK_INT(got[0], 1);
}

int main(void)
{
	test_counts();
	test_order();
	test_gaps();
	test_room();
	test_cut();
	return check_done();
}
