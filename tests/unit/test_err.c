/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../bench/err.h"

#include <errno.h>

#include "../check.h"

/* A text that fills the struct to its last byte and goes on behind it. */
static char filler[2 * sizeof(((struct err *)NULL)->text)];

static void test_first_cause_wins(void)
{
	struct err err = {0};

	CHECK_INT(err_fail(&err, ENOENT, "no '%s'", "x"), -ENOENT);
	CHECK_STR(err.text, "no 'x'");
	CHECK_INT(err_fail(&err, EPERM, "later"), -ENOENT);
	CHECK_INT(err.code, ENOENT);
	CHECK_STR(err.text, "no 'x'");
}

/* Neither 0 nor a code with the wrong sign turns a failure into success. */
static void test_failure_is_never_zero(void)
{
	struct err err = {0};

	CHECK_INT(err_fail_with(&err, 0, "nothing"), -EIO);
	err_clear(&err);
	CHECK_INT(err_fail_with(&err, -ENOENT, "wrong sign"), -EIO);
	err_clear(&err);
	CHECK_INT(err_because_of(&err, "context without a cause"), -EIO);
}

static void test_context_comes_first(void)
{
	struct err err = {0};

	(void)err_fail(&err, ENOSPC, "no space");
	CHECK_INT(err_because(&err, "writing '%s'", "a"), -ENOSPC);
	CHECK_INT(err_because(&err, "storing block %d", 7), -ENOSPC);
	CHECK_STR(err.text, "storing block 7: writing 'a': no space");
	err_clear(&err);
	CHECK_INT(err.code, 0);
	CHECK_STR(err.text, "");
}

/* %m is the errno of the moment: formatting must not go through anything that sets it. */
static void test_errno_in_text(void)
{
	struct err err = {0};
	char want[64];

	(void)snprintf(want, sizeof(want), "open: %s", strerror(EACCES));
	errno = EACCES;
	(void)err_fail(&err, errno, "open: %m");
	CHECK_STR(err.text, want);
}

/* What is too long is cut, and ends; context goes before what there is room for. */
static void test_long_texts_are_cut(void)
{
	struct err err = {0};

	memset(filler, 'a', sizeof(filler) - 1);
	(void)err_fail(&err, EIO, "%s", filler);
	CHECK_INT(strlen(err.text), sizeof(err.text) - 1);
	(void)err_because(&err, "context");
	CHECK_INT(strlen(err.text), sizeof(err.text) - 1);
	CHECK(!strncmp(err.text, "context: aaa", 12));
	(void)err_because(&err, "%s", filler);
	CHECK_INT(strlen(err.text), sizeof(err.text) - 1);
	CHECK_INT(err.code, EIO);
}

int main(void)
{
	test_first_cause_wins();
	test_failure_is_never_zero();
	test_context_comes_first();
	test_errno_in_text();
	test_long_texts_are_cut();
	return check_done();
}
