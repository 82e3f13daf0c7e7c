/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_ACCOUNT_H
#define TARE_ACCOUNT_H

/* What the processes that serve an instance take of the host's memory. */
#include <sys/types.h>

#include "drivers/driver.h"

/* Adds a process to pss_bytes and to its role's share; `role` is static text. One that is
 * gone, or that this host tells nothing about, adds nothing. */
void account_add_process(struct account *account, const char *role, pid_t pid);

#endif
