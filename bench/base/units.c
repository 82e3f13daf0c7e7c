/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/base/units.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/clock.h"

#define KIB 1024ull
#define PERCENT_MAX 100u
#define PERCENT_DECIMALS_MAX 9 /* so that digits and scale stay exact in a double */

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit byte_units[] = {
	{"B", 1},
	{"KiB", KIB},
	{"MiB", KIB *KIB},
	{"GiB", KIB *KIB *KIB},
	{"TiB", KIB *KIB *KIB *KIB},
};

static const struct unit duration_units[] = {
	{"ms", NS_PER_MS},
	{"s", NS_PER_S},
	{"m", 60 * NS_PER_S},
	{"h", 3600 * NS_PER_S},
};

#define NR(list) (sizeof(list) / sizeof((list)[0]))

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits at *text, which moves behind them. -EINVAL: none; -ERANGE: too many. */
static int take_digits(const char **text, uint64_t *ret)
{
	const char *at = *text;
	uint64_t value = 0;

	if (!is_digit(*at))
		return -EINVAL;
	for (; is_digit(*at); at++) {
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*at - '0'), &value))
			return -ERANGE;
	}
	*text = at;
	*ret = value;
	return 0;
}

static int fail(struct err *err, int rc, const char *text, const char *what,
		const char *expected)
{
	if (rc == -ERANGE)
		return err_fail(err, ERANGE, "'%.40s' is too large for a %s", text, what);
	return err_fail(err, EINVAL, "'%.40s' is not a %s: expected %s", text, what,
			expected);
}

int units_parse_count(const char *text, uint64_t *ret, struct err *err)
{
	const char *at = text;
	uint64_t value;
	int rc = take_digits(&at, &value);

	if (!rc && *at)
		rc = -EINVAL;
	if (rc)
		return fail(err, rc, text, "count", "digits only, as in 8");
	*ret = value;
	return 0;
}

static const struct unit *find_unit(const struct unit *units, size_t nr, const char *name)
{
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(units[i].name, name))
			return &units[i];
	return NULL;
}

static int parse(const char *text, const struct unit *units, size_t nr, uint64_t *ret)
{
	const struct unit *unit;
	const char *at = text;
	uint64_t value;
	int rc = take_digits(&at, &value);

	if (rc)
		return rc;
	unit = find_unit(units, nr, at);
	if (!unit)
		return -EINVAL;
	return __builtin_mul_overflow(value, unit->factor, ret) ? -ERANGE : 0;
}

int units_parse_bytes(const char *text, uint64_t *ret, struct err *err)
{
	uint64_t value;
	int rc = parse(text, byte_units, NR(byte_units), &value);

	if (rc)
		return fail(err, rc, text, "size",
			    "digits and one of B, KiB, MiB, GiB, TiB, as in 64KiB");
	*ret = value;
	return 0;
}

int units_parse_duration(const char *text, uint64_t *ret_ns, struct err *err)
{
	uint64_t value;
	int rc = parse(text, duration_units, NR(duration_units), &value);

	if (rc)
		return fail(err, rc, text, "duration",
			    "digits and one of ms, s, m, h, as in 90s");
	*ret_ns = value;
	return 0;
}

/* "12.5%": whole is 12, decimals 5, scale 10. */
static int parse_percent(const char *text, uint64_t *whole, uint64_t *decimals,
			 uint64_t *scale)
{
	const char *at = text, *point;
	int rc = take_digits(&at, whole);

	*decimals = 0;
	*scale = 1;
	if (!rc && *at == '.') {
		point = ++at;
		rc = take_digits(&at, decimals);
		if (!rc && at - point > PERCENT_DECIMALS_MAX)
			rc = -EINVAL;
		for (; !rc && point < at; point++)
			*scale *= 10;
	}
	return rc ? rc : strcmp(at, "%") ? -EINVAL : 0;
}

int units_parse_percent(const char *text, double *ret, struct err *err)
{
	uint64_t whole, decimals, scale;
	int rc = parse_percent(text, &whole, &decimals, &scale);

	if (!rc && (whole > PERCENT_MAX || (whole == PERCENT_MAX && decimals)))
		rc = -ERANGE;
	if (rc)
		return fail(err, rc, text, "percentage",
			    "a number up to 100 and %, as in 1% or 0.5%");
	/* one division of two exact integers: "1%" is the same double as 0.01 */
	*ret = (double)(whole * scale + decimals) / (double)(100 * scale);
	return 0;
}

const char *units_bytes(uint64_t bytes, char buffer[static UNITS_TEXT_MAX])
{
	size_t unit = 0;

	/* the next unit as soon as two decimals would round up to 1024.00 */
	while (unit + 1 < NR(byte_units) &&
	       (double)bytes >= 1023.995 * (double)byte_units[unit].factor)
		unit++;
	if (bytes % byte_units[unit].factor)
		(void)snprintf(buffer, UNITS_TEXT_MAX, "%.2f %s",
			       (double)bytes / (double)byte_units[unit].factor,
			       byte_units[unit].name);
	else
		(void)snprintf(buffer, UNITS_TEXT_MAX, "%" PRIu64 " %s",
			       bytes / byte_units[unit].factor, byte_units[unit].name);
	return buffer;
}

static void print_minutes(uint64_t ns, char buffer[static UNITS_TEXT_MAX])
{
	uint64_t seconds = ns / NS_PER_S + (ns % NS_PER_S >= NS_PER_S / 2);

	if (seconds < 3600)
		(void)snprintf(buffer, UNITS_TEXT_MAX, "%" PRIu64 "m%02" PRIu64 "s",
			       seconds / 60, seconds % 60);
	else
		(void)snprintf(buffer, UNITS_TEXT_MAX, "%" PRIu64 "h%02" PRIu64 "m",
			       seconds / 3600, seconds % 3600 / 60);
}

/* Three digits are shown, so a unit ends where they would round up to the next one. */
const char *units_duration(uint64_t ns, char buffer[static UNITS_TEXT_MAX])
{
	double value = (double)ns;

	if (ns < 1000)
		(void)snprintf(buffer, UNITS_TEXT_MAX, "%" PRIu64 " ns", ns);
	else if (value < 999.5e3)
		(void)snprintf(buffer, UNITS_TEXT_MAX, "%.3g µs", value / 1e3);
	else if (value < 999.5e6)
		(void)snprintf(buffer, UNITS_TEXT_MAX, "%.3g ms", value / 1e6);
	else if (value < 59.95e9)
		(void)snprintf(buffer, UNITS_TEXT_MAX, "%.3g s", value / 1e9);
	else
		print_minutes(ns, buffer);
	return buffer;
}
