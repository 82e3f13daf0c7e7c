/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdint.h>

#include "bench/base/units.h"
#include "tests/check.h"

#define UNTOUCHED 0xdeadbeefu

static const struct {
	const char *text;
	int rc;
	uint64_t value;
} counts[] =
	{
		{"0", 0, 0},
		{"8", 0, 8},
		{"18446744073709551615", 0, UINT64_MAX},
		{"18446744073709551616", -ERANGE, 0},
		{"99999999999999999999999", -ERANGE, 0},
		{"", -EINVAL, 0},
		{"-5", -EINVAL, 0},
		{"+5", -EINVAL, 0},
		{" 5", -EINVAL, 0},
		{"5 ", -EINVAL, 0},
		{"5x", -EINVAL, 0},
		{"0x10", -EINVAL, 0},
		{"1e3", -EINVAL, 0},
		{"1.0", -EINVAL, 0},
},
  bytes[] =
	  {
		  {"0B", 0, 0},
		  {"1B", 0, 1},
		  {"64KiB", 0, 65536},
		  {"1GiB", 0, 1073741824},
		  {"16777215TiB", 0, 16777215ull << 40},
		  {"16777216TiB", -ERANGE, 0},
		  {"64", -EINVAL, 0},
		  {"4kfoo", -EINVAL, 0},
		  {"64KB", -EINVAL, 0},
		  {"64K", -EINVAL, 0},
		  {"64kib", -EINVAL, 0},
		  {"64 KiB", -EINVAL, 0},
		  {"64KiBKiB", -EINVAL, 0},
		  {"64KiB ", -EINVAL, 0},
		  {"1.5GiB", -EINVAL, 0},
		  {"-5B", -EINVAL, 0},
		  {"KiB", -EINVAL, 0},
		  {"", -EINVAL, 0},
},
  durations[] = {
	  {"500ms", 0, 500000000},
	  {"90s", 0, 90000000000},
	  {"10m", 0, 600000000000},
	  {"5124095h", 0, 5124095ull * 3600 * 1000000000},
	  {"5124096h", -ERANGE, 0},
	  {"10", -EINVAL, 0},
	  {"10s garbage", -EINVAL, 0},
	  {"1m30s", -EINVAL, 0},
	  {"-5", -EINVAL, 0},
	  {"-5s", -EINVAL, 0},
	  {"10S", -EINVAL, 0},
	  {"10sec", -EINVAL, 0},
	  {"1.5s", -EINVAL, 0},
	  {"s", -EINVAL, 0},
	  {"", -EINVAL, 0},
};

#define CHECK_PARSER(table, parse)                                        \
	for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++) { \
		uint64_t value = UNTOUCHED;                               \
		struct err err = {0};                                     \
		int rc = parse((table)[i].text, &value, &err);            \
                                                                          \
		printf("# '%s'\n", (table)[i].text);                      \
		CHECK_INT(rc, (table)[i].rc);                             \
		CHECK(value == (rc ? UNTOUCHED : (table)[i].value));      \
		CHECK_INT(err.code, -rc);                                 \
		CHECK(!rc || strstr(err.text, (table)[i].text));          \
	}

static void test_percent(void)
{
	static const struct {
		const char *text;
		int rc;
		double value;
	} cases[] = {
		{"1%", 0, 0.01},
		{"0.5%", 0, 0.005},
		{"100%", 0, 1},
		{"0%", 0, 0},
		{"12.25%", 0, 0.1225},
		{"100.0%", 0, 1},
		{"100.1%", -ERANGE, 0},
		{"101%", -ERANGE, 0},
		{"1", -EINVAL, 0},
		{"1 %", -EINVAL, 0},
		{"%", -EINVAL, 0},
		{".5%", -EINVAL, 0},
		{"5.%", -EINVAL, 0},
		{"1%%", -EINVAL, 0},
		{"-1%", -EINVAL, 0},
		{"1.2.3%", -EINVAL, 0},
		{"nan%", -EINVAL, 0},
		{"1e1%", -EINVAL, 0},
		{"", -EINVAL, 0},
		{"0.0000000001%", -EINVAL, 0},
		{"99999999999999999999%", -ERANGE, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = {0};
		double value = 77;
		int rc = units_parse_percent(cases[i].text, &value, &err);

		printf("# '%s'\n", cases[i].text);
		CHECK_INT(rc, cases[i].rc);
		CHECK(value == (rc ? 77 : cases[i].value)); /* to the last bit */
		CHECK_INT(err.code, -rc);
	}
}

static void test_texts(void)
{
	char buffer[UNITS_TEXT_MAX];

	CHECK_STR(units_bytes(0, buffer), "0 B");
	CHECK_STR(units_bytes(1023, buffer), "1023 B");
	CHECK_STR(units_bytes(65536, buffer), "64 KiB");
	CHECK_STR(units_bytes(1536ull << 20, buffer), "1.50 GiB");
	CHECK_STR(units_bytes((1 << 20) - 1, buffer), "1.00 MiB");
	CHECK_STR(units_bytes(UINT64_MAX, buffer), "16777216.00 TiB");
	CHECK_STR(units_duration(0, buffer), "0 ns");
	CHECK_STR(units_duration(999, buffer), "999 ns");
	CHECK_STR(units_duration(1500, buffer), "1.5 µs");
	CHECK_STR(units_duration(999600, buffer), "1 ms");
	CHECK_STR(units_duration(250000000, buffer), "250 ms");
	CHECK_STR(units_duration(1500000000, buffer), "1.5 s");
	CHECK_STR(units_duration(59960000000, buffer), "1m00s");
	CHECK_STR(units_duration(570000000000, buffer), "9m30s");
	CHECK_STR(units_duration(3900000000000, buffer), "1h05m");
	CHECK_STR(units_duration(UINT64_MAX, buffer), "5124095h34m");
}

static void test_message(void)
{
	struct err err = {0};
	uint64_t value;

	CHECK_INT(units_parse_duration("-5", &value, &err), -EINVAL);
	CHECK_STR(err.text,
		  "'-5' is not a duration: expected digits and one of ms, s, m, h, "
		  "as in 90s");
}

int main(void)
{
	CHECK_PARSER(counts, units_parse_count)
	CHECK_PARSER(bytes, units_parse_bytes)
	CHECK_PARSER(durations, units_parse_duration)
	test_percent();
	test_texts();
	test_message();
	return check_done();
}
