/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench/config/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every value of an accepted file can be reached, and none twice by the same key. */
static size_t walk(struct yaml_at at)
{
	struct err err = {0};
	const char *text;
	size_t values = 1;

	if (yaml_line(at) < 1)
		abort();
	if (!yaml_is_map(at) && !yaml_is_list(at))
		return yaml_text(at, &text, &err) && !err.text[0] ? abort(), 0 : 1;
	for (size_t i = 0; i < yaml_size(at); i++) {
		if (yaml_is_map(at) && !yaml_pair(at, i).key)
			abort();
		values += walk(yaml_is_map(at) ? yaml_pair(at, i) : yaml_item(at, i));
	}
	return values;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct yaml *yaml = NULL;
	struct err err = {0};
	int rc = yaml_open_text("f.yaml", (const char *)data, size, &yaml, &err);

	if (rc ? yaml || rc != -err.code || strncmp(err.text, "f.yaml:", 7) : !yaml)
		abort();
	if (!rc && walk(yaml_root(yaml)) > 10000)
		abort();
	yaml_close(yaml);
	return 0;
}
