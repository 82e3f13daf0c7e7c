/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is measured on this host: which CPUs, how many instances, guarded by what. */
#include <errno.h>
#include <stdlib.h>

#include "bench/study/density.h"

#define LEAST 8u /* the talk's claim is about six to eight */

unsigned density_most(unsigned cpus)
{
	unsigned twice = cpus > STUDY_INSTANCES_MAX / 2 ? STUDY_INSTANCES_MAX : 2 * cpus;

	return twice > LEAST ? twice : LEAST;
}

/* Keeps them ascending, each once. */
static size_t insert(unsigned *counts, size_t nr, unsigned value)
{
	size_t at = nr;

	while (at && counts[at - 1] >= value)
		at--;
	if (nr == DENSITY_COUNTS_MAX || (at < nr && counts[at] == value))
		return nr;
	for (size_t i = nr; i > at; i--)
		counts[i] = counts[i - 1];
	counts[at] = value;
	return nr + 1;
}

size_t density_counts_auto(unsigned most, unsigned cores, unsigned cpus,
			   unsigned ret[static DENSITY_COUNTS_MAX])
{
	const unsigned bends[] = {most, cpus,
				  cores}; /* where a curve bends, if it does */
	size_t nr = 0;

	for (unsigned n = 1; n < most; n *= 2)
		nr = insert(ret, nr, n);
	for (size_t i = 0; i < sizeof(bends) / sizeof(bends[0]); i++)
		if (bends[i] && bends[i] <= most)
			nr = insert(ret, nr, bends[i]);
	return nr;
}

size_t density_counts_cut(const unsigned *counts, size_t nr, unsigned most,
			  unsigned ret[static DENSITY_COUNTS_MAX])
{
	size_t kept = 0;

	for (size_t i = 0; i < nr && counts[i] < most; i++)
		ret[kept++] = counts[i];
	return insert(ret, kept, most);
}

/* Distinct cores first, siblings last; instances take them in turn. */
static int choose_cpus(struct density_study *study, struct err *err)
{
	const struct topology *topology = study->session->topology;
	unsigned service;

	study->cpu_nr = topology_cpu_nr(topology);
	study->cpus = calloc(study->cpu_nr + 1, sizeof(*study->cpus));
	if (!study->cpus)
		return err_fail(err, ENOMEM, "no memory for CPUs");
	return topology_choose(topology, study->cpu_nr, study->cpus, &service, err);
}

/* What the suite or the machine asks for, before it is known whether there is room. */
static unsigned asked_most(const struct density_study *study)
{
	const struct density_settings *settings = study->settings;
	unsigned asked = study->session->options->instances;
	unsigned most = settings->count_nr ? settings->counts[settings->count_nr - 1]
					   : density_most((unsigned)study->cpu_nr);

	return asked && (asked < most || !settings->count_nr) ? asked : most;
}

static int choose_counts(struct density_study *study, struct err *err)
{
	const struct density_settings *settings = study->settings;
	unsigned asked = asked_most(study), most;
	struct room room;
	const char *why;
	int rc;

	room_raise_files();
	rc = room_read(study->session->run_dir, &room, err);

	if (rc)
		return rc;
	most = room_instances(&room, study->places.nr, settings->head.memory_bytes,
			      settings->host_share, asked, &why);
	if (!most)
		return err_fail(err, ENODEV,
				"this host has no room for one instance: too little %s",
				why);
	if (most < asked)
		progress_note(&study->session->progress,
			      "%u instances instead of %u at most: no room for more (%s)",
			      most, asked, why);
	study->count_nr =
		settings->count_nr
			? density_counts_cut(settings->counts, settings->count_nr, most,
					     study->counts)
			: density_counts_auto(most,
					      topology_core_nr(study->session->topology),
					      (unsigned)study->cpu_nr, study->counts);
	return 0;
}

int density_plan(struct density_study *study, struct err *err)
{
	const struct density_settings *settings = study->settings;
	int rc = choose_cpus(study, err);

	if (!rc)
		rc = choose_counts(study, err);
	if (!rc)
		rc = guard_open(&study->guard, settings->host_share,
				settings->stop_pressure, err);
	for (size_t i = 0; !rc && i < study->places.nr; i++) {
		study->residents[i].cpus = study->cpus;
		study->residents[i].cpu_nr = study->cpu_nr;
		study->residents[i].guard = &study->guard;
	}
	return rc;
}
