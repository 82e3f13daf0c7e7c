/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_PROGRESS_H
#define TARE_PROGRESS_H

/*
 * One line that is rewritten on a terminal; a plain line every few seconds elsewhere;
 * nothing when quiet.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
	FILE *to;
	bool terminal, quiet;
	uint64_t last_ns, begin_ns;
};
void progress_init(struct progress *progress, FILE *to, bool quiet);
/* done of total arms; what is being worked on; interval so far as text ("±0.42 %" or "");
 * eta_ns 0: unknown. Rate-limited by itself. */
void progress_show(struct progress *progress, unsigned done, unsigned total,
		   const char *what, const char *interval, uint64_t eta_ns);
/* A line that stays (a platform that could not start, …). */
void progress_note(struct progress *progress, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void progress_end(struct progress *progress);

#endif
