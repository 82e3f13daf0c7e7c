/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/study/start.h"

int start_bound_measure(struct start_study *study, const struct start_bound *bound,
			uint64_t *ret_ns, struct err *err)
{
	struct spec spec = bound->of->spec;
	char id[64];

	(void)snprintf(id, sizeof(id), "%s-%u", study->places.owner,
		       study->places.next_instance++);
	spec.id = id;
	return bound->of->platform->driver->set_up(&spec, bound->hardware, ret_ns, err);
}

static int add_row(struct start_study *study, struct start_bound *bound, struct err *err)
{
	bound->as = *bound->of->platform;
	(void)snprintf(bound->name, sizeof(bound->name), "%.40s set-up%s",
		       bound->of->platform->name,
		       bound->hardware ? "" : " for emulation");
	bound->as.name = bound->name;
	return store_platform_add(study->session->store, study->session->run, &bound->as,
				  0, READY,
				  "before the first instruction of its kernel: nothing "
				  "of it is emulated",
				  &bound->row, err);
}

/* One that cannot be measured here is a remark. */
static int add_bound(struct start_study *study, struct place *place, bool hardware,
		     struct err *err)
{
	struct start_bound *bound = &study->bounds[study->bound_nr];
	uint64_t ignored_ns;
	int rc;

	if (study->bound_nr == START_BOUNDS_MAX)
		return 0;
	*bound = (struct start_bound){.of = place, .hardware = hardware};
	rc = start_bound_measure(study, bound, &ignored_ns, err);
	if (rc == -EINTR)
		return rc;
	if (rc) {
		progress_note(&study->session->progress, "no bound of %s's start: %s",
			      place->platform->name, err->text);
		err_clear(err);
		return 0;
	}
	rc = add_row(study, bound, err);
	study->bound_nr += !rc;
	return rc;
}

int start_bounds_open(struct start_study *study, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < study->places.nr; i++) {
		struct place *place = &study->places.list[i];

		if (!place->platform->driver->set_up || place->probe.state != EMULATED)
			continue;
		rc = add_bound(study, place, true, err);
		if (!rc)
			rc = add_bound(study, place, false, err);
	}
	return rc;
}

void start_bounds_add(struct start_study *study, struct start_cell *cell)
{
	for (size_t i = 0; i < study->bound_nr && cell->arm_nr < START_ARMS_MAX; i++) {
		cell->arms[cell->arm_nr] = study->bounds[i].of;
		cell->bounds[cell->arm_nr++] = &study->bounds[i];
	}
}
