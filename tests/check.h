/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CHECK_H
#define TARE_CHECK_H

/*
 * Assertions that print where they failed and go on.  main() ends in
 * `return check_done();`, which prints "N passed, N failed, N skipped".
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned check_passed, check_failed, check_skipped;

__attribute__((unused)) static void check_say(bool ok, const char *file, int line,
					      const char *what)
{
	if (ok) {
		check_passed++;
		return;
	}
	check_failed++;
	printf("not ok - %s:%d: %s\n", file, line, what);
	(void)fflush(stdout);
}

#define CHECK(condition) check_say((condition), __FILE__, __LINE__, #condition)

#define CHECK_INT(got, want)                                                             \
	do {                                                                             \
		long long got_ = (long long)(got), want_ = (long long)(want);            \
		char text_[256];                                                         \
		(void)snprintf(text_, sizeof(text_), "%s is %lld, not %lld", #got, got_, \
			       want_);                                                   \
		check_say(got_ == want_, __FILE__, __LINE__, text_);                     \
	} while (0)

#define CHECK_STR(got, want)                                                             \
	do {                                                                             \
		const char *got_ = (got), *want_ = (want);                               \
		char text_[1024];                                                        \
		(void)snprintf(text_, sizeof(text_), "%s is '%s', not '%s'", #got,       \
			       got_ ? got_ : "(null)", want_ ? want_ : "(null)");        \
		check_say(got_ &&want_ ? !strcmp(got_, want_) : got_ == want_, __FILE__, \
			  __LINE__, text_);                                              \
	} while (0)

#define CHECK_NEAR(got, want, tolerance)                                                 \
	do {                                                                             \
		double got_ = (got), want_ = (want);                                     \
		char text_[256];                                                         \
		(void)snprintf(text_, sizeof(text_), "%s is %.17g, not %.17g", #got,     \
			       got_, want_);                                             \
		check_say(fabs(got_ - want_) <= (tolerance), __FILE__, __LINE__, text_); \
	} while (0)

#define SKIP(reason)                                                           \
	do {                                                                   \
		check_skipped++;                                               \
		printf("ok # SKIP %s:%d: %s\n", __FILE__, __LINE__, (reason)); \
		(void)fflush(stdout);                                          \
	} while (0)

__attribute__((unused)) static int check_done(void)
{
	printf("%u passed, %u failed, %u skipped\n", check_passed, check_failed,
	       check_skipped);
	return check_failed != 0;
}

#endif
