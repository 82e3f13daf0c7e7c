/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What makes this host noisy or unlike production, and how to mend it. */
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "environment.h"

struct list {
	struct noise *to;
	size_t nr;
};

__attribute__((format(printf, 4, 5))) static void
add(struct list *list, const char *what, const char *advice, const char *format, ...)
{
	struct noise *noise = &list->to[list->nr];
	va_list args;

	if (list->nr == NOISE_MAX)
		return;
	(void)snprintf(noise->what, sizeof(noise->what), "%s", what);
	(void)snprintf(noise->advice, sizeof(noise->advice), "%s", advice);
	va_start(args, format);
	(void)vsnprintf(noise->value, sizeof(noise->value), format, args);
	va_end(args);
	list->nr++;
}

/* First line of a file without its newline; "" when there is none. */
static const char *line_of(const char *path, char *to, size_t size)
{
	cleanup(file) FILE *file = fopen(path, "re");

	to[0] = '\0';
	if (file && fgets(to, (int)size, file))
		to[strcspn(to, "\n")] = '\0';
	return to;
}

/* The word in brackets of "a [b] c". */
static const char *chosen_of(const char *path, char *to, size_t size)
{
	char line[256];
	const char *open = strchr(line_of(path, line, sizeof(line)), '[');
	const char *close = open ? strchr(open, ']') : NULL;

	to[0] = '\0';
	if (close)
		(void)snprintf(to, size, "%.*s", (int)(close - open - 1), open + 1);
	return to;
}

static void check_governor(struct list *list)
{
	char value[64];

	line_of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", value,
		sizeof(value));
	if (value[0] && strcmp(value, "performance"))
		add(list, "governor", "cpupower frequency-set -g performance", "%s",
		    value);
}

static void check_turbo(struct list *list)
{
	char value[16];

	if (!strcmp(line_of("/sys/devices/system/cpu/intel_pstate/no_turbo", value,
			    sizeof(value)),
		    "0") ||
	    !strcmp(line_of("/sys/devices/system/cpu/cpufreq/boost", value,
			    sizeof(value)),
		    "1"))
		add(list, "turbo",
		    "write 1 to intel_pstate/no_turbo, or 0 to cpufreq/boost, for equal "
		    "clocks",
		    "on");
}

static void check_smt(struct list *list)
{
	char value[16];

	if (!strcmp(line_of("/sys/devices/system/cpu/smt/active", value, sizeof(value)),
		    "1"))
		add(list, "SMT", "echo off > /sys/devices/system/cpu/smt/control",
		    "active");
}

static void check_memory(struct list *list)
{
	char value[64];

	if (!strcmp(chosen_of("/sys/kernel/mm/transparent_hugepage/enabled", value,
			      sizeof(value)),
		    "always"))
		add(list, "THP",
		    "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled",
		    "always");
	if (!strcmp(line_of("/sys/kernel/mm/ksm/run", value, sizeof(value)), "1"))
		add(list, "KSM", "echo 0 > /sys/kernel/mm/ksm/run", "running");
	if (line_of("/proc/swaps", value, sizeof(value))[0]) {
		cleanup(file) FILE *file = fopen("/proc/swaps", "re");
		char line[256];
		int lines = 0;

		while (file && fgets(line, sizeof(line), file))
			lines++;
		if (lines > 1)
			add(list, "swap", "swapoff -a while measuring",
			    "%d area(s) in use", lines - 1);
	}
}

static void check_damon(struct list *list)
{
	cleanup(dir) DIR *dir = opendir("/proc");
	const struct dirent *entry;
	char path[288], value[32];

	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] < '0' || entry->d_name[0] > '9')
			continue;
		(void)snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		if (strncmp(line_of(path, value, sizeof(value)), "kdamond", 7))
			continue;
		add(list, "DAMON",
		    "it pages out idle memory: keep page-cache experiments short, or "
		    "stop it "
		    "in /sys/kernel/mm/damon",
		    "%s runs", value);
		return;
	}
}

static void check_clock(struct list *list)
{
	char value[32];

	line_of("/sys/devices/system/clocksource/clocksource0/current_clocksource", value,
		sizeof(value));
	if (value[0] && strcmp(value, "tsc"))
		add(list, "clocksource",
		    "boot with clocksource=tsc tsc=reliable where the CPU has an "
		    "invariant TSC",
		    "%s", value);
}

static void check_load(struct list *list)
{
	double load = environment_load1();

	if (load > 0.5)
		add(list, "other load",
		    "stop what else runs, or give tare a longer --budget",
		    "load average %.2f", load);
}

static void check_battery(struct list *list)
{
	glob_t found;

	if (glob("/sys/class/power_supply/*/online", 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char value[8];

		if (!strcmp(line_of(found.gl_pathv[i], value, sizeof(value)), "0"))
			add(list, "power", "plug the machine in", "on battery");
	}
	globfree(&found);
}

static void check_virtual(struct list *list)
{
	cleanup(file) FILE *file = fopen("/proc/cpuinfo", "re");
	char line[8192];

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "flags", 5))
			continue;
		if (strstr(line, " hypervisor"))
			add(list, "virtual machine",
			    "ratios hold for this virtual machine only; measure on the "
			    "machine you will deploy on",
			    "this host is itself a guest");
		return;
	}
}

static void check_cpus(struct list *list)
{
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		add(list, "CPUs",
		    "give the machine a second CPU: the harness needs its own", "one");
}

size_t environment_noise(struct noise ret[static NOISE_MAX])
{
	struct list list = {.to = ret};

	check_governor(&list);
	check_turbo(&list);
	check_smt(&list);
	check_memory(&list);
	check_damon(&list);
	check_clock(&list);
	check_load(&list);
	check_battery(&list);
	check_virtual(&list);
	check_cpus(&list);
	return list.nr;
}
