/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Claims against the runs of a store: the evidence of each, and what it comes to. */
#include "bench/claims/claims.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/claims/claims_private.h"

void claim_findings_release(struct claim_findings *findings)
{
	for (size_t i = 0; i < findings->nr; i++)
		free(findings->list[i].readings);
	free(findings->list);
	*findings = (struct claim_findings){0};
}

static void count_verdicts(const struct readings *readings,
			   size_t count[static CLAIM_VERDICT_NR])
{
	memset(count, 0, CLAIM_VERDICT_NR * sizeof(count[0]));
	for (size_t i = 0; i < readings->nr; i++)
		count[readings->list[i].verdict]++;
}

static bool decides(const struct readings *readings)
{
	size_t count[CLAIM_VERDICT_NR];

	count_verdicts(readings, count);
	return count[CLAIM_UNTESTABLE] < readings->nr;
}

/* --- why there is no evidence --- */

/* Is the host of this run too small for the claim? Says so. */
static bool is_too_small(const struct evidence *evidence, const struct claim *claim,
			 char reason[static CLAIM_REASON_MAX])
{
	if (claim->cpus > evidence->cpus) {
		claim_say(reason, "needs %u CPUs, the host of run %lld has %u",
			  claim->cpus, (long long)evidence->run, evidence->cpus);
		return true;
	}
	if (claim->packages > evidence->packages) {
		claim_say(reason, "needs %u CPU packages, the host of run %lld has %u",
			  claim->packages, (long long)evidence->run, evidence->packages);
		return true;
	}
	return false;
}

/* "tare memcg" fills the chapter "memcg". */
static bool has_chapter(struct store *store, const char *command)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	const char *chapter = strrchr(command, ' ');

	chapter = chapter ? chapter + 1 : command;
	if (sqlite3_prepare_v2(store_db(store),
			       "SELECT 1 FROM experiment WHERE chapter = ?1 LIMIT 1", -1,
			       &query, NULL) != SQLITE_OK)
		return false;
	(void)sqlite3_bind_text(query, 1, chapter, -1, SQLITE_STATIC);
	return sqlite3_step(query) == SQLITE_ROW;
}

static void explain_absence(struct store *store, const struct claim *claim,
			    char reason[static CLAIM_REASON_MAX])
{
	const struct claim_side *side = &claim->sides[0];

	if (claim->untestable)
		claim_say(reason, "%s", claim->untestable);
	else if (claim->command && has_chapter(store, claim->command))
		claim_say(reason, "'%s' has no finding on it here", claim->command);
	else if (claim->command)
		claim_say(reason, "run '%s'", claim->command);
	else if (claim->metric == CLAIM_START)
		claim_say(reason, "not both of %s and %s were started", side->platform,
			  claim->against.platform ? claim->against.platform : "bare");
	else
		claim_say(reason,
			  "no run has such a cell on %s%s%s; 'tare run claims' "
			  "makes those that can run here",
			  side->platform, side->path ? ":" : "",
			  side->path ? side->path : "");
}

/* --- what the evidence comes to --- */

/* "reproduced in 2 of 5: seqread, …; contradicted in 1: …" */
struct sentence {
	char *at;
	size_t left;
	const char *between;
};

static void say(struct sentence *sentence, const char *text)
{
	int length = snprintf(sentence->at, sentence->left, "%s", text);
	size_t used = length > 0 ? (size_t)length : 0;

	if (used >= sentence->left)
		used = sentence->left ? sentence->left - 1 : 0;
	sentence->at += used;
	sentence->left -= used;
}

#define CELLS_NAMED 6
static void say_group(struct sentence *sentence, const struct readings *readings,
		      enum claim_verdict verdict, size_t nr)
{
	char head[96];
	size_t named = 0;

	if (!nr)
		return;
	(void)snprintf(head, sizeof(head), "%s%s in %zu of %zu: ", sentence->between,
		       claim_verdict_name(verdict), nr, readings->nr);
	say(sentence, head);
	sentence->between = "; ";
	for (size_t i = 0; i < readings->nr && named < CELLS_NAMED; i++) {
		const struct claim_reading *reading = &readings->list[i];

		if (reading->verdict != verdict)
			continue;
		say(sentence, named++ ? ", " : "");
		say(sentence, reading->cell[0] ? reading->cell : reading->platform);
	}
	say(sentence, nr > named ? ", …" : "");
}

static void explain_many(const struct readings *readings,
			 const size_t count[static CLAIM_VERDICT_NR],
			 char reason[static CLAIM_REASON_MAX])
{
	struct sentence sentence = {reason, CLAIM_REASON_MAX, ""};

	for (int verdict = CLAIM_VERDICT_NR - 1; verdict >= 0; verdict--)
		say_group(&sentence, readings, (enum claim_verdict)verdict,
			  count[verdict]);
}

