/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench/base/clock.h"
#include "bench/base/progress.h"
#include "tests/check.h"

/* Shows into a stream in memory as if it were a file or a terminal. */
static void begin(struct progress *progress, FILE *to, bool terminal)
{
	*progress = (struct progress){.to = to, .terminal = terminal};
	progress->begin_ns = clock_now_ns() - 90 * NS_PER_S;
}

static void test_plain(void)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	struct progress progress;

	begin(&progress, to, false);
	progress_show(&progress, 3, 40, "int on lxc", "±0.42 %", 300 * NS_PER_S);
	progress_show(&progress, 4, 40, "too soon", "", 0); /* within 5 s of the first */
	progress.last_ns -= 6 * NS_PER_S;
	progress_show(&progress, 0, 0, "probing", "", 0);
	progress_note(&progress, "kvm: %s", "no\033 \n kernel");
	progress_end(&progress);
	(void)fclose(to);
	CHECK_STR(text, "3/40  int on lxc  ±0.42 %  (1m30s, about 5m00s left)\n"
			"probing  (1m30s)\n"
			"kvm: no? ? kernel\n");
	free(text);
}

static void test_terminal(void)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	struct progress progress;

	begin(&progress, to, true);
	progress_show(&progress, 1, 2, "a", "", 0);
	progress_show(&progress, 1, 2, "within 100 ms", "", 0);
	progress_note(&progress, "stays");
	progress_end(&progress);
	(void)fclose(to);
	CHECK_STR(text, "\r\033[K1/2  a  (1m30s)"
			"\r\033[Kstays\n"
			"\r\033[K");
	free(text);
}

/* A line longer than the terminal is cut between characters, one column stays free. */
static void test_width(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	struct winsize window = {.ws_row = 10, .ws_col = 12};
	struct progress progress;
	char text[64] = "";
	FILE *to;
	int slave;

	if (master < 0 || grantpt(master) || unlockpt(master) ||
	    (slave = open(ptsname(master), O_RDWR | O_NOCTTY)) < 0) {
		SKIP("no pseudo-terminal here");
		return;
	}
	CHECK_INT(ioctl(slave, TIOCSWINSZ, &window), 0);
	to = fdopen(slave, "w");
	setenv("TERM", "xterm", 1);
	progress_init(&progress, to, false);
	CHECK(progress.terminal);
	progress_show(&progress, 0, 0, "±±±±±±±±±±±±±±±±±±±±", "", 0);
	CHECK(read(master, text, sizeof(text) - 1) > 0);
	CHECK_STR(text, "\r\033[K±±±±±±±±±±±");
	setenv("TERM", "dumb", 1);
	progress_init(&progress, to, false);
	CHECK(!progress.terminal);
	(void)fclose(to);
	(void)close(master);
}

static void test_quiet(void)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	struct progress progress;

	begin(&progress, to, true);
	progress.quiet = true;
	progress_show(&progress, 1, 2, "a", "", 0);
	progress_note(&progress, "b");
	progress_end(&progress);
	(void)fclose(to);
	CHECK_STR(text, "");
	free(text);
}

int main(void)
{
	test_plain();
	test_terminal();
	test_width();
	test_quiet();
	return check_done();
}
