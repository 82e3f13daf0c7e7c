/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "drivers/driver.h"
#include "tests/check.h"

static const struct setting_def no_settings[] = {{0}};
static const struct path_def two_paths[] = {{"ide", ""}, {"virtio", ""}, {0}};
static const struct path_def no_paths[] = {{0}};

static int any(struct instance *instance, struct err *err)
{
	(void)instance;
	(void)err;
	return 0;
}
static void any_close(struct instance *instance)
{
	(void)instance;
}

/* A complete one; tests make holes in it. */
static struct driver whole = {
	.name = "whole",
	.summary = "",
	.settings = no_settings,
	.paths = two_paths,
	.probe = (int (*)(const struct spec *, struct probe *, struct err *))(void *)any,
	.open = (int (*)(const struct spec *, struct instance **, struct err *))(
		void *)any,
	.start = (int (*)(struct instance *, struct start *, struct err *))(void *)any,
	.pause = any,
	.resume = any,
	.observe = (int (*)(struct instance *, struct facts *, struct err *))(void *)any,
	.account =
		(int (*)(struct instance *, struct account *, struct err *))(void *)any,
	.target = (const char *(*)(const struct instance *, size_t))(void *)any,
	.stop = any,
	.close = any_close,
	.reap = (int (*)(size_t *, struct err *))(void *)any,
};
const struct driver *const drivers[] = {&whole};
const size_t driver_nr = 1;

static void test_find(void)
{
	CHECK(driver_find("whole") == &whole);
	CHECK(driver_find("whol") == NULL); /* no prefixes */
	CHECK(driver_find("whole ") == NULL);
	CHECK(driver_find("Whole") == NULL);
	CHECK(driver_find("") == NULL);
	CHECK_INT(driver_path(&whole, "ide"), 0);
	CHECK_INT(driver_path(&whole, "virtio"), 1);
	CHECK_INT(driver_path(&whole, "virt"), -1);
	CHECK_INT(driver_path(&whole, ""), -1);
}

static void check_hole(const char *name)
{
	struct err err = {0};
	char text[64];

	(void)snprintf(text, sizeof(text), "driver 0 ('whole') has no %s", name);
	CHECK_INT(driver_check(&err), -EINVAL);
	CHECK_STR(err.text, text);
}

/* Each required field, taken away in turn, is named. */
#define CHECK_HOLE(field)                       \
	do {                                    \
		__auto_type kept = whole.field; \
		whole.field = NULL;             \
		check_hole(#field);             \
		whole.field = kept;             \
	} while (0)

static void test_check(void)
{
	struct err err = {0};

	CHECK_INT(driver_check(&err), 0);
	CHECK_STR(err.text, "");
	CHECK_HOLE(summary);
	CHECK_HOLE(settings);
	CHECK_HOLE(paths);
	CHECK_HOLE(probe);
	CHECK_HOLE(open);
	CHECK_HOLE(start);
	CHECK_HOLE(pause);
	CHECK_HOLE(resume);
	CHECK_HOLE(observe);
	CHECK_HOLE(account);
	CHECK_HOLE(target);
	CHECK_HOLE(stop);
	CHECK_HOLE(close);
	CHECK_HOLE(reap);
	whole.paths = no_paths;
	check_hole("paths");
	whole.paths = two_paths;
	CHECK_INT(driver_check(&err), 0);
}

static void test_settings(void)
{
	struct setting list[] = {{"cache", "none"},
				 {"msize", "500KiB"},
				 {"kernel", NULL},
				 {"pinned", "yes"},
				 {"shared", "no"}};
	char name[] = "p";
	struct platform platform = {
		.name = name, .driver = &whole, .settings = list, .setting_nr = 4};

	CHECK_STR(platform_setting(&platform, "cache"), "none");
	CHECK_STR(platform_setting(&platform, "kernel"), NULL);
	CHECK_STR(platform_setting(&platform, "other"), NULL);
	CHECK_INT(platform_setting_bytes(&platform, "msize"), 500 * 1024);
	CHECK_INT(platform_setting_bytes(&platform, "kernel"), 0);
	CHECK(platform_setting_bool(&platform, "pinned"));
	CHECK(!platform_setting_bool(&platform, "shared"));
	CHECK(!platform_setting_bool(&platform, "kernel"));
}

static void test_facts(void)
{
	struct facts facts = {0};
	char name[] = "memory", got[] = "1";

	CHECK_INT(facts_add(&facts, name, "1", got, "memory.max"), 0);
	CHECK_INT(facts_add(&facts, "kernel", NULL, "6.1", "uname"), 0);
	name[0] = got[0] = 'x'; /* they are copies */
	CHECK_INT(facts.nr, 2);
	CHECK_STR(facts.list[0].name, "memory");
	CHECK_STR(facts.list[0].asked, "1");
	CHECK_STR(facts.list[0].got, "1");
	CHECK_STR(facts.list[1].asked, NULL);
	CHECK_STR(facts.list[1].source, "uname");
	facts_release(&facts);
	CHECK_INT(facts.nr, 0);
	facts_release(&facts);
}

static void test_readiness(void)
{
	CHECK_STR(readiness_name(READY), "ready");
	CHECK_STR(readiness_name(EMULATED), "emulated");
	CHECK_STR(readiness_name(UNAVAILABLE), "unavailable");
}

int main(void)
{
	test_find();
	test_check();
	test_settings();
	test_facts();
	test_readiness();
	return check_done();
}
