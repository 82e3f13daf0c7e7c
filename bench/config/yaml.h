/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_YAML_H
#define TARE_YAML_H

/*
 * A strict reading of YAML over libyaml, for configuration: one document of maps, lists
 * and single values, at most 1 MiB of UTF-8.  Repeated keys, anchors, aliases, tags and
 * merge keys are refused: nothing in a file means anything else than what it says.
 * Every error begins with "file:line: " and names the key it is about; the codes are
 * -EINVAL (the text is wrong), -ERANGE (a number is), -E2BIG, -ENOMEM or those of open.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/base/err.h"

#define YAML_BYTES_MAX 1048576ul

struct yaml; /* one file, read and checked */

/* A value in the file; cheap to copy, valid as long as the file. */
struct yaml_at {
	const struct yaml *yaml;
	int node;
	const char *key; /* under which it was found, NULL: in a list, or the root */
};

/* *ret_text: the file as read, malloc'ed; may be NULL. */
int yaml_open(const char *file, struct yaml **ret, char **ret_text, struct err *err);
/* A text that is already there; `file` is only for messages. */
int yaml_open_text(const char *file, const char *text, size_t length, struct yaml **ret,
		   struct err *err);
void yaml_close(struct yaml *yaml); /* takes NULL */
struct yaml_at yaml_root(const struct yaml *yaml);

int yaml_line(struct yaml_at at); /* from 1 */
/* Records "file:line: key: text"; returns -code. */
int yaml_fail(struct yaml_at at, struct err *err, int code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Puts "file:line: key: " in front of what was just recorded; returns -err->code. */
int yaml_because(struct yaml_at at, struct err *err);

bool yaml_is_map(struct yaml_at at);
bool yaml_is_list(struct yaml_at at);

/* A map against a table: every key must be in it, every required one in the file. Keys
 * are read in the order of the file. */
struct yaml_key {
	const char *name; /* NULL ends the table */
	int (*read)(struct yaml_at value, void *into, struct err *err);
	bool required;
};
int yaml_read_map(struct yaml_at at, const struct yaml_key *keys, void *into,
		  struct err *err);
/* Every item of a list that must not be empty, in order. */
int yaml_read_list(struct yaml_at at,
		   int (*read)(struct yaml_at item, void *into, struct err *err),
		   void *into, struct err *err);
/* Items of a list or pairs of a map; 0 for a single value. */
size_t yaml_size(struct yaml_at at);
struct yaml_at yaml_item(struct yaml_at list, size_t i);
/* Value of pair i; its key is in .key. */
struct yaml_at yaml_pair(struct yaml_at map, size_t i);

/* Single values. The text belongs to the file. Outputs are written on success only. */
int yaml_text(struct yaml_at at, const char **ret, struct err *err);
int yaml_copy(struct yaml_at at, char **ret, struct err *err); /* malloc'ed */
int yaml_bool(struct yaml_at at, bool *ret, struct err *err);  /* yes no true false */
int yaml_count(struct yaml_at at, uint64_t least, uint64_t most, uint64_t *ret,
	       struct err *err);
int yaml_bytes(struct yaml_at at, uint64_t least, uint64_t most, uint64_t *ret,
	       struct err *err);
int yaml_duration(struct yaml_at at, uint64_t least_ns, uint64_t most_ns,
		  uint64_t *ret_ns, struct err *err);
int yaml_percent(struct yaml_at at, double least, double most, double *ret,
		 struct err *err);
/* One of "a|b|c". */
int yaml_choice(struct yaml_at at, const char *choices, const char **ret,
		struct err *err);

#endif
