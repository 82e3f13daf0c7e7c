/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Twenty million instructions: prints the nanoseconds of CPU time that they take. */
#include <stdio.h>
#include <time.h>

static long now_ns(void)
{
	struct timespec at;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return at.tv_sec * 1000000000L + at.tv_nsec;
}

int main(void)
{
	long begin = now_ns();
	unsigned long left = 10000000;

	__asm__ volatile("1: dec %0\n\tjnz 1b" : "+r"(left)::"cc");
	(void)printf("%ld\n", now_ns() - begin);
	return 0;
}
