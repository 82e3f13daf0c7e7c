/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/host/account.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/cleanup.h"

/* The KiB behind "key:" in a file of /proc/PID; false: there is none. */
static bool read_kib(pid_t pid, const char *name, const char *key, uint64_t *ret)
{
	char path[64], line[256];
	cleanup(file) FILE *file = NULL;
	size_t length = strlen(key);

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, length) && line[length] == ':')
			return sscanf(line + length + 1, "%" SCNu64, ret) == 1;
	return false;
}

/* The entry of a role; what there is no room for goes to the last one. */
static struct account_role *find_role(struct account *account, const char *role)
{
	for (size_t i = 0; i < account->role_nr; i++)
		if (!strcmp(account->roles[i].name, role))
			return &account->roles[i];
	if (account->role_nr == ACCOUNT_ROLES_MAX)
		return &account->roles[ACCOUNT_ROLES_MAX - 1];
	account->roles[account->role_nr] = (struct account_role){.name = role};
	return &account->roles[account->role_nr++];
}

void account_add_process(struct account *account, const char *role, pid_t pid)
{
	struct account_role *entry;
	uint64_t pss, tables = 0;

	if (!read_kib(pid, "smaps_rollup", "Pss", &pss))
		return;
	(void)read_kib(pid, "status", "VmPTE", &tables);
	entry = find_role(account, role);
	entry->processes++;
	entry->pss_bytes += pss << 10;
	entry->page_table_bytes += tables << 10;
	account->pss_bytes += pss << 10;
}
