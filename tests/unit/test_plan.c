/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "bench/plan/plan.h"
#include "bench/host/topology.h"
#include "tests/check.h"
#include "tests/unit/tables.h"

/* 8 MiB of last-level cache, no third level */
#define NO_L3 "pack:1 l2:1(size=8388608) l1d:1(size=32768) core:1 pu:2"
#define BIG_L3 \
	"pack:1 l3:1(size=268435456) l2:1(size=1048576) l1d:1(size=32768) core:1 pu:2"

#define HEAD "description: d\nbudget: 9m\nprecision: 2%\nseed: 7\n"
#define DISK "disk: {size: 64MiB, slice: 500ms}\n"

/* metal, box and the hidden ghost; the baseline's file is not the first on purpose */
static const char *box = "driver: box\n", *metal = "driver: metal\n";

static void make_set(struct platform_set *set)
{
	const char *const texts[][2] = {{"box.yaml", box},
					{"metal.yaml", metal},
					{"ghost.yaml", "driver: ghost\n"}};
	struct err err = {0};

	set->nr = 3;
	set->list = calloc(set->nr, sizeof(*set->list));
	for (size_t i = 0; i < set->nr; i++)
		CHECK_INT(platform_parse(texts[i][0], texts[i][1], &set->list[i], &err),
			  0);
}

static int make(const char *text, const char *on, const char *machine, struct plan *plan,
		struct platform_set *set, struct err *err)
{
	struct topology *topology = NULL;
	struct suite suite = {0};
	int rc = topology_open(machine, &topology, err);

	make_set(set);
	if (!rc)
		rc = suite_parse("s.yaml", text, &suite, err);
	if (!rc)
		rc = plan_make(&suite, set, on, topology, plan, err);
	topology_close(topology);
	suite_release(&suite);
	return rc;
}

/* "role platform:path" of every arm of a cell, "; " between them. */
static const char *arms_of(const struct plan *plan, size_t cell, char *text, size_t size)
{
	const struct cell *at = &plan->cells[cell];

	text[0] = '\0';
	for (uint32_t i = 0; i < at->arm_nr; i++) {
		const struct arm *arm = &plan->arms[at->first_arm + i];
		const struct platform *platform = plan->platforms[arm->platform].platform;

		CHECK_INT(arm->index, at->first_arm + i);
		CHECK_INT(arm->cell, cell);
		(void)snprintf(text + strlen(text), size - strlen(text), "%s%s %s:%s",
			       i ? "; " : "", arm_role_name(arm->role), platform->name,
			       platform->driver->paths[arm->path].name);
	}
	return text;
}

#define BOX_PATHS "platform box:ide; platform box:virtio; platform box:virtfs"

static void test_arms(void)
{
	struct platform_set set = {0};
	struct plan plan = {0};
	struct err err = {0};
	char text[512];

	CHECK_INT(make(HEAD DISK "workloads: [null, int, randread-qd1]\n", NULL, NO_L3,
		       &plan, &set, &err),
		  0);
	CHECK_STR(err.text, "");
	CHECK_INT(plan.platform_nr, 2); /* ghost is hidden */
	CHECK_INT(plan.cell_nr, 3);
	CHECK_STR(arms_of(&plan, 0, text, sizeof(text)),
		  "baseline metal:host; platform box:ide; aa metal:host");
	CHECK_STR(arms_of(&plan, 1, text, sizeof(text)),
		  "baseline metal:host; platform box:ide; aa metal:host; injected "
		  "metal:host");
	CHECK_STR(arms_of(&plan, 2, text, sizeof(text)),
		  "baseline metal:host; " BOX_PATHS "; aa metal:host");
	CHECK_NEAR(plan.arms[plan.cells[1].first_arm + 3].injected, 0.01, 0);
	CHECK_NEAR(plan.arms[plan.cells[1].first_arm + 1].injected, 0, 0);
	CHECK_INT(plan.seed, 7);
	CHECK_INT(plan.budget_ns, 540000000000);
	CHECK_INT(plan.disk_bytes, 64 << 20);
	CHECK_INT(plan.cells[2].slice_ms, 500);
	CHECK_INT(plan.cells[0].slice_ms, 0);
	CHECK_NEAR(plan.cells[0].precision, 0.02, 0);
	plan_release(&plan);
	platform_set_release(&set);
}

