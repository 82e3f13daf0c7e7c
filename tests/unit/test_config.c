/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/config/config.h"
#include "bench/config/config_dir.h"
#include "tests/check.h"
#include "tests/unit/tables.h"

static const char good[] =
	"description: all there is\n"
	"budget: 9m\n"
	"precision: 2%\n"
	"seed: 7\n"
	"emulation: allowed\n"
	"on: metal,box:ide\n"
	"controls: {aa: no, injected: 1%, injected_in: [int, chase]}\n"
	"epochs: 4\n"
	"epoch: 200ms\n"
	"disk: {size: 64MiB, slice: 500ms, blocks: 2}\n"
	"workloads:\n"
	"  - int\n"
	"  - {name: chase, sizes: [l1, 64MiB], threads: 2, precision: 3%}\n"
	"  - randread-qd1\n";

static void check_scalars(const struct suite *suite)
{
	CHECK_STR(suite->name, "all");
	CHECK_STR(suite->file, "dir/all.yaml");
	CHECK_STR(suite->description, "all there is");
	CHECK_STR(suite->text, good);
	CHECK_INT(suite->budget_ns, 540000000000);
	CHECK_NEAR(suite->precision, 0.02, 0);
	CHECK_INT(suite->seed, 7);
	CHECK(suite->emulation_allowed);
	CHECK_STR(suite->on, "metal,box:ide");
	CHECK(!suite->aa);
	CHECK_NEAR(suite->injected, 0.01, 0);
	CHECK_INT(suite->injected_nr, 2);
	CHECK_STR(suite->injected_in[1], "chase");
	CHECK_INT(suite->native_epochs, 4);
	CHECK_INT(suite->epoch_ms, 200);
	CHECK_INT(suite->disk_bytes, 64 << 20);
	CHECK_INT(suite->disk_slice_ms, 500);
	CHECK_INT(suite->disk_blocks, 2);
}

static void test_good(void)
{
	struct suite suite = {0};
	struct err err = {0};

	CHECK_INT(suite_parse("dir/all.yaml", good, &suite, &err), 0);
	CHECK_STR(err.text, "");
	check_scalars(&suite);
	CHECK_INT(suite.workload_nr, 3);
	CHECK(suite.workloads[0].workload == &workload_int);
	CHECK_INT(suite.workloads[0].threads, 1);
	CHECK(!suite.workloads[0].sizes);
	CHECK_INT(suite.workloads[0].line, 12);
	CHECK_INT(suite.workloads[1].size_nr, 2);
	CHECK_STR(suite.workloads[1].sizes[1], "64MiB");
	CHECK_INT(suite.workloads[1].threads, 2);
	CHECK_NEAR(suite.workloads[1].precision, 0.03, 0);
	suite_release(&suite);
	CHECK(!suite.workloads);
}

static void test_fallbacks(void)
{
	struct suite suite = {0};
	struct err err = {0};

	CHECK_INT(suite_parse("s", "description: d\nbudget: 1s\nworkloads: [int]\n",
			      &suite, &err),
		  0);
	CHECK_STR(suite.name, "s");
	CHECK(!suite.emulation_allowed);
	CHECK(!suite.on);
	CHECK(suite.aa);
	CHECK(!suite.injected_in);
	CHECK_NEAR(suite.precision, 0.01, 0);
	CHECK_INT(suite.seed, 0);
	CHECK(suite.native_epochs >= 8);
	suite_release(&suite);
}

#define HEAD "description: d\nbudget: 9m\n"
#define TAIL "workloads: [int]\n"

