/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench/claims/claims.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is accepted is whole: no rule meets a claim that it cannot judge. */
static void check(const struct claim *claim)
{
	if (!claim->id || !claim->says || !claim->source || !claim->confidence ||
	    !claim->conditions || claim->line < 1 || claim->side_nr > CLAIM_SIDES_MAX)
		abort();
	if (claim->untestable || claim->command)
		return;
	if (claim->kind == CLAIM_BEHAVIOUR || !claim->side_nr)
		abort();
	if (claim->kind == CLAIM_TIME &&
	    (!(claim->claimed > 0) || !(claim->tolerance > 0) || claim->tolerance >= 1))
		abort();
}

/* A failure adds nothing and says where. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct claim_set set = {0};
	struct err err = {0};
	int rc;

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	rc = claims_parse("f.yaml", text, &set, &err);
	if (rc ? set.nr || !strchr(err.text, ':') || rc != -err.code : !set.nr)
		abort();
	for (size_t i = 0; i < set.nr; i++)
		check(&set.list[i]);
	claims_release(&set);
	free(text);
	return 0;
}
