/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench/config/config_study.h"
#include "tests/unit/tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A failure leaves nothing behind and says where. */
static void check(int rc, const struct err *err, const void *made)
{
	if (rc ? made || !strchr(err->text, ':') || rc != -err->code : !made)
		abort();
}

static void try_suite(const char *text)
{
	struct suite suite = {0};
	struct err err = {0};
	int rc = suite_parse("f.yaml", text, &suite, &err);

	check(rc, &err, suite.name);
	if (!rc && (!suite.workload_nr || !suite.budget_ns || !(suite.precision > 0) ||
		    suite.native_epochs < 2 || suite.disk_blocks < 2))
		abort();
	suite_release(&suite);
}

static void try_study(const char *text, const struct study_kind *kind)
{
	struct study_head *head = calloc(1, kind->size);
	struct err err = {0};
	int rc;

	if (!head)
		abort();
	rc = study_parse("f.yaml", text, kind, head, &err);
	check(rc, &err, head->suite.name);
	if (!rc && (!head->suite.budget_ns || !head->memory_bytes))
		abort();
	suite_release(&head->suite);
	free(head);
}

static void try_platform(const char *text)
{
	struct platform_set set = {0};
	struct platform platform = {0};
	struct err err = {0};
	int rc = platform_parse("f.yaml", text, &platform, &err);

	check(rc, &err, platform.name);
	if (rc)
		return;
	if (!platform.driver)
		abort();
	set.list = malloc(sizeof(platform));
	set.nr = 1;
	if (!set.list)
		abort();
	set.list[0] = platform;
	platform_set_release(&set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	try_suite(text);
	try_platform(text);
	try_study(text, &study_start);
	try_study(text, &study_footprint);
	try_study(text, &study_density);
	try_study(text, &study_neighbours);
	free(text);
	return 0;
}
