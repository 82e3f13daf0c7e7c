/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/results/sample.h"
#include "bench/store/store_schema.h"
#include "tests/check.h"

/* The schema lists every outcome, each name once. */
static void test_names(void)
{
	char quoted[64];

	for (int i = 0; i < OUTCOME_NR; i++) {
		const char *name = outcome_name((enum outcome)i);

		CHECK(name && *name);
		(void)snprintf(quoted, sizeof(quoted), "'%s'", name);
		CHECK(strstr(strstr(store_schema, "outcome IN"), quoted) != NULL);
		for (int j = 0; j < i; j++)
			CHECK(strcmp(outcome_name((enum outcome)j), name) != 0);
	}
	CHECK_STR(outcome_name(OUTCOME_OK), "ok");
}

int main(void)
{
	test_names();
	return check_done();
}
