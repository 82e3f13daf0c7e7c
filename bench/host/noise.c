/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What makes this host noisy or unlike production, and how to mend it. */
#include <ctype.h>
#include <dirent.h>
#include <glob.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/host/environment.h"

struct list {
	const char *root; /* in front of /proc and /sys */
	struct noise *to;
	size_t nr;
};

/* A file that holds one word, and when that word is noise. */
struct rule {
	const char *what, *path;
	const char *good; /* noise unless it begins so */
	const char *bad;  /* noise if it is this */
	const char *say;  /* instead of the word */
	const char *advice;
};
#define CPU_DIR "/sys/devices/system/cpu"
static const struct rule rules[] = {
	{"governor", CPU_DIR "/cpu0/cpufreq/scaling_governor", .good = "performance",
	 .advice = "cpupower frequency-set -g performance"},
	{"turbo", CPU_DIR "/intel_pstate/no_turbo", .bad = "0", .say = "on",
	 .advice = "echo 1 > " CPU_DIR "/intel_pstate/no_turbo"},
	{"turbo", CPU_DIR "/cpufreq/boost", .bad = "1", .say = "on",
	 .advice = "echo 0 > " CPU_DIR "/cpufreq/boost"},
	{"SMT", CPU_DIR "/smt/active", .bad = "1", .say = "active",
	 .advice = "echo off > " CPU_DIR "/smt/control"},
	{"THP", "/sys/kernel/mm/transparent_hugepage/enabled",
	 .bad = "[always] madvise never", .say = "always",
	 .advice = "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"},
	{"KSM", "/sys/kernel/mm/ksm/run", .bad = "1", .say = "running",
	 .advice = "echo 0 > /sys/kernel/mm/ksm/run"},
	{"NUMA balancing", "/proc/sys/kernel/numa_balancing", .good = "0", .say = "on",
	 .advice = "echo 0 > /proc/sys/kernel/numa_balancing"},
	{"proactive reclaim", "/sys/module/damon_reclaim/parameters/enabled", .bad = "Y",
	 .say = "DAMON_RECLAIM is on",
	 .advice = "echo N > /sys/module/damon_reclaim/parameters/enabled"},
	{"clocksource",
	 "/sys/devices/system/clocksource/clocksource0/current_clocksource",
	 .good = "tsc",
	 .advice = "echo tsc > /sys/devices/system/clocksource/clocksource0/"
		   "current_clocksource, or boot with tsc=reliable"},
	{"timer", "/sys/devices/system/clockevents/clockevent0/current_device",
	 .good = "lapic", .advice = "boot without nolapic and nohpet"},
	{"energy preference", CPU_DIR "/cpu0/cpufreq/energy_performance_preference",
	 .good = "performance",
	 .advice = "echo performance | tee " CPU_DIR
		   "/cpu*/cpufreq/energy_performance_preference"},
	{"ASLR", "/proc/sys/kernel/randomize_va_space", .good = "2",
	 .say = "off or partial: every process has the same layout",
	 .advice = "echo 2 > /proc/sys/kernel/randomize_va_space"},
	{"watchdog", "/proc/sys/kernel/nmi_watchdog", .bad = "1", .say = "on",
	 .advice = "echo 0 > /proc/sys/kernel/nmi_watchdog"},
};

#define NOISE_PATH_MAX 512
static const char *path_of(const struct list *list, const char *path,
			   char to[static NOISE_PATH_MAX])
{
	(void)snprintf(to, NOISE_PATH_MAX, "%s%s", list->root, path);
	return to;
}

static FILE *open_file(const struct list *list, const char *path)
{
	char full[NOISE_PATH_MAX];

	return fopen(path_of(list, path, full), "re");
}

/* First line of a file without its newline; "" when there is none. */
static const char *line_of(const struct list *list, const char *path, char *to,
			   size_t size)
{
	cleanup(file) FILE *file = open_file(list, path);

	to[0] = '\0';
	if (file && fgets(to, (int)size, file))
		to[strcspn(to, "\n")] = '\0';
	return to;
}

/* The first of a kind stands: a run records each once. */
static bool is_listed(const struct list *list, const char *what)
{
	for (size_t i = 0; i < list->nr; i++)
		if (!strcmp(list->to[i].what, what))
			return true;
	return false;
}

