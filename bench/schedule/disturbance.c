/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/schedule/disturbance.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

double disturbance_involuntary(const struct sample *samples, size_t nr)
{
	double sum = 0;
	size_t counted = 0;

	for (size_t i = 0; i < nr; i++) {
		if (samples[i].involuntary == SAMPLE_NONE)
			continue;
		sum += (double)samples[i].involuntary;
		counted++;
	}
	return counted ? sum / (double)counted : -1;
}

__attribute__((format(printf, 2, 3))) static void add(char *to, const char *format, ...)
{
	size_t used = strlen(to);
	va_list args;

	if (used)
		used += (size_t)snprintf(to + used, DISTURBANCE_TEXT_MAX - used, ", ");
	va_start(args, format);
	if (used < DISTURBANCE_TEXT_MAX)
		(void)vsnprintf(to + used, DISTURBANCE_TEXT_MAX - used, format, args);
	va_end(args);
}

/* Stolen share of all the CPUs' time; 0 when it is not known. */
static double stolen(const struct disturbance *d)
{
	double time_ns = (double)d->since_ns * d->cpu_nr;

	return d->steal_ns == SAMPLE_NONE || time_ns <= 0 ? 0
							  : (double)d->steal_ns / time_ns;
}

static double frequency_change(const struct disturbance *d)
{
	return d->cpu_khz && d->before_khz
		       ? (double)d->cpu_khz / (double)d->before_khz - 1
		       : 0;
}

const char *disturbance_text(const struct disturbance *d,
			     char to[static DISTURBANCE_TEXT_MAX])
{
	to[0] = '\0';
	if (stolen(d) > DISTURBANCE_STEAL_MAX)
		add(to, "steal %.1f %%", 100 * stolen(d));
	if (d->involuntary > DISTURBANCE_INVOLUNTARY_MAX)
		add(to, "%.1f involuntary switches a slice", d->involuntary);
	if (d->psi_cpu > DISTURBANCE_PSI_MAX)
		add(to, "CPU pressure %.0f %%", d->psi_cpu);
	if (d->load1 > d->cpu_nr)
		add(to, "load %.1f", d->load1);
	if (fabs(frequency_change(d)) > DISTURBANCE_FREQUENCY_MAX)
		add(to, "frequency %+.0f %%", 100 * frequency_change(d));
	return to;
}
