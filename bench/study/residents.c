/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "bench/study/residents.h"

static int alloc_list(struct residents *residents, struct err *err)
{
	if (!residents->list)
		residents->list = calloc(RESIDENTS_MAX, sizeof(*residents->list));
	return residents->list ? 0 : err_fail(err, ENOMEM, "no memory for instances");
}

static bool is_admitted(struct session *session, const struct place *what,
			struct residents *residents)
{
	if (!residents->guard ||
	    guard_admits(residents->guard, (double)what->spec.memory_bytes,
			 &residents->stop))
		return true;
	progress_note(&session->progress, "no more than %u instances of %s: %s",
		      residents->nr, what->platform->name, residents->stop.text);
	residents->failed = true;
	return false;
}

/* One place up to k; what does not start is a remark, not the study's end. */
static int grow(struct session *session, struct places *places, const struct place *what,
		struct residents *residents, unsigned k, struct err *err)
{
	struct place at = *what;
	int rc = 0;

	while (!rc && residents->nr < k && residents->nr < RESIDENTS_MAX) {
		if (!is_admitted(session, what, residents))
			return 0;
		progress_show(&session->progress, residents->nr, k, what->platform->name,
			      "starting idle instances", 0);
		if (residents->cpu_nr)
			at.spec.cpus =
				&residents->cpus[residents->nr % residents->cpu_nr];
		rc = places_start(places, &at, &residents->list[residents->nr], err);
		if (!rc)
			residents->nr++;
	}
	if (!rc || rc == -EINTR || *session->options->stop)
		return rc;
	progress_note(&session->progress, "no more than %u instances of %s: %s",
		      residents->nr, what->platform->name, err->text);
	residents->failed = true;
	err_clear(err);
	return 0;
}

int residents_set_one(struct session *session, struct places *places, size_t place,
		      struct residents *residents, unsigned k, struct err *err)
{
	int rc = alloc_list(residents, err);

	return rc ? rc : grow(session, places, &places->list[place], residents, k, err);
}

int residents_set(struct session *session, struct places *places,
		  struct residents *residents, unsigned k, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < places->nr; i++)
		if (!residents[i].failed)
			rc = residents_set_one(session, places, i, &residents[i], k, err);
	return rc;
}

void residents_release(struct residents *residents, size_t place_nr)
{
	for (size_t i = 0; i < place_nr; i++) {
		while (residents[i].nr)
			runner_release(&residents[i].list[--residents[i].nr]);
		free(residents[i].list);
		residents[i].list = NULL;
	}
}

int residents_focus(const struct places *places, struct residents *residents,
		    const struct place *place, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < places->nr; i++) {
		bool wanted = &places->list[i] == place;

		for (unsigned j = 0; !rc && j < residents[i].nr; j++)
			rc = wanted ? runner_resume(&residents[i].list[j], err)
				    : runner_pause(&residents[i].list[j], err);
	}
	return rc;
}
