/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/units.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What every parser promises: 0 and a value, or a failure with a text and no value. */
static void check(int rc, const struct err *err, int untouched)
{
	if (rc ? rc != -err->code || !err->text[0] || !untouched : err->code != 0)
		abort();
}

static void try_whole(const char *text,
		      int (*parse)(const char *, uint64_t *, struct err *))
{
	const uint64_t mark = 0x123456789abcdefull;
	struct err err = {0};
	uint64_t value = mark;
	int rc = parse(text, &value, &err);

	check(rc, &err, value == mark);
	if (!rc && (text[0] < '0' || text[0] > '9')) /* nothing in front of the number */
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[128] = "", buffer[UNITS_TEXT_MAX];
	struct err err = {0};
	uint64_t number = 0;
	double share = -1;

	memcpy(text, data, size < sizeof(text) ? size : sizeof(text) - 1);
	try_whole(text, units_parse_count);
	try_whole(text, units_parse_bytes);
	try_whole(text, units_parse_duration);
	check(units_parse_percent(text, &share, &err), &err, share == -1);
	if (!err.code && !(share >= 0 && share <= 1))
		abort();
	memcpy(&number, data, size < sizeof(number) ? size : sizeof(number));
	if (!units_bytes(number, buffer)[0] || !units_duration(number, buffer)[0])
		abort();
	return 0;
}
