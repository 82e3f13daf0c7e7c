/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counted events and start times as evidence: two groups of single values each. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/claims/claims_private.h"

#define VALUES_MAX 4096 /* of one side in one cell; more change no verdict */

/* clang-format off: SQL reads by its clauses */
/* cell, workload, platform, path, emulated, value: NULL where it was not counted */
#define COUNT_SQL(value)                                                             \
	"SELECT c.label, c.workload, p.name, p.path, p.state = 'emulated',"          \
	" 1.0 * (" value ") / s.ops FROM sample s JOIN arm a ON s.arm = a.id"        \
	" JOIN cell c ON a.cell = c.id JOIN platform p ON a.platform = p.id"         \
	" WHERE c.run = ?1 AND c.family = 'disk' AND s.outcome = 'ok' AND s.ops > 0" \
	" AND a.role IN ('baseline', 'platform') ORDER BY c.id, p.id, s.id"
static const char *const sqls[] = {
	[CLAIM_START] =
		"SELECT '', '', platform, '', emulated, open_to_hello_ns / 1e6"
		" FROM instance WHERE run = ?1 AND open_to_hello_ns > 0 ORDER BY id",
	[CLAIM_EXITS] = COUNT_SQL("s.account_exits"),
	[CLAIM_PORT_EXITS] = COUNT_SQL("s.account_io_exits"),
	[CLAIM_SWITCHES] = COUNT_SQL("s.account_voluntary + s.account_involuntary"),
};
/* clang-format on */

struct group {
	char cell[80], workload[48], platform[48], path[48];
	bool emulated, uncounted;
	double *values;
	size_t nr;
};
struct groups {
	struct group *list;
	size_t nr;
};

static void groups_release(struct groups *groups)
{
	for (size_t i = 0; i < groups->nr; i++)
		free(groups->list[i].values);
	free(groups->list);
}
CLEANUP_DEFINE(groups, struct groups *, groups_release)

static void copy_column(sqlite3_stmt *row, int column, char *to, size_t size)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	(void)snprintf(to, size, "%s", text ? text : "");
}

static bool is_same(const struct group *a, const struct group *b)
{
	return !strcmp(a->cell, b->cell) && !strcmp(a->platform, b->platform) &&
	       !strcmp(a->path, b->path);
}

static struct group *group_of(struct groups *groups, const struct group *wanted)
{
	struct group *grown;

