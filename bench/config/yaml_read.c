/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/config/yaml.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/config/nearest.h"
#include "bench/base/units.h"

/* --- maps and lists --- */

static const struct yaml_key *find_key(const struct yaml_key *keys, const char *name)
{
	for (; keys->name; keys++)
		if (!strcmp(keys->name, name))
			return keys;
	return NULL;
}

static int fail_unknown(struct yaml_at value, const struct yaml_key *keys,
			struct err *err)
{
	struct yaml_at place = value;
	struct nearest nearest;
	char hint[400];

	nearest_init(&nearest, value.key);
	for (; keys->name; keys++)
		nearest_feed(&nearest, keys->name);
	place.key = NULL;
	return yaml_fail(place, err, EINVAL, "unknown key '%.40s'%s", value.key,
			 nearest_hint(&nearest, hint, sizeof(hint)));
}

static bool has_key(struct yaml_at map, const char *name)
{
	for (size_t i = 0; i < yaml_size(map); i++)
		if (!strcmp(yaml_pair(map, i).key, name))
			return true;
	return false;
}

int yaml_read_map(struct yaml_at at, const struct yaml_key *keys, void *into,
		  struct err *err)
{
	int rc = 0;

	if (!yaml_is_map(at))
		return yaml_fail(at, err, EINVAL, "expected a map of keys and values");
	for (size_t i = 0; !rc && i < yaml_size(at); i++) {
		struct yaml_at value = yaml_pair(at, i);
		const struct yaml_key *key = find_key(keys, value.key);

		rc = key ? key->read(value, into, err) : fail_unknown(value, keys, err);
	}
	for (; !rc && keys->name; keys++)
		if (keys->required && !has_key(at, keys->name))
			rc = yaml_fail(at, err, EINVAL, "key '%s' is missing",
				       keys->name);
	return rc;
}

int yaml_read_list(struct yaml_at at,
		   int (*read)(struct yaml_at item, void *into, struct err *err),
		   void *into, struct err *err)
{
	int rc = 0;

	if (!yaml_is_list(at))
		return yaml_fail(at, err, EINVAL, "expected a list");
	if (!yaml_size(at))
		return yaml_fail(at, err, EINVAL, "the list is empty");
	for (size_t i = 0; !rc && i < yaml_size(at); i++)
		rc = read(yaml_item(at, i), into, err);
	return rc;
}

/* --- single values --- */

int yaml_copy(struct yaml_at at, char **ret, struct err *err)
{
	const char *text;
	char *copy;
	int rc = yaml_text(at, &text, err);

	if (rc)
		return rc;
	copy = strdup(text);
	if (!copy)
		return err_fail(err, ENOMEM, "no memory for a value");
	*ret = copy;
	return 0;
}

int yaml_bool(struct yaml_at at, bool *ret, struct err *err)
{
	const char *text;
	int rc = yaml_text(at, &text, err);

	if (rc)
		return rc;
	if (!strcmp(text, "yes") || !strcmp(text, "true"))
		*ret = true;
	else if (!strcmp(text, "no") || !strcmp(text, "false"))
		*ret = false;
	else
		return yaml_fail(at, err, EINVAL, "'%.40s' is neither yes nor no", text);
	return 0;
}

int yaml_count(struct yaml_at at, uint64_t least, uint64_t most, uint64_t *ret,
	       struct err *err)
{
	const char *text;
	uint64_t value;
	int rc = yaml_text(at, &text, err);

	if (rc)
		return rc;
	if (units_parse_count(text, &value, err))
		return yaml_because(at, err);
	if (value < least || value > most)
		return yaml_fail(at, err, ERANGE,
				 "%" PRIu64 " is not between %" PRIu64 " and %" PRIu64,
				 value, least, most);
	*ret = value;
	return 0;
}

int yaml_bytes(struct yaml_at at, uint64_t least, uint64_t most, uint64_t *ret,
	       struct err *err)
{
	char low[UNITS_TEXT_MAX], high[UNITS_TEXT_MAX];
	const char *text;
	uint64_t value;
	int rc = yaml_text(at, &text, err);

	if (rc)
		return rc;
	if (units_parse_bytes(text, &value, err))
		return yaml_because(at, err);
	if (value < least || value > most)
		return yaml_fail(at, err, ERANGE, "%s is not between %s and %s", text,
				 units_bytes(least, low), units_bytes(most, high));
	*ret = value;
	return 0;
}

int yaml_duration(struct yaml_at at, uint64_t least_ns, uint64_t most_ns,
		  uint64_t *ret_ns, struct err *err)
{
	char low[UNITS_TEXT_MAX], high[UNITS_TEXT_MAX];
	const char *text;
	uint64_t value;
	int rc = yaml_text(at, &text, err);

	if (rc)
		return rc;
	if (units_parse_duration(text, &value, err))
		return yaml_because(at, err);
	if (value < least_ns || value > most_ns)
		return yaml_fail(at, err, ERANGE, "%s is not between %s and %s", text,
				 units_duration(least_ns, low),
				 units_duration(most_ns, high));
	*ret_ns = value;
	return 0;
}

int yaml_percent(struct yaml_at at, double least, double most, double *ret,
		 struct err *err)
{
	const char *text;
	double value;
	int rc = yaml_text(at, &text, err);

	if (rc)
		return rc;
	if (units_parse_percent(text, &value, err))
		return yaml_because(at, err);
	if (value < least || value > most)
		return yaml_fail(at, err, ERANGE, "%s is not between %g%% and %g%%", text,
				 100 * least, 100 * most);
	*ret = value;
	return 0;
}

static int fail_choice(struct yaml_at at, const char *choices, const char *text,
		       struct err *err)
{
	char words[128], hint[400], *rest = words;
	struct nearest nearest;

	(void)snprintf(words, sizeof(words), "%s", choices);
	nearest_init(&nearest, text);
	for (const char *word = strsep(&rest, "|"); word; word = strsep(&rest, "|"))
		nearest_feed(&nearest, word);
	return yaml_fail(at, err, EINVAL, "'%.40s' is not a choice%s", text,
			 nearest_hint(&nearest, hint, sizeof(hint)));
}

int yaml_choice(struct yaml_at at, const char *choices, const char **ret, struct err *err)
{
	const char *text;
	int rc = yaml_text(at, &text, err);

	if (rc)
		return rc;
	for (const char *word = choices; *word; word += *word == '|') {
		size_t length = strcspn(word, "|");

		if (strlen(text) == length && !memcmp(word, text, length)) {
			*ret = text;
			return 0;
		}
		word += length;
	}
	return fail_choice(at, choices, text, err);
}