static bool uses(const struct plan *plan, const char *platform, size_t path)
{
	for (size_t i = 0; i < plan->platform_nr; i++)
		if (!strcmp(plan->platforms[i].platform->name, platform))
			return plan->platforms[i].used_paths[path];
	return false;
}

static void test_paths(void)
{
	struct platform_set set = {0};
	struct plan plan = {0};
	struct err err = {0};
	char text[512];

	CHECK_INT(make(HEAD "workloads: [int, randread-qd1]\n", "box:virtfs,box:virtio",
		       NO_L3, &plan, &set, &err),
		  0);
	/* native kernels run on path 0 whatever paths are selected */
	CHECK_STR(arms_of(&plan, 0, text, sizeof(text)),
		  "baseline metal:host; platform box:ide; aa metal:host; injected "
		  "metal:host");
	CHECK_STR(arms_of(&plan, 1, text, sizeof(text)),
		  "baseline metal:host; platform box:virtio; platform box:virtfs; "
		  "aa metal:host");
	CHECK(!uses(&plan, "box", 0) && uses(&plan, "box", 1) && uses(&plan, "box", 2));
	CHECK(uses(&plan, "metal", 0));
	plan_release(&plan);
	platform_set_release(&set);
}

/* No disk workload: no data file and no path in use. The suite's `on` names a hidden one.
 */
static void test_native_only(void)
{
	struct platform_set set = {0};
	struct plan plan = {0};
	struct err err = {0};
	char text[512];

	CHECK_INT(make(HEAD "on: ghost\ncontrols: {aa: no, injected_in: [chase]}\n"
			    "workloads: [int]\n",
		       NULL, NO_L3, &plan, &set, &err),
		  0);
	CHECK_STR(arms_of(&plan, 0, text, sizeof(text)),
		  "baseline metal:host; platform ghost:host");
	CHECK_INT(plan.disk_bytes, 0);
	CHECK(!uses(&plan, "metal", 0));
	CHECK_INT(plan.memory_bytes, 512 << 20);
	plan_release(&plan);
	platform_set_release(&set);
}

static void test_only_baseline(void)
{
	struct platform_set set = {0};
	struct plan plan = {0};
	struct err err = {0};
	char text[512];

	CHECK_INT(make(HEAD "on: box\nworkloads: [null]\n", "metal", NO_L3, &plan, &set,
		       &err),
		  0);
	CHECK_INT(plan.platform_nr, 1);
	CHECK(plan.platforms[0].baseline);
	CHECK_STR(arms_of(&plan, 0, text, sizeof(text)),
		  "baseline metal:host; aa metal:host");
	plan_release(&plan);
	platform_set_release(&set);
}

static void test_sizes(void)
{
	struct platform_set set = {0};
	struct plan plan = {0};
	struct err err = {0};

	CHECK_INT(
		make(HEAD
		     "workloads:\n- chase\n- {name: chase, sizes: [l1, l2, l3, 64MiB]}\n"
		     "- {name: int, threads: 2, precision: 5%}\n",
		     NULL, NO_L3, &plan, &set, &err),
		0);
	CHECK_INT(plan.cell_nr, 5);
	CHECK_STR(plan.cells[0].label, "chase dram");
	CHECK_INT(plan.cells[0].size_bytes, 32 << 20);
	CHECK_STR(plan.cells[1].label, "chase l1");
	CHECK_INT(plan.cells[1].size_bytes, 16384);
	CHECK_STR(plan.cells[2].size_name, "l2");
	CHECK_INT(plan.cells[2].size_bytes, 4 << 20);
	CHECK_STR(plan.cells[3].label, "chase 64MiB");
	CHECK_STR(plan.cells[4].label, "int ×2");
	CHECK_INT(plan.cells[4].threads, 2);
	CHECK_NEAR(plan.cells[4].precision, 0.05, 0);
	CHECK_INT(plan.note_nr, 1);
	CHECK_STR(plan.notes[0],
		  "chase l3 is left out: size 'l3': this CPU has no level 3 cache");
	plan_release(&plan);
	platform_set_release(&set);
}

