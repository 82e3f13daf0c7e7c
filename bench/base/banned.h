/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_BANNED_H
#define TARE_BANNED_H

/*
 * The Makefile includes this in front of every file of the program and the agent.  What
 * is named here cannot be called: functions that cannot bound what they write (strcpy,
 * sprintf), cannot say that they failed (atoi), keep state between calls (strtok, ctime)
 * or start a shell (popen; scripts/lint looks for system).  The headers that declare
 * them come first, for a poisoned name may not be declared either.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#pragma GCC poison gets strcpy stpcpy strcat strncat sprintf vsprintf
#pragma GCC poison atoi atol atoll atof strtok asctime ctime gmtime localtime
#pragma GCC poison popen mktemp tmpnam tempnam bcopy bzero

#endif
