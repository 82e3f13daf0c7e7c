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

/* Records a failure; returns -code.  A failure already recorded stays. */
int err_fail(struct err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "context: " in front of a recorded failure; returns -err->code. */
int err_because(struct err *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Forgets a failure, for callers that can go on. */
void err_clear(struct err *err);

#endif