static void test_memory(void)
{
	struct platform_set set = {0};
	struct plan plan = {0};
	struct err err = {0};

	/* 3 arrays of 1 GiB and a quarter, 256 MiB, in grains of 64 MiB */
	CHECK_INT(make(HEAD "workloads: [chase]\n", NULL, BIG_L3, &plan, &set, &err), 0);
	CHECK_INT(plan.memory_bytes >> 20, 4096);
	plan_release(&plan);
	platform_set_release(&set);
	/* one GiB a thread */
	CHECK_INT(make(HEAD "workloads: [{name: chase, threads: 8}]\n", NULL, BIG_L3,
		       &plan, &set, &err),
		  0);
	CHECK_INT(plan.memory_bytes >> 20, 10496);
	plan_release(&plan);
	platform_set_release(&set);
	/* a cached file of 256 MiB, a quarter and 256 MiB */
	CHECK_INT(make(HEAD "workloads: [seqread-cached]\n", NULL, NO_L3, &plan, &set,
		       &err),
		  0);
	CHECK_INT(plan.memory_bytes >> 20, 576);
	CHECK_INT(plan.disk_bytes >> 20, 1024);
	plan_release(&plan);
	platform_set_release(&set);
}

static const struct {
	const char *text, *on, *message;
} wrong[] = {
	{HEAD "workloads: [int]\n", "bxo",
	 "--on: there is no platform 'bxo'; did you mean 'box'?"},
	{HEAD "workloads: [int]\n", "qemu",
	 "--on: there is no platform 'qemu'; known: box, metal"},
	{HEAD "workloads: [int]\n", "bo",
	 "--on: there is no platform 'bo'; did you mean 'box'?"},
	{HEAD "workloads: [int]\n", "box:virt",
	 "--on: platform 'box' has no path 'virt'; did you mean 'virtio'?"},
	{HEAD "workloads: [int]\n",
	 "box:", "--on: platform 'box' has no path ''; known: ide, virtio, virtfs"},
	{HEAD "workloads: [int]\n", "box,,metal",
	 "--on: expected platform[:path],… as in bare,kvm:virtio"},
	{HEAD "workloads: [int]\n", "",
	 "--on: expected platform[:path],… as in bare,kvm:virtio"},
	{HEAD "workloads: [int]\n", "metal, box",
	 "--on: there is no platform ' box'; did you mean 'box'?"},
	{HEAD "on: qemu\nworkloads: [int]\n", NULL,
	 "s.yaml: on: there is no platform 'qemu'; known: box, metal"},
	{HEAD "on: qemu\nworkloads: [int]\n", "box", /* though --on stands in for it */
	 "s.yaml: on: there is no platform 'qemu'; known: box, metal"},
	{HEAD "workloads:\n- int\n- {name: int, precision: 3%}\n", NULL,
	 "s.yaml:7: 'int' is in the suite twice"},
	{HEAD "workloads: [{name: chase, sizes: [l3]}]\n", NULL,
	 "s.yaml: nothing is left to measure here: chase l3 is left out: size 'l3': this "
	 "CPU "
	 "has no level 3 cache"},
};

static void test_wrong(void)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct platform_set set = {0};
		struct plan plan = {0};
		struct err err = {0};

		CHECK_INT(make(wrong[i].text, wrong[i].on, NO_L3, &plan, &set, &err),
			  -EINVAL);
		CHECK_STR(err.text, wrong[i].message);
		CHECK(!plan.cells && !plan.arms && !plan.platforms);
		platform_set_release(&set);
	}
}