static const struct {
	const char *text, *message;
} wrong[] = {
	{HEAD, "s.yaml:1: key 'workloads' is missing"},
	{"budget: 1s\n" TAIL, "s.yaml:1: key 'description' is missing"},
	{HEAD TAIL "budgte: 3s\n",
	 "s.yaml:4: unknown key 'budgte'; did you mean 'budget'?"},
	{"description: d\nbudget: -5\n" TAIL, "s.yaml:2: budget: '-5' is not a duration: "
					      "expected digits and one of ms, s, m, h, "
					      "as in 90s"},
	{"description: d\nbudget: 5ms\n" TAIL,
	 "s.yaml:2: budget: 5ms is not between 1 s and 168h00m"},
	{HEAD TAIL "budget: 3s\n", "s.yaml:4: key 'budget' is already in line 2"},
	{HEAD TAIL "precision: 0%\n",
	 "s.yaml:4: precision: 0% is not between 0.01% and 50%"},
	{HEAD TAIL "precision: 0.01\n", "s.yaml:4: precision: '0.01' is not a "
					"percentage: expected a number up to 100 and %, "
					"as in 1% or 0.5%"},
	{HEAD TAIL "seed: 0\n",
	 "s.yaml:4: seed: 0 is not between 1 and 9223372036854775807"},
	{HEAD TAIL "emulation: allow\n",
	 "s.yaml:4: emulation: 'allow' is not a choice; did you mean 'allowed'?"},
	{HEAD TAIL "epochs: 1\n", "s.yaml:4: epochs: 1 is not between 2 and 100000"},
	{HEAD TAIL "epoch: 3m\n", "s.yaml:4: epoch: 3m is not between 20 ms and 1m00s"},
	{HEAD TAIL "controls:\n  aA: yes\n",
	 "s.yaml:5: unknown key 'aA'; did you mean 'aa'?"},
	{HEAD TAIL "controls: yes\n",
	 "s.yaml:4: controls: expected a map of keys and values"},
	{HEAD TAIL "controls: {injected: 60%}\n",
	 "s.yaml:4: injected: 60% is not between 0% and 50%"},
	{HEAD TAIL "controls: {injected_in: [null]}\n",
	 "s.yaml:4: injected_in: 'null' cannot do more work than asked: only CPU and "
	 "memory "
	 "workloads can"},
	{HEAD TAIL "controls: {injected_in: [randread-qd1]}\n",
	 "s.yaml:4: injected_in: 'randread-qd1' cannot do more work than asked: only CPU "
	 "and "
	 "memory workloads can"},
	{HEAD TAIL "disk: {size: 1MiB}\n",
	 "s.yaml:4: size: 1MiB is not between 16 MiB and 1 TiB"},
	{HEAD TAIL "disk: {size: 67108865B}\n",
	 "s.yaml:4: size: must be a multiple of 1 MiB"},
	{HEAD TAIL "disk: {size: 1G}\n", "s.yaml:4: size: '1G' is not a size: expected "
					 "digits and one of B, KiB, MiB, GiB, "
					 "TiB, as in 64KiB"},
	{HEAD "workloads: [itn]\n",
	 "s.yaml:3: workloads: there is no workload 'itn'; did you mean 'int'?"},
	{HEAD "workloads:\n  - int\n  - postgres\n",
	 "s.yaml:5: workloads: there is no workload 'postgres'; known: null, int, chase, "
	 "randread-qd1, seqread-cached"},
	{HEAD "workloads: int\n", "s.yaml:3: workloads: expected a list"},
	{HEAD "workloads: []\n", "s.yaml:3: workloads: the list is empty"},
	{HEAD "workloads:\n- {sizes: [l1]}\n",
	 "s.yaml:4: workloads: key 'name' is missing"},
	{HEAD "workloads:\n- {name: int, sizes: [l1]}\n",
	 "s.yaml:4: workloads: 'int' takes no sizes"},
	{HEAD "workloads:\n- {name: chase, sizes: [l9]}\n",
	 "s.yaml:4: sizes: 'l9' is not a size: expected l1, l2, l3, dram, 4xllc or bytes "
	 "as in "
	 "64MiB"},
	{HEAD "workloads:\n- {name: chase, sizes: [0000000000001MiB]}\n",
	 "s.yaml:4: sizes: '0000000000001MiB' is not a size: expected l1, l2, l3, dram, "
	 "4xllc "
	 "or bytes as in 64MiB"},
	{HEAD "workloads:\n- {name: chase, sizes: [1B]}\n",
	 "s.yaml:4: sizes: 1B is not between 4 KiB and 64 GiB"},
	{HEAD "workloads:\n- {name: int, threads: 0}\n",
	 "s.yaml:4: threads: 0 is not between 1 and 64"},
	{HEAD "workloads:\n- {name: randread-qd1, threads: 2}\n",
	 "s.yaml:4: workloads: 'randread-qd1' takes no threads: a disk workload has a "
	 "queue "
	 "depth instead"},
};