static bool is_stand_in(const struct claim *claim, const struct readings *readings)
{
	size_t length = strlen(claim->sides[0].platform);
	const char *platform = readings->list[0].platform;

	return strncmp(platform, claim->sides[0].platform, length) != 0 ||
	       (platform[length] && platform[length] != ':');
}

static void say_stand_in(struct claim_finding *finding, const char *platform)
{
	char rest[CLAIM_REASON_MAX];

	claim_say(rest, "%s", finding->reason);
	claim_say(finding->reason, "%s stands in for %s%s%s", platform,
		  finding->claim->sides[0].platform, rest[0] ? "; " : "", rest);
}

/* One reading speaks for itself; several are counted. */
static void conclude(struct claim_finding *finding, const struct readings *readings)
{
	size_t count[CLAIM_VERDICT_NR];

	count_verdicts(readings, count);
	finding->verdict = claim_combine(count, finding->claim->every);
	if (readings->nr == 1 || count[CLAIM_UNTESTABLE] == readings->nr)
		claim_say(finding->reason, "%s", readings->list[0].reason);
	else
		explain_many(readings, count, finding->reason);
	if (finding->claim->side_nr && is_stand_in(finding->claim, readings))
		say_stand_in(finding, readings->list[0].platform);
}

static int read_run(struct evidence *evidence, const struct claim *claim,
		    struct readings *into, char reason[static CLAIM_REASON_MAX],
		    struct err *err)
{
	int rc = claim_read_experiments(evidence, claim, into, err);

	if (rc || !claim->side_nr || claim->untestable ||
	    is_too_small(evidence, claim, reason))
		return rc;
	return claim->metric == CLAIM_PERFORMANCE
		       ? claim_read_ratios(evidence, claim, into, err)
		       : claim_read_samples(evidence, claim, into, err);
}

/* The first run that decides anything; else the first that says why not. */
static int find_evidence(struct store *store, struct evidence *runs, size_t run_nr,
			 struct claim_finding *ret, struct err *err)
{
	struct readings kept = {0};
	int rc = 0;

	for (size_t i = 0; !rc && i < run_nr && !(kept.nr && decides(&kept)); i++) {
		struct readings found = {0};

		rc = read_run(&runs[i], ret->claim, &found, ret->reason, err);
		if (!rc && found.nr && (!kept.nr || decides(&found))) {
			free(kept.list);
			kept = found;
		} else {
			free(found.list);
		}
	}
	if (rc) {
		free(kept.list);
		return rc;
	}
	if (kept.nr)
		conclude(ret, &kept);
	else if (!ret->reason[0])
		explain_absence(store, ret->claim, ret->reason);
	ret->readings = kept.list;
	ret->nr = kept.nr;
	return 0;
}

static int open_runs(struct store *store, const int64_t *runs, size_t nr,
		     struct evidence *ret, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < nr; i++)
		rc = evidence_open(store, runs[i], &ret[i], err);
	return rc;
}

int claims_evaluate(struct store *store, const int64_t *runs, size_t run_nr,
		    const struct claim_set *set, struct claim_findings *ret,
		    struct err *err)
{
	cleanup(free) struct evidence *evidence = calloc(run_nr + 1, sizeof(*evidence));
	struct claim_findings findings = {
		.list = calloc(set->nr + 1, sizeof(*findings.list)), .nr = set->nr};
	int rc = 0;

	if (!evidence || !findings.list)
		rc = err_fail(err, ENOMEM, "no memory for claims");
	if (!rc)
		rc = open_runs(store, runs, run_nr, evidence, err);
	for (size_t i = 0; !rc && i < set->nr; i++) {
		findings.list[i].claim = &set->list[i];
		rc = find_evidence(store, evidence, run_nr, &findings.list[i], err);
	}
	for (size_t i = 0; evidence && i < run_nr; i++)
		evidence_release(&evidence[i]);
	if (rc && findings.list)
		claim_findings_release(&findings);
	if (!rc)
		*ret = findings;
	return rc;
}

int claims_runs(struct store *store, int64_t first, int64_t **ret, size_t *nr,
		struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	cleanup(free) int64_t *list = NULL;
	size_t count = 0;
	int state;

	if (sqlite3_prepare_v2(store_db(store),
			       "SELECT id FROM run ORDER BY id = ?1 DESC, id DESC", -1,
			       &query, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(store_db(store)));
	(void)sqlite3_bind_int64(query, 1, first);
	while ((state = sqlite3_step(query)) == SQLITE_ROW) {
		int64_t *grown = reallocarray(list, count + 1, sizeof(*grown));

		if (!grown)
			return err_fail(err, ENOMEM, "no memory for a list of runs");
		list = grown;
		list[count++] = sqlite3_column_int64(query, 0);
	}
	if (state != SQLITE_DONE)
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(store_db(store)));
	*ret = take_ptr(list);
	*nr = count;
	return 0;
}