/* More work on the platform: not in the control, not by fio, never by the baseline. */
static void test_handicap(void)
{
	struct platform_set set = {0};
	struct plan plan = {0};
	struct err err = {0};

	box = "driver: box\nhandicap: 3%\n";
	CHECK_INT(make(HEAD DISK "workloads: [null, int, randread-qd1]\n", NULL, NO_L3,
		       &plan, &set, &err),
		  0);
	for (size_t i = 0; i < plan.arm_nr; i++) {
		const struct arm *arm = &plan.arms[i];
		double more = arm->role == ROLE_INJECTED		     ? 0.01
			      : arm->role == ROLE_PLATFORM && arm->cell == 1 ? 0.03
									     : 0;

		CHECK_NEAR(arm->injected, more, 1e-12);
	}
	plan_release(&plan);
	platform_set_release(&set);
	box = "driver: box\n";
	metal = "driver: metal\nhandicap: 3%\n";
	CHECK_INT(make(HEAD "workloads: [int]\n", NULL, NO_L3, &plan, &set, &err),
		  -EINVAL);
	CHECK_STR(err.text, "'metal' cannot have a handicap: all are compared with it");
	metal = "driver: metal\n";
	platform_set_release(&set);
}

/* A hidden platform takes part where a workload names it, and there only. */
static void test_own_list(void)
{
	static const char suite[] = HEAD "family: memcg\non: metal\nworkloads:\n"
					 "  - {name: int, on: box}\n  - null\n";
	struct platform_set set = {0};
	struct plan plan = {0};
	struct err err = {0};
	char text[512];

	box = "driver: box\nhidden: yes\n";
	CHECK_INT(make(suite, NULL, NO_L3, &plan, &set, &err), 0);
	CHECK_STR(arms_of(&plan, 0, text, sizeof(text)),
		  "baseline metal:host; platform box:ide; aa metal:host; injected "
		  "metal:host");
	CHECK_STR(arms_of(&plan, 1, text, sizeof(text)),
		  "baseline metal:host; aa metal:host");
	CHECK_STR(plan.cells[0].family, "memcg");
	plan_release(&plan);
	platform_set_release(&set);
	CHECK_INT(make(suite, "metal", NO_L3, &plan, &set, &err), 0);
	CHECK_STR(arms_of(&plan, 0, text, sizeof(text)),
		  "baseline metal:host; aa metal:host; injected metal:host");
	plan_release(&plan);
	platform_set_release(&set);
	CHECK_INT(make(HEAD "workloads: [int]\n", NULL, NO_L3, &plan, &set, &err), 0);
	CHECK_INT(plan.platform_nr, 1);
	CHECK(!plan.cells[0].family);
	plan_release(&plan);
	platform_set_release(&set);
	CHECK_INT(make(HEAD "workloads:\n  - {name: int, on: bix}\n", "metal", NO_L3,
		       &plan, &set, &err),
		  -EINVAL);
	CHECK(strstr(err.text, "int: on: there is no platform 'bix'"));
	platform_set_release(&set);
	box = "driver: box\n";
}

static void test_no_baseline(void)
{
	struct platform_set set = {.nr = 1};
	struct topology *topology = NULL;
	struct suite suite = {0};
	struct plan plan = {0};
	struct err err = {0};

	set.list = calloc(1, sizeof(*set.list));
	CHECK_INT(platform_parse("box.yaml", "driver: box\n", set.list, &err), 0);
	CHECK_INT(topology_open(NO_L3, &topology, &err), 0);
	CHECK_INT(suite_parse("s", HEAD "workloads: [int]\n", &suite, &err), 0);
	CHECK_INT(plan_make(&suite, &set, NULL, topology, &plan, &err), -EINVAL);
	CHECK(strstr(err.text, "no platform has the driver 'metal'"));
	topology_close(topology);
	suite_release(&suite);
	platform_set_release(&set);
}

int main(void)
{
	test_arms();
	test_paths();
	test_native_only();
	test_only_baseline();
	test_sizes();
	test_memory();
	test_wrong();
	test_no_baseline();
	test_handicap();
	test_own_list();
	return check_done();
}
