/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Noise of recorded machines; what is recorded of this one. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/host/environment.h"
#include "bench/base/remove_tree.h"
#include "bench/results/sample.h"
#include "tests/check.h"

static char root[] = "/tmp/test_environment.XXXXXX";

/* Writes a file below the root, with the folders above it. */
static void put(const char *path, const char *text)
{
	char full[512];
	FILE *file;

	(void)snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *slash = strchr(full + strlen(root) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(full, 0700);
		*slash = '/';
	}
	file = fopen(full, "w");
	CHECK(file != NULL);
	if (!file)
		return;
	(void)fputs(text, file);
	(void)fclose(file);
}

static const struct noise *find(const struct noise *list, size_t nr, const char *what)
{
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(list[i].what, what))
			return &list[i];
	return NULL;
}

#define CPU_DIR "/sys/devices/system/cpu"

#define LIMITS(files, size)                                            \
	"Limit                     Soft Limit  Hard Limit  Units\n"    \
	"Max open files            " files "      524288      files\n" \
	"Max file size             " size "   unlimited   bytes\n"

static void test_quiet(void)
{
	struct noise noise[NOISE_MAX];

	CHECK_INT(environment_noise_at("/nonexistent", noise), 0);
	put(CPU_DIR "/cpu0/cpufreq/scaling_governor", "performance\n");
	put(CPU_DIR "/intel_pstate/no_turbo", "1\n");
	put(CPU_DIR "/cpufreq/boost", "0\n");
	put(CPU_DIR "/smt/active", "0\n");
	put(CPU_DIR "/online", "0-1\n");
	put(CPU_DIR "/vulnerabilities/meltdown", "Not affected\n");
	put("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
	put("/sys/kernel/mm/ksm/run", "0\n");
	put("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
	put("/sys/devices/system/clockevents/clockevent0/current_device",
	    "lapic-deadline\n");
	put("/sys/class/power_supply/BAT0/status", "Full\n");
	put("/proc/sys/kernel/numa_balancing", "0\n");
	put("/proc/swaps", "Filename Type Size Used Priority\n");
	put("/proc/loadavg", "0.05 0.10 0.20 1/200 4242\n");
	put("/proc/cpuinfo", "processor : 0\nflags\t\t: fpu vme\n");
	put("/proc/42/comm", "kswapd0\n");
	put(CPU_DIR "/cpu0/cpufreq/energy_performance_preference", "performance\n");
	put("/proc/sys/kernel/randomize_va_space", "2\n");
	put("/proc/sys/kernel/nmi_watchdog", "0\n");
	put("/sys/devices/system/node/online", "0\n");
	put(CPU_DIR "/cpu0/cpuidle/state1/latency", "2\n");
	put(CPU_DIR "/cpu0/cpuidle/state1/disable", "0\n");
	put(CPU_DIR "/cpu0/cpuidle/state3/latency", "133\n");
	put(CPU_DIR "/cpu0/cpuidle/state3/disable", "1\n");
	put("/sys/block/vda/queue/scheduler", "[none] mq-deadline bfq\n");
	put("/proc/self/limits", LIMITS("65536 ", "unlimited"));
	CHECK_INT(environment_noise_at(root, noise), 0);
}

/* One file at a time goes bad and good again: exactly one source appears. */
static void test_each(void)
{
	static const struct {
		const char *path, *bad, *good, *what, *value;
	} cases[] = {
		{CPU_DIR "/cpu0/cpufreq/scaling_governor", "powersave\n", "performance\n",
		 "governor", "powersave"},
		{CPU_DIR "/intel_pstate/no_turbo", "0\n", "1\n", "turbo", "on"},
		{CPU_DIR "/cpufreq/boost", "1\n", "0\n", "turbo", "on"},
		{CPU_DIR "/smt/active", "1\n", "0\n", "SMT", "active"},
		{CPU_DIR "/online", "0\n", "0-1\n", "CPUs", "one"},
		{CPU_DIR "/vulnerabilities/meltdown", "Mitigation: PTI\n",
		 "Not affected\n", "mitigations", "1 active"},
		{"/sys/kernel/mm/transparent_hugepage/enabled",
		 "[always] madvise never\n", "always madvise [never]\n", "THP", "always"},
		{"/sys/kernel/mm/ksm/run", "1\n", "0\n", "KSM", "running"},
		{"/sys/devices/system/clocksource/clocksource0/current_clocksource",
		 "kvm-clock\n", "tsc\n", "clocksource", "kvm-clock"},
		{"/sys/devices/system/clockevents/clockevent0/current_device", "hpet\n",
		 "lapic\n", "timer", "hpet"},
		{"/sys/class/power_supply/BAT0/status", "Discharging\n", "Charging\n",
		 "power", "on battery"},
		{"/sys/module/damon_reclaim/parameters/enabled", "Y\n", "N\n",
		 "proactive reclaim", "DAMON_RECLAIM is on"},
		{"/proc/sys/kernel/numa_balancing", "2\n", "0\n", "NUMA balancing", "on"},
		{"/proc/swaps", "Filename Type\n/dev/sda2 partition\n", "Filename Type\n",
		 "swap", "1 area(s) in use"},
		{"/proc/loadavg", "3.50 0.1 0.2 1/2 3\n", "0.00 0.1 0.2 1/2 3\n",
		 "other load", "load average 3.50"},
		{"/proc/cpuinfo", "flags : fpu hypervisor\n",
		 "model : hypervisor\nflags : fpu\n", "virtual machine",
		 "this host is itself a guest"},
		{"/proc/42/comm", "kdamond.0\n", "bash\n", "DAMON", "kdamond.0 runs"},
		{"/proc/42/comm", "irqbalance\n", "bash\n", "interrupts",
		 "irqbalance moves them between CPUs"},
		{CPU_DIR "/cpu0/cpufreq/energy_performance_preference", "balance_power\n",
		 "performance\n", "energy preference", "balance_power"},
		{"/proc/sys/kernel/randomize_va_space", "0\n", "2\n", "ASLR",
		 "off or partial: every process has the same layout"},
		{"/proc/sys/kernel/nmi_watchdog", "1\n", "0\n", "watchdog", "on"},
		{"/sys/devices/system/node/online", "0-1\n", "0\n", "NUMA", "nodes 0-1"},
		{CPU_DIR "/cpu0/cpuidle/state3/disable", "0\n", "1\n", "idle states",
		 "one takes 133 µs to wake from"},
		{"/sys/block/vda/queue/scheduler", "none mq-deadline [bfq]\n",
		 "none [mq-deadline]\n", "disk scheduler", "bfq"},
		{"/proc/self/limits", LIMITS("1023 ", "unlimited"),
		 LIMITS("1024 ", "unlimited"), "limit of open files", "1023"},
		{"/proc/self/limits", LIMITS("1024 ", "1048576  "),
		 LIMITS("1024 ", "unlimited"), "limit of file size", "1048576"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct noise noise[NOISE_MAX];
		const struct noise *found;
		size_t nr;

		put(cases[i].path, cases[i].bad);
		nr = environment_noise_at(root, noise);
		CHECK_INT(nr, 1);
		found = find(noise, nr, cases[i].what);
		CHECK(found != NULL);
		CHECK_STR(found ? found->value : NULL, cases[i].value);
		CHECK(found && found->advice[0]);
		put(cases[i].path, cases[i].good);
		CHECK_INT(environment_noise_at(root, noise), 0);
	}
}

/* Two files of one kind: a run stores each name once. */
static void test_once(void)
{
	struct noise noise[NOISE_MAX];

	put(CPU_DIR "/intel_pstate/no_turbo", "0\n");
	put(CPU_DIR "/cpufreq/boost", "1\n");
	CHECK_INT(environment_noise_at(root, noise), 1);
}

/* Machines written down as one text: "== /path" and the file's lines below it. */
static size_t load_machine(const char *name, struct noise noise[static NOISE_MAX])
{
	char path[128], line[512], file[512] = "", text[8192] = "";
	FILE *machine;

	remove_tree(root);
	CHECK_INT(mkdir(root, 0700), 0);
	(void)snprintf(path, sizeof(path), "tests/fixtures/machines/%s", name);
	machine = fopen(path, "r");
	CHECK(machine != NULL);
	while (machine && fgets(line, sizeof(line), machine)) {
		if (strncmp(line, "== ", 3) != 0) {
			(void)strncat(text, line, sizeof(text) - strlen(text) - 1);
			continue;
		}
		if (file[0])
			put(file, text);
		line[strcspn(line, "\n")] = '\0';
		(void)snprintf(file, sizeof(file), "%s", line + 3);
		text[0] = '\0';
	}
	if (file[0])
		put(file, text);
	if (machine)
		(void)fclose(machine);
	return environment_noise_at(root, noise);
}

/* What --strict says of the machine at the root; how many lines. */
static size_t refuse(char *text, size_t size)
{
	FILE *to = fmemopen(text, size, "w");
	size_t nr = environment_refuse(root, to);

	(void)fclose(to);
	return nr;
}

static void test_machines(void)
{
	static const struct {
		const char *name, *noise; /* what is found, in order; '-': only to know */
		size_t refused;
	} machines[] = {
		{"laptop",
		 "governor turbo SMT THP timer energy preference watchdog swap power "
		 "-mitigations idle states disk scheduler ",
		 11},
		{"cloud-guest", "DAMON other load -mitigations -virtual machine ", 2},
		{"tuned-server", "-mitigations -NUMA ", 0},
	};

	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		struct noise noise[NOISE_MAX];
		char found[512] = "", text[4096] = "";
		size_t nr = load_machine(machines[i].name, noise);

		for (size_t j = 0; j < nr; j++)
			(void)snprintf(found + strlen(found),
				       sizeof(found) - strlen(found), "%s%s ",
				       noise[j].mends ? "" : "-", noise[j].what);
		CHECK_STR(found, machines[i].noise);
		CHECK_INT(refuse(text, sizeof(text)), machines[i].refused);
		CHECK((text[0] != '\0') == (machines[i].refused > 0));
		for (size_t j = 0; j < nr; j++)
			CHECK(!noise[j].mends || strstr(text, noise[j].advice));
	}
}

static const struct fact *fact_of(const struct facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->nr; i++)
		if (!strcmp(facts->list[i].name, name))
			return &facts->list[i];
	return NULL;
}

static void test_record(void)
{
	static const char *const required[] = {"tare",	    "kernel",
					       "cpu.count", "memory.total_bytes",
					       "hwloc.xml", "kernel.command_line"};
	struct topology *topology = NULL;
	struct facts facts = {0};
	const struct fact *count;
	struct err err = {0};

	CHECK_INT(topology_open("pack:1 core:3 pu:2", &topology, &err), 0);
	CHECK_INT(environment_read(topology, NULL, "/tmp", &facts, &err), 0);
	for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++)
		CHECK(fact_of(&facts, required[i]) != NULL);
	count = fact_of(&facts, "cpu.count");
	CHECK_STR(count ? count->got : NULL, "6");
	CHECK_STR(count ? count->source : NULL, "hwloc");
	for (size_t i = 0; i < facts.nr; i++) {
		CHECK(facts.list[i].source && facts.list[i].source[0]);
		CHECK(facts.list[i].asked == NULL);
		for (size_t j = i + 1; j < facts.nr; j++)
			CHECK(strcmp(facts.list[i].name, facts.list[j].name) != 0);
	}
	CHECK(!fact_of(&facts, "image.tree_sha256"));
	facts_release(&facts);
	topology_close(topology);
}

static void test_readings(void)
{
	struct disk_bytes none = environment_disk_bytes("/nonexistent");
	struct disk_bytes virtual = environment_disk_bytes("/proc");

	CHECK(none.read == SAMPLE_NONE && none.written == SAMPLE_NONE);
	CHECK(virtual.read == SAMPLE_NONE && virtual.written == SAMPLE_NONE);
	CHECK(environment_disk_bytes(NULL).read == SAMPLE_NONE);
	CHECK(environment_load1() >= 0);
	CHECK(environment_psi_cpu() >= 0 || environment_psi_cpu() == -1);
}

int main(void)
{
	if (!mkdtemp(root)) {
		SKIP("no folder in /tmp");
		return check_done();
	}
	test_quiet();
	test_each();
	test_once();
	test_machines();
	remove_tree(root);
	test_record();
	test_readings();
	return check_done();
}
