/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/clock.h"
#include "drivers/driver.h"

static void fact_release(struct fact *fact)
{
	free(fact->name);
	free(fact->asked);
	free(fact->got);
	free(fact->source);
}

int facts_add(struct facts *facts, const char *name, const char *asked, const char *got,
	      const char *source)
{
	struct fact fact = {.name = strdup(name),
			    .asked = asked ? strdup(asked) : NULL,
			    .got = strdup(got),
			    .source = strdup(source)};
	struct fact *grown = reallocarray(facts->list, facts->nr + 1, sizeof(*grown));

	if (grown)
		facts->list = grown;
	if (!grown || !fact.name || !fact.got || !fact.source || (asked && !fact.asked)) {
		fact_release(&fact);
		return -ENOMEM;
	}
	facts->list[facts->nr++] = fact;
	return 0;
}

void facts_release(struct facts *facts)
{
	for (size_t i = 0; i < facts->nr; i++)
		fact_release(&facts->list[i]);
	free(facts->list);
	facts->list = NULL;
	facts->nr = 0;
}

void phase_log_note(struct phase_log *phases, const char *name)
{
	if (!phases || phases->nr == PHASES_MAX)
		return;
	phases->list[phases->nr].name = name;
	phases->list[phases->nr++].end_ns = clock_now_ns();
}
