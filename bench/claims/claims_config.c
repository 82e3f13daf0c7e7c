/* SPDX-License-Identifier: GPL-3.0-or-later */
/* configs/claims/<name>.yaml → claims; strict, every error with file:line. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/claims/claims_keys.h"
#include "bench/base/cleanup.h"
#include "bench/config/config_dir.h"

#define CLAIMS_MAX 512

static void side_release(struct claim_side *side)
{
	free(side->platform);
	free(side->path);
}

static void words_release(char **words, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		free(words[i]);
	free(words);
}

static void claim_release(struct claim *claim)
{
	char *const texts[] = {claim->id,	  claim->says, claim->source,
			       claim->confidence, claim->file, claim->conditions,
			       claim->command,	  claim->mark, claim->untestable,
			       claim->relative_to};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(texts[i]);
	for (size_t i = 0; i < claim->side_nr; i++)
		side_release(&claim->sides[i]);
	side_release(&claim->against);
	words_release(claim->cells, claim->cell_nr);
	words_release(claim->families, claim->family_nr);
}

static void shrink(struct claim_set *set, size_t nr)
{
	while (set->nr > nr)
		claim_release(&set->list[--set->nr]);
}

void claims_release(struct claim_set *set)
{
	shrink(set, 0);
	free(set->list);
	*set = (struct claim_set){0};
}

static bool has(struct yaml_at at, const char *key)
{
	for (size_t i = 0; i < yaml_size(at); i++)
		if (!strcmp(yaml_pair(at, i).key, key))
			return true;
	return false;
}

/* What the kinds need, so that a claim cannot be tested in a way that was not meant. */
static int check_measured(struct yaml_at at, const struct claim *claim, struct err *err)
{
	bool time = claim->kind == CLAIM_TIME, counts = claim->metric >= CLAIM_EXITS;
	bool cells = claim->cell_nr || claim->family_nr;

	if (!claim->side_nr)
		return yaml_fail(at, err, EINVAL, "key 'platform' is missing");
	if (time && (isnan(claim->claimed) || isnan(claim->tolerance)))
		return yaml_fail(at, err, EINVAL,
				 "kind 'time' needs 'claimed' and 'tolerance'");
	if (!time && !has(at, "order"))
		return yaml_fail(at, err, EINVAL, "kind '%s' needs 'order'",
				 claim_kind_name(claim->kind));
	if (claim->kind == CLAIM_COUNT && (!counts || !claim->against.platform))
		return yaml_fail(at, err, EINVAL,
				 "kind 'count' needs 'against' and a counted 'metric'");
	if (claim->kind != CLAIM_COUNT && counts)
		return yaml_fail(at, err, EINVAL, "only kind 'count' counts events");
	if (claim->metric == CLAIM_START ? cells : !cells)
		return yaml_fail(at, err, EINVAL,
				 claim->metric == CLAIM_START
					 ? "a start has no cells"
					 : "key 'cells' or 'families' is missing");
	return 0;
}

static int check(struct yaml_at at, const struct claim *claim, struct err *err)
{
	if (!claim->source)
		return yaml_fail(at, err, EINVAL,
				 "neither it nor the file has a 'source'");
	if (claim->untestable || (claim->command && !claim->side_nr))
		return 0;
	if (claim->kind == CLAIM_BEHAVIOUR)
		return yaml_fail(at, err, EINVAL,
				 "kind 'behaviour' needs 'command' or 'untestable'");
	return check_measured(at, claim, err);
}

/* What is read, and what the file says of all its claims. */
struct reading {
	struct claim_set *set;
	const char *file;
	char *source;
};

static int check_id(struct yaml_at at, const struct claim_set *set, struct err *err)
{
	const struct claim *claim = &set->list[set->nr - 1];

	for (size_t i = 0; i + 1 < set->nr; i++)
		if (!strcmp(set->list[i].id, claim->id))
			return yaml_fail(at, err, EEXIST, "id '%s' is taken by %s:%d",
					 claim->id, set->list[i].file, set->list[i].line);
	return 0;
}

static int complete(struct yaml_at at, const struct reading *reading, struct claim *claim,
		    struct err *err)
{
	claim->line = yaml_line(at);
	claim->file = strdup(reading->file);
	if (!claim->source && reading->source)
		claim->source = strdup(reading->source);
	if (!claim->file || (reading->source && !claim->source))
		return err_fail(err, ENOMEM, "no memory for a claim");
	return check(at, claim, err);
}

static int add_claim(struct yaml_at at, void *into, struct err *err)
{
	struct reading *reading = into;
	struct claim_set *set = reading->set;
	struct claim *grown, *claim;
	int rc;

	if (set->nr == CLAIMS_MAX)
		return yaml_fail(at, err, E2BIG, "more than %d claims", CLAIMS_MAX);
	grown = reallocarray(set->list, set->nr + 1, sizeof(*grown));
	if (!grown)
		return err_fail(err, ENOMEM, "no memory for claims");
	set->list = grown;
	claim = &set->list[set->nr++];
	*claim = (struct claim){.claimed = NAN, .tolerance = NAN};
	rc = yaml_read_map(at, claim_keys, claim, err);
	if (!rc)
		rc = complete(at, reading, claim, err);
	return rc ? rc : check_id(at, set, err);
}

static int read_file_source(struct yaml_at at, void *into, struct err *err)
{
	return yaml_copy(at, &((struct reading *)into)->source, err);
}

static int read_claims(struct yaml_at at, void *into, struct err *err)
{
	return yaml_read_list(at, add_claim, into, err);
}

/* In this order in the file, too: what all claims share comes first. */
static const struct yaml_key file_keys[] = {
	{"source", read_file_source, false},
	{"claims", read_claims, true},
	{0},
};

CLEANUP_DEFINE(yaml, struct yaml *, yaml_close)

int claims_parse(const char *file, const char *text, struct claim_set *set,
		 struct err *err)
{
	struct reading reading = {.set = set, .file = file};
	cleanup(yaml) struct yaml *yaml = NULL;
	size_t before = set->nr;
	int rc = text ? yaml_open_text(file, text, strlen(text), &yaml, err)
		      : yaml_open(file, &yaml, NULL, err);

	if (!rc)
		rc = yaml_read_map(yaml_root(yaml), file_keys, &reading, err);
	free(reading.source);
	if (rc)
		shrink(set, before);
	return rc;
}

CLEANUP_DEFINE(set, struct claim_set *, claims_release)

int claims_load(const char *config_dir, struct claim_set *ret, struct err *err)
{
	struct claim_set set = {0};
	cleanup(set) struct claim_set *guard = &set;
	struct config_names names;
	int rc = config_dir_list(config_dir, "claims", &names, err);

	for (size_t i = 0; !rc && i < names.nr; i++) {
		cleanup(free) char *file =
			config_dir_file(config_dir, "claims", names.list[i]);

		rc = file ? claims_parse(file, NULL, &set, err)
			  : err_fail(err, ENOMEM, "no memory for claims");
	}
	if (rc)
		return rc;
	*ret = set;
	guard = NULL;
	return 0;
}
