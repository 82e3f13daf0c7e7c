/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/base/progress.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench/base/clock.h"
#include "bench/base/output.h"
#include "bench/base/units.h"

#define TERMINAL_INTERVAL_NS (100 * NS_PER_MS)
#define PLAIN_INTERVAL_NS (5 * NS_PER_S)
#define WIDTH_FALLBACK 80u
#define LINE_MAX_BYTES 512
#define REWRITE "\r\033[K" /* to the line's begin, clear what is behind */

void progress_init(struct progress *progress, FILE *to, bool quiet)
{
	const char *term = getenv("TERM");
	bool dumb = term && !strcmp(term, "dumb");

	*progress = (struct progress){
		.to = to,
		.terminal = isatty(fileno(to)) && !dumb,
		.quiet = quiet,
		.begin_ns = clock_now_ns(),
	};
}

static size_t terminal_width(FILE *to)
{
	struct winsize size;

	if (ioctl(fileno(to), TIOCGWINSZ, &size) || !size.ws_col)
		return WIDTH_FALLBACK;
	return size.ws_col;
}

/* Shortens UTF-8 to `width` characters; a character is never cut in two. */
static void cut(char *line, size_t width)
{
	for (; *line; line++) {
		bool begins = ((unsigned char)*line & 0xc0) != 0x80;

		if (begins && !width) {
			*line = '\0';
			return;
		}
		width -= begins;
	}
}

/* What is shown may quote a guest: nothing in it may steer the terminal. */
static void make_harmless(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

static void compose(const struct progress *progress, char line[static LINE_MAX_BYTES],
		    unsigned done, unsigned total, const char *what, const char *interval,
		    uint64_t eta_ns)
{
	char elapsed[UNITS_TEXT_MAX], eta[UNITS_TEXT_MAX], counted[32] = "",
							   left[64] = "";

	if (total)
		(void)snprintf(counted, sizeof(counted), "%u/%u  ", done, total);
	if (eta_ns)
		(void)snprintf(left, sizeof(left), ", about %s left",
			       units_duration(eta_ns, eta));
	(void)snprintf(line, LINE_MAX_BYTES, "%s%.160s%s%.40s  (%s%s)", counted, what,
		       *interval ? "  " : "", interval,
		       units_duration(clock_now_ns() - progress->begin_ns, elapsed),
		       left);
	make_harmless(line);
}

/* The first line comes at once: last_ns is 0. */
static bool is_due(const struct progress *progress)
{
	uint64_t interval = progress->terminal ? TERMINAL_INTERVAL_NS : PLAIN_INTERVAL_NS;

	return !progress->last_ns || clock_now_ns() - progress->last_ns >= interval;
}

void progress_show(struct progress *progress, unsigned done, unsigned total,
		   const char *what, const char *interval, uint64_t eta_ns)
{
	char line[LINE_MAX_BYTES];

	if (progress->quiet || !is_due(progress))
		return;
	progress->last_ns = clock_now_ns();
	compose(progress, line, done, total, what, interval, eta_ns);
	if (progress->terminal) {
		/* the last column stays free: some terminals wrap when it is filled */
		cut(line, terminal_width(progress->to) - 1);
		fprintf(progress->to, REWRITE "%s", line);
	} else {
		fprintf(progress->to, "%s\n", line);
	}
	(void)fflush(progress->to);
}

void progress_note(struct progress *progress, const char *format, ...)
{
	char text[1024];
	va_list args;

	if (progress->quiet)
		return;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	make_harmless(text);
	fprintf(progress->to, "%s%s\n", progress->terminal ? REWRITE : "", text);
	(void)fflush(progress->to);
}

/* Clears the line that is rewritten, so that what follows begins on an empty one. */
void progress_end(struct progress *progress)
{
	if (progress->quiet || !progress->terminal || !progress->last_ns)
		return;
	fputs(REWRITE, progress->to);
	(void)fflush(progress->to);
}
