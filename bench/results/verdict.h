/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_VERDICT_H
#define TARE_VERDICT_H

/* What a ratio says, in words that show and report share. */
#include "bench/results/results.h"

#define VERDICT_MAX 96
/* "below noise (floor ±0.4 %)", "no difference seen (±0.3 %)", "undecided (0.4 to 1.5)",
 * "2.1 % slower", "18 times slower", "no ratio: <why>". */
const char *verdict_text(const struct result *result, char buffer[static VERDICT_MAX]);
/* The point lies within the floor. */
bool verdict_below_noise(const struct result *result);
/* The interval contains 1 and is so wide that neither a difference nor its absence can be
 * claimed. */
bool verdict_undecided(const struct result *result);
/* A difference: outside the floor, and the interval does not contain 1. */
bool verdict_stands_out(const struct result *result);
/* As precise as asked. */
bool verdict_met(const struct result *result);

#endif
