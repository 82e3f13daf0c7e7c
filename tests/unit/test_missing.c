/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/results/missing.h"
#include "tests/check.h"

/* A platform that is ready, without a sample. */
static struct result *add(struct results *results, int64_t cell, const char *family,
			  const char *platform, const char *role)
{
	struct result *grown =
		reallocarray(results->list, results->nr + 1, sizeof(*grown));

	if (!grown)
		abort();
	results->list = grown;
	grown += results->nr++;
	memset(grown, 0, sizeof(*grown));
	grown->cell = cell;
	grown->label = strdup(cell == 1 ? "int" : "randread");
	grown->family = strdup(family);
	grown->platform = strdup(platform);
	grown->path = strdup("bind");
	grown->role = strdup(role);
	grown->state = strdup("ready");
	return grown;
}

static void says(const struct results *results, const char *want)
{
	cleanup(free) char *text = NULL;
	struct err err = {0};

	CHECK_INT(missing_text(results, &text, &err), 0);
	CHECK_STR(text, want);
}

static void test_which(void)
{
	struct results results = {0};

	(void)add(&results, 1, "cpu", "bare", "baseline");
	says(&results, "");
	add(&results, 1, "cpu", "cgroup", "platform")->known = true;
	(void)add(&results, 1, "cpu", "lxc", "platform");
	says(&results, "int on lxc");
	results.list[1].known = false;
	(void)add(&results, 2, "disk", "lxc", "platform");
	(void)add(&results, 2, "disk", "bare", "aa");
	says(&results, "int on cgroup, lxc; randread on lxc:bind, bare:bind (aa)");
	results_release(&results);
}

/* More time would be no help. */
static void test_failed(void)
{
	struct results results = {0};
	struct result *lxc;

	add(&results, 1, "cpu", "cgroup", "platform")->outcomes[OUTCOME_FAILED] = 1;
	lxc = add(&results, 1, "cpu", "lxc", "platform");
	lxc->outcomes[OUTCOME_OK] = 4;
	says(&results, "int on lxc");
	lxc->cached_known = true;
	says(&results, "");
	lxc->cached_known = false;
	free(lxc->state);
	lxc->state = strdup("unavailable");
	says(&results, "");
	results_release(&results);
}

int main(void)
{
	test_which();
	test_failed();
	return check_done();
}