static void test_wrong(void)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct suite suite = {0};
		struct err err = {0};

		CHECK(suite_parse("s.yaml", wrong[i].text, &suite, &err) < 0);
		CHECK_STR(err.text, wrong[i].message);
		CHECK(!suite.name && !suite.workloads); /* nothing written on failure */
	}
}

static const char *value_of(const struct platform *platform, const char *name)
{
	for (size_t i = 0; i < platform->setting_nr; i++)
		if (!strcmp(platform->settings[i].name, name))
			return platform->settings[i].value;
	return "no such setting";
}

static void test_platform(void)
{
	struct platform_set set = {0};
	struct err err = {0};

	set.list = calloc(1, sizeof(*set.list));
	set.nr = 1;
	CHECK_INT(platform_parse(
			  "p/tuned.yaml",
			  "driver: box\nhandicap: 3%\nsettings:\n  cache: writeback\n"
			  "  pinned: false\n"
			  "  kernel: /boot/vmlinuz\n",
			  set.list, &err),
		  0);
	CHECK_STR(set.list->name, "tuned");
	CHECK(set.list->driver == &driver_box);
	CHECK_INT(set.list->setting_nr, 5);
	CHECK_STR(value_of(set.list, "cache"), "writeback");
	CHECK_STR(value_of(set.list, "memory"), "512MiB");
	CHECK_STR(value_of(set.list, "queues"), NULL);
	CHECK_STR(value_of(set.list, "pinned"), "no");
	CHECK_NEAR(set.list->handicap, 0.03, 1e-12);
	CHECK_STR(value_of(set.list, "kernel"), "/boot/vmlinuz");
	CHECK(platform_set_find(&set, "tuned") == set.list);
	CHECK(!platform_set_find(&set, "tune"));
	platform_set_release(&set);
}

static const struct {
	const char *text, *message;
} wrong_platforms[] = {
	{"settings: {}\n", "p.yaml:1: key 'driver' is missing"},
	{"driver: bxo\n",
	 "p.yaml:1: driver: there is no driver 'bxo'; did you mean 'box'?"},
	{"driver: qemu\n",
	 "p.yaml:1: driver: there is no driver 'qemu'; known: metal, box"},
	{"driver: box\nsettings: yes\n",
	 "p.yaml:2: settings: expected a map of settings"},
	{"driver: box\nsettings:\n  cahce: none\n",
	 "p.yaml:3: driver 'box' has no setting 'cahce'; did you mean 'cache'?"},
	{"driver: metal\nsettings: {cache: none}\n",
	 "p.yaml:2: driver 'metal' has no setting 'cache'"},
	{"driver: box\nsettings:\n  cache: writethrough\n",
	 "p.yaml:3: cache: 'writethrough' is not a choice; known: none, writeback"},
	{"driver: box\nsettings: {memory: 1GB}\n",
	 "p.yaml:2: memory: '1GB' is not a size: expected digits and one of B, KiB, MiB, "
	 "GiB, "
	 "TiB, as in 64KiB"},
	{"driver: box\nsettings: {queues: many}\n",
	 "p.yaml:2: queues: 'many' is not a count: expected digits only, as in 8"},
	{"driver: box\nsettings: {pinned: on}\n",
	 "p.yaml:2: pinned: 'on' is neither yes nor no"},
	{"driver: box\nsettings: {kernel: vmlinuz}\n",
	 "p.yaml:2: kernel: 'vmlinuz' is not an absolute path"},
	{"driver: box\nsettings: {cache: none}\nsetings: {}\n",
	 "p.yaml:3: unknown key 'setings'; did you mean 'settings'?"},
	{"driver: box\nhandicap: 60%\n",
	 "p.yaml:2: handicap: 60% is not between 0% and 50%"},
	/* settings may stand in front of the driver */
	{"settings: {cache: x}\ndriver: box\n",
	 "p.yaml:1: cache: 'x' is not a choice; known: none, writeback"},
};