	for (size_t i = 0; i < groups->nr; i++)
		if (is_same(&groups->list[i], wanted))
			return &groups->list[i];
	grown = reallocarray(groups->list, groups->nr + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	groups->list = grown;
	grown[groups->nr] = *wanted;
	return &grown[groups->nr++];
}

static int add_row(sqlite3_stmt *row, struct groups *groups)
{
	struct group wanted = {.emulated = sqlite3_column_int(row, 4)}, *group;
	double *grown;

	copy_column(row, 0, wanted.cell, sizeof(wanted.cell));
	copy_column(row, 1, wanted.workload, sizeof(wanted.workload));
	copy_column(row, 2, wanted.platform, sizeof(wanted.platform));
	copy_column(row, 3, wanted.path, sizeof(wanted.path));
	group = group_of(groups, &wanted);
	if (!group)
		return -ENOMEM;
	if (sqlite3_column_type(row, 5) == SQLITE_NULL) {
		group->uncounted = true;
		return 0;
	}
	if (group->nr == VALUES_MAX)
		return 0;
	grown = reallocarray(group->values, group->nr + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	group->values = grown;
	group->values[group->nr++] = sqlite3_column_double(row, 5);
	return 0;
}

static int read_groups(const struct evidence *evidence, enum claim_metric metric,
		       struct groups *ret, struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	sqlite3 *db = store_db(evidence->store);
	int rc = 0, state = SQLITE_DONE;

	if (sqlite3_prepare_v2(db, sqls[metric], -1, &query, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(db));
	(void)sqlite3_bind_int64(query, 1, evidence->run);
	while (!rc && (state = sqlite3_step(query)) == SQLITE_ROW)
		rc = add_row(query, ret);
	if (rc)
		return err_fail(err, ENOMEM, "no memory for a claim's evidence");
	return state == SQLITE_DONE ? 0
				    : err_fail(err, EIO, "cannot read the store: %s",
					       sqlite3_errmsg(db));
}

static bool is_side(const struct group *group, const struct claim_side *side)
{
	return !strcmp(group->platform, side->platform) &&
	       (!side->path || !group->path[0] || !strcmp(group->path, side->path));
}

static bool is_of_claim(const struct group *group, const struct claim *claim)
{
	if (claim->metric == CLAIM_START)
		return true;
	for (size_t i = 0; i < claim->cell_nr; i++)
		if (!strcmp(claim->cells[i], group->cell) ||
		    !strcmp(claim->cells[i], group->workload))
			return true;
	for (size_t i = 0; i < claim->family_nr; i++)
		if (!strcmp(claim->families[i], workload_family_name(FAMILY_DISK)))
			return true;
	return false;
}

static const struct group *other_of(const struct groups *groups,
				    const struct claim *claim, const struct group *group)
{
	for (size_t i = 0; i < groups->nr; i++)
		if (!strcmp(groups->list[i].cell, group->cell) &&
		    is_side(&groups->list[i], &claim->against))
			return &groups->list[i];
	return NULL;
}

/* A count is a count on an emulated host and guest too; a time is not. */
static const char *objection(const struct evidence *evidence, const struct claim *claim,
			     const struct group *a, const struct group *b)
{
	if (claim->metric != CLAIM_START)
		return a->uncounted || b->uncounted
			       ? "events were not counted: that takes hardware KVM and "
				 "debugfs"
			       : NULL;
	if (evidence->emulated_host)
		return "the host was emulated: its times mean nothing";
	if (a->emulated != b->emulated)
		return "only one side was emulated: that decides no order of times";
	return NULL;
}

static void judge(const struct evidence *evidence, const struct claim *claim,
		  const struct group *a, const struct group *b,
		  struct claim_reading *reading)
{
	const char *why = objection(evidence, claim, a, b);
	struct claim_interval interval;
	bool known = claim_welch(a->values, a->nr, b->values, b->nr, &reading->value,
				 &interval);

	if (known) {
		reading->low = interval.low;
		reading->high = interval.high;
	}
	if (why) {
		claim_say(reading->reason, "%s", why);
		return;
	}
	if (!known) {
		claim_say(reading->reason, "fewer than two values of each side");
		return;
	}
	reading->verdict = claim_judge_order(claim, interval);
	if (reading->verdict == CLAIM_INCONCLUSIVE)
		claim_say(reading->reason, "the interval is too wide: more samples");
}

static void name_group(const struct group *group, char to[96])
{
	(void)snprintf(to, 96, "%s%s%s", group->platform, group->path[0] ? ":" : "",
		       group->path);
}

static int add(const struct evidence *evidence, const struct claim *claim,
	       const struct group *group, const struct group *other,
	       struct readings *into)
{
	struct claim_reading *reading = readings_add(into, evidence);

	if (!reading)
		return -ENOMEM;
	(void)snprintf(reading->cell, sizeof(reading->cell), "%s", group->cell);
	name_group(group, reading->platform);
	name_group(other, reading->against);
	reading->emulated = group->emulated || other->emulated;
	reading->samples = group->nr;
	judge(evidence, claim, group, other, reading);
	return 0;
}

int claim_read_samples(const struct evidence *evidence, const struct claim *claim,
		       struct readings *into, struct err *err)
{
	struct groups groups = {0};
	cleanup(groups) struct groups *guard = &groups;
	int rc = read_groups(evidence, claim->metric, guard, err);

	for (size_t i = 0; !rc && i < groups.nr; i++) {
		const struct group *group = &groups.list[i], *other;

		if (!is_of_claim(group, claim) || !is_side(group, &claim->sides[0]))
			continue;
		other = other_of(&groups, claim, group);
		if (other && add(evidence, claim, group, other, into))
			rc = err_fail(err, ENOMEM, "no memory for a claim's evidence");
	}
	return rc;
}
