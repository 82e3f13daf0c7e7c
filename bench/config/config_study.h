/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CONFIG_STUDY_H
#define TARE_CONFIG_STUDY_H

/*
 * Suites of the studies (tare start, density, …): configs/suites/<name>.yaml with a key
 * `study` that says whose it is, read as strictly as those of `tare run`.  A suite says
 * everything; the program has no numbers of its own beside it, so every key is required
 * but `on` and `seed`.
 *
 * One more study: a struct that begins with struct study_head, a file
 * config_study_<name>.c with its table of keys and its struct study_kind, its name in
 * STUDY_NAMES, and configs/suites/<name>.yaml, which its command reads by default.
 */
#include "bench/config/config.h"
#include "bench/config/yaml.h"

#define STUDY_NAMES "start|footprint|density|neighbours"
#define STUDY_INSTANCES_MAX 512 /* of a platform at once, in any suite */

/* What every study has; `suite` holds name, description, text, budget, on and seed. */
struct study_head {
	struct suite suite;
	uint64_t memory_bytes; /* of a guest, limit of a container */
};

struct study_kind {
	const char *name; /* of the command, and of the suite that it reads by default */
	const struct yaml_key *keys; /* read into the whole struct */
	size_t size;		     /* of that struct, which begins with study_head */
	/* what the keys must be together; NULL: nothing */
	int (*check)(struct yaml_at root, const void *read, struct err *err);
};
extern const struct study_kind study_start, study_footprint, study_density,
	study_neighbours;

/* `which` as for suite_load. ret: kind->size bytes, whose head.suite the caller releases;
 * nothing else in it is allocated. */
int study_load(const char *config_dir, const char *which, const struct study_kind *kind,
	       void *ret, struct err *err);
/* The same from a text; `name` stands for the file in messages. */
int study_parse(const char *name, const char *text, const struct study_kind *kind,
		void *ret, struct err *err);

#endif
