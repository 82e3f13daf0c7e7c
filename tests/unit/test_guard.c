/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a study stops: what the host's memory says. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/study/guard.h"
#include "tests/check.h"

#define GIB (1024.0 * 1048576)

static const struct guard guard = {
	.host_bytes = 6 * GIB,
	.most_pressure = 0.1,
	.last = {.available = 24 * GIB, .pressure = 0, .swapped = 100, .killed = 3}};

static void check_holds(struct room_memory now, enum stop_rule rule, double value)
{
	struct stop stop = {.rule = STOP_NONE};

	CHECK(guard_holds_in(&guard, &now, &stop) == (rule == STOP_NONE));
	CHECK_STR(stop_rule_name(stop.rule), stop_rule_name(rule));
	CHECK_NEAR(stop.value, value, 1e-9);
}

static void test_holds(void)
{
	check_holds(guard.last, STOP_NONE, 0);
	check_holds((struct room_memory){24 * GIB, 0.2, 100, 3}, STOP_PRESSURE, 0.2);
	/* a kernel that does not count it */
	check_holds((struct room_memory){24 * GIB, NAN, 100, 3}, STOP_NONE, 0);
	check_holds((struct room_memory){5 * GIB, 0, 100, 3}, STOP_MEMORY, 5 * GIB);
	check_holds((struct room_memory){24 * GIB, 0, 107, 3}, STOP_SWAP, 7);
	check_holds((struct room_memory){5 * GIB, 0.2, 107, 4}, STOP_KILL, 1);
}

static void test_admits(void)
{
	struct stop stop = {.rule = STOP_NONE};
	struct room_memory now = guard.last;

	now.available = 6.5 * GIB;
	CHECK(guard_admits_in(&guard, &now, 0.5 * GIB, &stop));
	CHECK(!stop_is_set(&stop));
	CHECK(!guard_admits_in(&guard, &now, GIB, &stop));
	CHECK_STR(stop.text, "no memory for one more: 6.50 GiB are available, 6 GiB stay "
			     "with the host and an instance may take 1 GiB");
	CHECK_NEAR(stop.limit, 7 * GIB, 1);
}

static void put(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/proc/%s", dir, name);
	file = fopen(path, "w");
	CHECK(file != NULL);
	if (!file)
		return;
	CHECK(fputs(text, file) >= 0);
	CHECK(!fclose(file));
}

static void make_proc(char *dir)
{
	char path[256];

	CHECK(mkdtemp(dir) != NULL);
	(void)snprintf(path, sizeof(path), "%s/proc", dir);
	CHECK(!mkdir(path, 0700));
	(void)snprintf(path, sizeof(path), "%s/proc/pressure", dir);
	CHECK(!mkdir(path, 0700));
}

static void remove_proc(const char *dir)
{
	static const char *const names[] = {
		"proc/pressure/memory", "proc/pressure", "proc/vmstat",
		"proc/meminfo",		"proc",		 ""};
	char path[256];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		CHECK(!remove(path));
	}
}

static void test_read(void)
{
	char dir[] = "/tmp/test_guard.XXXXXX";
	struct room_memory got;
	struct err err = {0};

	make_proc(dir);
	CHECK_INT(room_memory_read(dir, &got, &err), -ENODATA);
	put(dir, "meminfo", "MemTotal: 9 kB\nMemAvailable:   2048 kB\n");
	CHECK_INT(room_memory_read(dir, &got, &err), 0);
	CHECK_NEAR(got.available, 2097152, 0);
	CHECK(isnan(got.pressure));
	put(dir, "vmstat", "pswpin 5\npswpout 7\npswpinned 9\noom_kill 2\n");
	put(dir, "pressure/memory",
	    "some avg10=12.50 avg60=0.00 avg300=0.00 total=1\n"
	    "full avg10=1.00 avg60=0.00 avg300=0.00 total=1\n");
	CHECK_INT(room_memory_read(dir, &got, &err), 0);
	CHECK_INT(got.swapped, 12);
	CHECK_INT(got.killed, 2);
	CHECK_NEAR(got.pressure, 0.125, 1e-12);
	remove_proc(dir);
}

/* This machine has room for something. */
static void test_here(void)
{
	struct room room;
	struct err err = {0};

	CHECK_INT(room_read("/tmp", &room, &err), 0);
	CHECK(room.memory > 0 && room.tasks > 0 && room.files > 0 && room.disk >= 0);
	CHECK_INT(room_read("/nowhere", &room, &err), -ENOENT);
}

int main(void)
{
	test_holds();
	test_admits();
	test_read();
	test_here();
	return check_done();
}