__attribute__((format(printf, 4, 5))) static void
add(struct list *list, const char *what, const char *advice, const char *format, ...)
{
	struct noise *noise = &list->to[list->nr];
	va_list args;

	if (list->nr == NOISE_MAX || is_listed(list, what))
		return;
	(void)snprintf(noise->what, sizeof(noise->what), "%s", what);
	(void)snprintf(noise->advice, sizeof(noise->advice), "%s", advice);
	noise->mends = true;
	va_start(args, format);
	(void)vsnprintf(noise->value, sizeof(noise->value), format, args);
	va_end(args);
	list->nr++;
}

/* What was added last cannot be changed here. */
static void only_to_be_known(struct list *list)
{
	if (list->nr)
		list->to[list->nr - 1].mends = false;
}

static bool is_noise(const struct rule *rule, const char *value)
{
	if (!value[0])
		return false;
	if (rule->good)
		return strncmp(value, rule->good, strlen(rule->good)) != 0;
	return !strcmp(value, rule->bad);
}

static void check_rules(struct list *list)
{
	char value[64];

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct rule *rule = &rules[i];

		line_of(list, rule->path, value, sizeof(value));
		if (is_noise(rule, value))
			add(list, rule->what, rule->advice, "%s",
			    rule->say ? rule->say : value);
	}
}

static void check_swap(struct list *list)
{
	cleanup(file) FILE *file = open_file(list, "/proc/swaps");
	char line[256];
	int lines = 0;

	while (file && fgets(line, sizeof(line), file))
		lines++;
	if (lines > 1) /* the first is a header */
		add(list, "swap", "swapoff -a", "%d area(s) in use", lines - 1);
}

/* The first process whose name begins so; its name in `to`. */
static bool runs(const struct list *list, const char *name, char *to, size_t size)
{
	char path[NOISE_PATH_MAX];
	cleanup(dir) DIR *dir = opendir(path_of(list, "/proc", path));
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		(void)snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		if (!strncmp(line_of(list, path, to, size), name, strlen(name)))
			return true;
	}
	return false;
}

static void check_processes(struct list *list)
{
	char name[32];

	if (runs(list, "kdamond", name, sizeof(name)))
		add(list, "DAMON",
		    "it may page out idle memory: for s in "
		    "/sys/kernel/mm/damon/admin/kdamonds/*/state; do echo off > $s; done",
		    "%s runs", name);
	if (runs(list, "irqbalance", name, sizeof(name)))
		add(list, "interrupts", "systemctl stop irqbalance",
		    "irqbalance moves them between CPUs");
}

static void check_load(struct list *list)
{
	char line[128];
	double load;

	line_of(list, "/proc/loadavg", line, sizeof(line));
	if (sscanf(line, "%lf", &load) == 1 && load > 0.5)
		add(list, "other load",
		    "ps -eo pid,pcpu,comm --sort=-pcpu | head shows what runs: stop it, "
		    "or give tare a longer --budget",
		    "load average %.2f", load);
}

/* How many files of a pattern begin with a word. */
static size_t count_files(const struct list *list, const char *pattern, const char *word)
{
	char path[NOISE_PATH_MAX], value[64];
	size_t count = 0;
	glob_t found;

	if (glob(path_of(list, pattern, path), 0, NULL, &found))
		return 0;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *name = found.gl_pathv[i] + strlen(list->root);

		line_of(list, name, value, sizeof(value));
		count += !strncmp(value, word, strlen(word));
	}
	globfree(&found);
	return count;
}

static void check_battery(struct list *list)
{
	if (count_files(list, "/sys/class/power_supply/*/status", "Discharging"))
		add(list, "power", "plug the machine in", "on battery");
}

static void check_mitigations(struct list *list)
{
	size_t nr = count_files(list, CPU_DIR "/vulnerabilities/*", "Mitigation");

	if (nr)
		add(list, "mitigations",
		    "system calls, switches and exits carry their price: measure with "
		    "those that production has",
		    "%zu active", nr);
	if (nr)
		only_to_be_known(list);
}

static void check_virtual(struct list *list)
{
	cleanup(file) FILE *file = open_file(list, "/proc/cpuinfo");
	char line[8192];

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "flags", 5))
			continue;
		if (!strstr(line, " hypervisor"))
			return;
		add(list, "virtual machine",
		    "ratios hold for this virtual machine only; measure on the "
		    "machine you will deploy on",
		    "this host is itself a guest");
		only_to_be_known(list);
		return;
	}
}

