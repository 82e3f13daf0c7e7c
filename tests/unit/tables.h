/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_TEST_TABLES_H
#define TARE_TEST_TABLES_H

/*
 * Small tables of drivers and workloads in place of the program's own, so that parsers
 * and plans are tested against words that no change elsewhere can move.
 */
#include <string.h>

#include "bench/workload/workload.h"
#include "drivers/driver.h"

static const struct workload_native native;
static const struct workload_fio direct = {
	.rw = "randread", .block_bytes = 4096, .depth = 1, .direct = true};
static const struct workload_fio cached = {
	.rw = "read", .block_bytes = 1 << 20, .depth = 1, .direct = false};

static const struct workload workload_null = {
	.name = "null", .family = FAMILY_CONTROL, .native = &native};
static const struct workload workload_int = {
	.name = "int", .family = FAMILY_CPU, .native = &native};
static const struct workload workload_chase = {.name = "chase",
					       .family = FAMILY_MEMORY,
					       .native = &native,
					       .sized = true,
					       .default_size = "dram"};
static const struct workload workload_direct = {
	.name = "randread-qd1", .family = FAMILY_DISK, .fio = &direct};
static const struct workload workload_cached = {
	.name = "seqread-cached", .family = FAMILY_DISK, .fio = &cached};

const struct workload *const workloads[] = {&workload_null, &workload_int,
					    &workload_chase, &workload_direct,
					    &workload_cached};
const size_t workload_nr = 5;

const struct workload *workload_find(const char *name)
{
	for (size_t i = 0; i < workload_nr; i++)
		if (!strcmp(workloads[i]->name, name))
			return workloads[i];
	return NULL;
}

static const struct setting_def no_settings[] = {{0}};
static const struct setting_def box_settings[] = {
	{"cache", SETTING_WORD, "none|writeback", "none", ""},
	{"memory", SETTING_BYTES, NULL, "512MiB", ""},
	{"queues", SETTING_COUNT, NULL, NULL, ""},
	{"pinned", SETTING_BOOL, NULL, "yes", ""},
	{"kernel", SETTING_PATH, NULL, NULL, ""},
	{0},
};
static const struct path_def host_paths[] = {{"host", ""}, {0}};
static const struct path_def box_paths[] = {
	{"ide", ""}, {"virtio", ""}, {"virtfs", ""}, {0}};

static const struct driver driver_metal = {
	.name = "metal", .settings = no_settings, .paths = host_paths};
static const struct driver driver_box = {
	.name = "box", .settings = box_settings, .paths = box_paths};
static const struct driver driver_ghost = {
	.name = "ghost", .settings = no_settings, .paths = host_paths, .hidden = true};

const struct driver *const drivers[] = {&driver_metal, &driver_box, &driver_ghost};
const size_t driver_nr = 3;

const struct driver *driver_find(const char *name)
{
	for (size_t i = 0; i < driver_nr; i++)
		if (!strcmp(drivers[i]->name, name))
			return drivers[i];
	return NULL;
}

#endif