static void test_wrong_platforms(void)
{
	for (size_t i = 0; i < sizeof(wrong_platforms) / sizeof(wrong_platforms[0]);
	     i++) {
		struct platform platform = {0};
		struct err err = {0};

		CHECK(platform_parse("p.yaml", wrong_platforms[i].text, &platform, &err) <
		      0);
		CHECK_STR(err.text, wrong_platforms[i].message);
		CHECK(!platform.name);
	}
}

/* --- folders --- */

static void put(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	CHECK(file && fputs(text, file) >= 0 && !fclose(file));
}

static void make_dir(const char *dir, const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	CHECK_INT(mkdir(path, 0755), 0);
}

static void test_set(const char *dir)
{
	struct platform_set set = {0};
	struct err err = {0};

	CHECK_INT(platform_set_load(dir, &set, &err), -ENOENT);
	CHECK(strstr(err.text, "there is no platform in"));
	err_clear(&err);
	put(dir, "platforms/a.yaml", "driver: box\n");
	put(dir, "platforms/z.yaml", "driver: metal\n");
	put(dir, "platforms/b.yaml", "driver: box\n");
	put(dir, "platforms/.hidden.yaml", "nonsense\n");
	put(dir, "platforms/README.md", "nonsense\n");
	CHECK_INT(platform_set_load(dir, &set, &err), 0);
	CHECK_INT(set.nr, 3);
	CHECK_STR(set.list[0].name, "z"); /* the first driver's come first */
	CHECK_STR(set.list[1].name, "a");
	CHECK_STR(set.list[2].name, "b");
	platform_set_release(&set);
	put(dir, "platforms/a b.yaml", "driver: box\n");
	CHECK_INT(platform_set_load(dir, &set, &err), -EINVAL);
	CHECK(strstr(err.text, "rename the file"));
	CHECK(!set.list);
}

static void test_suites(const char *dir)
{
	struct suite suite = {0};
	struct err err = {0};
	char path[256];

	put(dir, "suites/quick.yaml", HEAD TAIL);
	CHECK_INT(suite_load(dir, "quick", &suite, &err), 0);
	CHECK_STR(suite.name, "quick");
	suite_release(&suite);
	CHECK_INT(suite_load(dir, "quikc", &suite, &err), -ENOENT);
	CHECK(strstr(err.text, "/suites'; did you mean 'quick'?"));
	err_clear(&err);
	(void)snprintf(path, sizeof(path), "%s/suites/quick.yaml", dir);
	CHECK_INT(suite_load("/nowhere", path, &suite, &err), 0);
	CHECK_STR(suite.name, "quick");
	suite_release(&suite);
	CHECK_INT(suite_load(dir, "other.yaml", &suite, &err), -ENOENT);
	CHECK_STR(err.text, "cannot open 'other.yaml': No such file or directory");
	err_clear(&err);
	CHECK_INT(suite_load("/nowhere", "quick", &suite, &err), -ENOENT);
	CHECK_STR(err.text,
		  "cannot open '/nowhere/suites': No such file or directory; name "
		  "another folder with --config");
}

static void test_folders(void)
{
	char dir[] = "/tmp/test_config.XXXXXX", command[64];

	CHECK(mkdtemp(dir) != NULL);
	make_dir(dir, "platforms");
	make_dir(dir, "suites");
	test_set(dir);
	test_suites(dir);
	(void)snprintf(command, sizeof(command), "rm -r '%s'", dir);
	CHECK_INT(system(command), 0);
}

int main(void)
{
	test_good();
	test_fallbacks();
	test_wrong();
	test_platform();
	test_wrong_platforms();
	test_folders();
	return check_done();
}