/* "0-3,6": a range or a list is more than one. */
static bool is_one(const char *set)
{
	return !strpbrk(set, "-,");
}

static void check_topology(struct list *list)
{
	char value[64];

	line_of(list, CPU_DIR "/online", value, sizeof(value));
	if (value[0] && is_one(value)) {
		add(list, "CPUs",
		    "give the machine a second CPU: the harness needs its own", "one");
		only_to_be_known(list);
	}
	line_of(list, "/sys/devices/system/node/online", value, sizeof(value));
	if (!is_one(value)) {
		add(list, "NUMA",
		    "tare stays on one node; production's memory may be on another",
		    "nodes %s", value);
		only_to_be_known(list);
	}
}

/* Idle states that take longer to leave than a short slice can bear. */
#define IDLE_LATENCY_MAX_US 100
static void check_idle(struct list *list)
{
	char path[NOISE_PATH_MAX], value[32];

	for (int state = 0; state < 16; state++) {
		long latency_us;

		(void)snprintf(path, sizeof(path),
			       CPU_DIR "/cpu0/cpuidle/state%d/latency", state);
		latency_us = strtol(line_of(list, path, value, sizeof(value)), NULL, 10);
		(void)snprintf(path, sizeof(path),
			       CPU_DIR "/cpu0/cpuidle/state%d/disable", state);
		if (latency_us <= IDLE_LATENCY_MAX_US ||
		    strcmp(line_of(list, path, value, sizeof(value)), "0") != 0)
			continue;
		add(list, "idle states", "cpupower idle-set -D 100",
		    "one takes %ld µs to wake from", latency_us);
		return;
	}
}

static void check_schedulers(struct list *list)
{
	char path[NOISE_PATH_MAX], value[128];
	glob_t found;

	if (glob(path_of(list, "/sys/block/*/queue/scheduler", path), 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *file = found.gl_pathv[i] + strlen(list->root);
		char advice[192];

		if (!strstr(line_of(list, file, value, sizeof(value)), "[bfq]"))
			continue;
		(void)snprintf(advice, sizeof(advice), "echo none > %.150s", file);
		add(list, "disk scheduler", advice, "bfq");
	}
	globfree(&found);
}

/* Soft limits of this process, as they will be inherited: "Max open files  1024 …". */
static void check_limits(struct list *list)
{
	static const struct {
		const char *line, *what, *advice;
		unsigned long long least;
	} limits[] = {
		{"Max open files", "limit of open files", "ulimit -n 65536", 1024},
		{"Max file size", "limit of file size", "ulimit -f unlimited",
		 UINT64_MAX},
		{"Max processes", "limit of processes", "ulimit -u 4096", 1024},
	};
	cleanup(file) FILE *file = open_file(list, "/proc/self/limits");
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
			const char *value = line + strlen(limits[i].line);
			unsigned long long soft;

			if (!strncmp(line, limits[i].line, strlen(limits[i].line)) &&
			    sscanf(value, "%llu", &soft) == 1 && soft < limits[i].least)
				add(list, limits[i].what, limits[i].advice, "%llu", soft);
		}
}

size_t environment_noise_at(const char *root, struct noise ret[static NOISE_MAX])
{
	struct list list = {.root = root, .to = ret};

	check_rules(&list);
	check_swap(&list);
	check_processes(&list);
	check_load(&list);
	check_battery(&list);
	check_mitigations(&list);
	check_virtual(&list);
	check_topology(&list);
	check_idle(&list);
	check_schedulers(&list);
	check_limits(&list);
	return list.nr;
}

size_t environment_noise(struct noise ret[static NOISE_MAX])
{
	return environment_noise_at("", ret);
}

size_t environment_refuse(const char *root, FILE *to)
{
	struct noise noise[NOISE_MAX];
	size_t nr = environment_noise_at(root, noise), found = 0;

	for (size_t i = 0; i < nr; i++) {
		if (!noise[i].mends)
			continue;
		if (!found++)
			fprintf(to, "tare: --strict: this host is noisy, or unlike "
				    "production; nothing was measured\n");
		fprintf(to, "  %s (%s): %s\n", noise[i].what, noise[i].value,
			noise[i].advice);
	}
	return found;
}
