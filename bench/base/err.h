/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_ERR_H
#define TARE_ERR_H

/*
 * Errors are values: a function that can fail returns 0 or a negative errno and
 * describes the failure in a struct err on the caller's stack.  The first cause
 * wins; callers put context in front of it on the way up.  A code that is not a
 * positive errno becomes EIO, so that a failure never turns into success.
 *
 * Texts are lower case without a full stop, name the subject in single quotes and
 * end, where there is one, with the mend: "cannot open '%s': %s; run 'make'".
 */
struct err {
	int code; /* positive errno, 0 when nothing failed */
	char text[512];
};

/* Tells compilers and analysers what they cannot see from outside: a failure is never 0.
 */
static inline int err_known(int rc)
{
	if (rc >= 0)
		__builtin_unreachable();
	return rc;
}

/* Records a failure; returns -code.  A failure already recorded stays. */
#define err_fail(...) err_known(err_fail_with(__VA_ARGS__))
int err_fail_with(struct err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "context: " in front of a recorded failure; returns -err->code. */
#define err_because(...) err_known(err_because_of(__VA_ARGS__))
int err_because_of(struct err *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Forgets a failure, for callers that can go on. */
void err_clear(struct err *err);

#endif
