/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/places.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/plan/plan_select.h"

static void fill_spec(const struct session *session, const struct places *places,
		      struct place *place, uint64_t memory_bytes)
{
	place->spec = (struct spec){
		.id = session->owner,
		.platform = place->platform,
		.image = session->image,
		.cpus = &places->cpu,
		.cpu_nr = 1,
		.service_cpu = places->service_cpu,
		.memory_bytes = memory_bytes,
		.paths = place->paths,
		.emulation_allowed = true,
		.run_dir = session->run_dir,
		.stop = session->options->stop,
	};
}

/* What a probe cannot say is a reason too. */
static int probe_place(struct session *session, struct place *place, struct err *err)
{
	const struct platform *platform = place->platform;
	int rc;

	progress_show(&session->progress, 0, 0, platform->name, "probing", 0);
	rc = platform->driver->probe(&place->spec, &place->probe, err);
	if (!rc && *session->options->stop)
		rc = err_fail(err, EINTR, "interrupted");
	if (rc == -EINTR)
		return rc;
	if (rc) {
		place->probe.state = UNAVAILABLE;
		(void)snprintf(place->probe.reason, sizeof(place->probe.reason), "%.380s",
			       err->text);
		err_clear(err);
	}
	if (place->probe.state == UNAVAILABLE)
		progress_note(&session->progress, "%s is unavailable: %s", platform->name,
			      place->probe.reason);
	return store_platform_add(session->store, session->run, platform, 0,
				  place->probe.state, place->probe.reason, &place->row,
				  err);
}

static int add_place(struct session *session, struct places *places,
		     const struct platform *platform, const bool *selected,
		     uint64_t memory_bytes, struct err *err)
{
	struct place *place = &places->list[places->nr];
	int rc;

	*place = (struct place){.platform = platform,
				.baseline = platform->driver == drivers[0]};
	memcpy(place->selected, selected, sizeof(place->selected));
	fill_spec(session, places, place, memory_bytes);
	rc = probe_place(session, place, err);
	if (rc)
		return rc;
	if (place->baseline && place->probe.state == UNAVAILABLE)
		return err_fail(err, ENODEV, "the baseline cannot run here: %s",
				place->probe.reason);
	places->nr += place->probe.state != UNAVAILABLE;
	return 0;
}

/* The set is in the order of the drivers' table, so the baseline comes first. */
static int add_selected(struct session *session, const struct selected *selected,
			uint64_t memory_bytes, struct places *places, struct err *err)
{
	const struct platform_set *set = &session->platforms;
	int rc = 0;

	for (size_t i = 0; !rc && i < set->nr; i++)
		if (selected[i].used || set->list[i].driver == drivers[0])
			rc = add_place(session, places, &set->list[i], selected[i].paths,
				       memory_bytes, err);
	return rc;
}

static int keep(struct places *places, struct place *place, struct err *err)
{
	const struct driver *driver = place->platform->driver;

	if (!driver->own_kernel)
		return 0;
	(void)snprintf(place->keeper_id, sizeof(place->keeper_id), "%s-%u", places->owner,
		       places->next_instance++);
	place->keeper_spec = place->spec;
	place->keeper_spec.id = place->keeper_id;
	return driver->open(&place->keeper_spec, &place->keeper, err);
}

int places_open(struct session *session, uint64_t memory_bytes, size_t most,
		struct places *ret, struct err *err)
{
	size_t nr = session->platforms.nr;
	cleanup(free) struct selected *selected = calloc(nr + 1, sizeof(*selected));
	int rc;

	ret->owner = session->owner;
	ret->list = calloc(nr + 1, sizeof(*ret->list));
	if (!selected || !ret->list)
		return err_fail(err, ENOMEM, "no memory for platforms");
	rc = topology_choose(session->topology, 1, &ret->cpu, &ret->service_cpu, err);
	if (!rc)
		rc = session_select(session, selected, err);
	if (!rc)
		rc = add_selected(session, selected, memory_bytes, ret, err);
	if (!rc && ret->nr > most)
		rc = err_fail(err, E2BIG, "more than %zu platforms; --on names fewer",
			      most);
	for (size_t i = 0; !rc && i < ret->nr; i++)
		rc = keep(ret, &ret->list[i], err);
	return rc;
}

void places_release(struct places *places)
{
	for (size_t i = 0; i < places->nr; i++)
		if (places->list[i].keeper)
			places->list[i].platform->driver->close(places->list[i].keeper);
	free(places->list);
	*places = (struct places){0};
}

int places_start(struct places *places, const struct place *place, struct runner *ret,
		 struct err *err)
{
	runner_init(ret, &place->spec, place->spec.stop);
	return runner_start(ret, places->owner, places->next_instance++, err);
}

int places_store_start(struct session *session, const struct runner *runner,
		       struct err *err)
{
	cleanup(free) char *phases = runner_phases(runner);
	int64_t row;

	if (!phases)
		return err_fail(err, ENOMEM, "no memory for a start's phases");
	return store_instance_add(session->store, session->run,
				  runner->spec.platform->name, runner->emulated,
				  runner->open_to_hello_ns, phases, &row, err);
}
