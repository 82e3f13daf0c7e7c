/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/base/err.h"

#include <errno.h>

#include "tests/check.h"

static void test_fail(void)
{
	struct err err = {0};

	CHECK_INT(err_fail(&err, ENOENT, "no '%s'", "file"), -ENOENT);
	CHECK_INT(err.code, ENOENT);
	CHECK_STR(err.text, "no 'file'");
	/* the first cause wins */
	CHECK_INT(err_fail(&err, EPERM, "later"), -ENOENT);
	CHECK_STR(err.text, "no 'file'");
	err_clear(&err);
	CHECK_INT(err.code, 0);
	CHECK_STR(err.text, "");
	CHECK_INT(err_fail(&err, EPERM, "later"), -EPERM);
}

/* A failure without a usable code is a failure all the same. */
static void test_no_code(void)
{
	const int codes[] = {0, -1, -ENOENT};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct err err = {0};

		CHECK_INT(err_fail(&err, codes[i], "odd"), -EIO);
		CHECK_INT(err.code, EIO);
	}
}

static void test_because(void)
{
	struct err err = {0}, empty = {0};

	(void)err_fail(&err, ENOSPC, "disk full");
	CHECK_INT(err_because(&err, "block %d", 7), -ENOSPC);
	CHECK_INT(err_because(&err, "run"), -ENOSPC);
	CHECK_STR(err.text, "run: block 7: disk full");
	CHECK_INT(err_because(&empty, "run"), -EIO);
}

/* A name from a guest or a file cannot reach the terminal's controls. */
static void test_harmless(void)
{
	struct err err = {0};

	(void)err_fail(&err, EINVAL, "table '%s'\nnext", "\033]0;x\007\r\x7fé");
	CHECK_STR(err.text, "table '?]0;x???é'\nnext");
	(void)err_because(&err, "file '%s'", "a\033[2Jb");
	CHECK_STR(err.text, "file 'a?[2Jb': table '?]0;x???é'\nnext");
}

/* Too long a text is cut and ended. */
static void test_long(void)
{
	struct err err = {0};
	char text[2 * sizeof(err.text)];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	CHECK_INT(err_fail(&err, EIO, "%s", text), -EIO);
	CHECK_INT(strlen(err.text), sizeof(err.text) - 1);
	CHECK_INT(err_because(&err, "ctx"), -EIO);
	CHECK_INT(strlen(err.text), sizeof(err.text) - 1);
	CHECK(!strncmp(err.text, "ctx: xxx", 8));
	CHECK_INT(err_because(&err, "%s", text), -EIO);
	CHECK_INT(strlen(err.text), sizeof(err.text) - 1);
}

int main(void)
{
	test_fail();
	test_no_code();
	test_because();
	test_long();
	test_harmless();
	return check_done();
}
