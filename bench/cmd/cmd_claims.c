/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <stdio.h>
#include <string.h>

#include "bench/claims/claims.h"
#include "bench/claims/claims_show.h"
#include "bench/base/cleanup.h"
#include "bench/results/results.h"

CLEANUP_DEFINE(set, struct claim_set *, claims_release)
CLEANUP_DEFINE(findings, struct claim_findings *, claim_findings_release)

/* One run where it is named, else all of the store. */
static int choose_runs(const struct options *options, struct store *store, int64_t **ret,
		       size_t *nr, struct err *err)
{
	int64_t run = 0;
	int rc;

	if (!options->argc)
		return claims_runs(store, 0, ret, nr, err);
	rc = results_run_find(store, options->argv[0], &run, err);
	if (!rc)
		rc = claims_runs(store, run, ret, nr, err);
	if (!rc)
		*nr = 1;
	return rc;
}

static int show(const struct options *options, const struct claim_findings *findings,
		struct err *err)
{
	switch (options->format) {
	case FORMAT_JSON:
		return claims_show_json(findings, err);
	case FORMAT_CSV:
		return claims_show_csv(findings, err);
	default:
		return claims_show_text(findings, err);
	}
}

static int test_claims(const struct options *options, struct store *store,
		       struct err *err)
{
	struct claim_set set = {0};
	cleanup(set) struct claim_set *set_guard = &set;
	struct claim_findings findings = {0};
	cleanup(findings) struct claim_findings *guard = &findings;
	cleanup(free) int64_t *runs = NULL;
	size_t nr = 0;
	int rc = claims_load(options->config, set_guard, err);

	if (!rc)
		rc = choose_runs(options, store, &runs, &nr, err);
	if (!rc)
		rc = claims_evaluate(store, runs, nr, &set, guard, err);
	return rc ? rc : show(options, &findings, err);
}

static int run(const struct options *options)
{
	cleanup(store) struct store *store = NULL;
	struct err err = {0};
	int rc = store_open(options->store, STORE_READ, &store, &err);

	if (!rc)
		rc = test_claims(options, store, &err);
	if (rc)
		fprintf(stderr, "tare: %s\n", err.text);
	return rc ? EXIT_USAGE : EXIT_DONE;
}

const struct command cmd_claims = {
	.name = "claims",
	.arguments = "[RUN]",
	.summary = "published numbers against those of the store",
	.help = "For every claim in configs/claims: reproduced, contradicted, "
		"inconclusive "
		"or not\n"
		"testable here, with the measured ratio and the reason. Without RUN the "
		"evidence\n"
		"for each claim is the newest run that can test it. 'tare run claims' "
		"measures the\n"
		"cells that the claims are about; nothing is measured here.\n",
	.accepts = "store format config",
	.run = run,
};
