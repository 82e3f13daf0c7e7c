/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/host/topology.h"

#include <errno.h>
#include <hwloc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/base/units.h"

#define LLC_LEAST_BYTES (1ull << 20)
#define DRAM_PER_LLC 4u

struct topology {
	hwloc_topology_t hwloc;
};

CLEANUP_DEFINE(topology, struct topology *, topology_close)

/* One PU and what decides when it is chosen. */
struct candidate {
	unsigned os_index;
	unsigned sibling; /* which of its core's PUs */
	unsigned core;	  /* hwloc's logical index */
	int kind;	  /* hybrid machines: higher is faster */
};

static int load(struct topology *topology, const char *synthetic, struct err *err)
{
	if (hwloc_topology_init(&topology->hwloc))
		return err_fail(err, ENOMEM, "cannot set up hwloc");
	if (synthetic && hwloc_topology_set_synthetic(topology->hwloc, synthetic))
		return err_fail(err, EINVAL, "hwloc does not know the machine '%s'",
				synthetic);
	/* disks belong on the picture */
	(void)hwloc_topology_set_io_types_filter(topology->hwloc,
						 HWLOC_TYPE_FILTER_KEEP_IMPORTANT);
	if (hwloc_topology_load(topology->hwloc))
		return err_fail(err, errno, "hwloc cannot read this machine's topology");
	return 0;
}

int topology_open(const char *synthetic, struct topology **ret, struct err *err)
{
	cleanup(topology) struct topology *topology = calloc(1, sizeof(*topology));
	int rc;

	if (!topology)
		return err_fail(err, ENOMEM, "no memory for the topology");
	rc = load(topology, synthetic, err);
	if (rc)
		return rc;
	*ret = take_ptr(topology);
	return 0;
}

void topology_close(struct topology *topology)
{
	if (!topology)
		return;
	if (topology->hwloc)
		hwloc_topology_destroy(topology->hwloc);
	free(topology);
}

unsigned topology_cpu_nr(const struct topology *topology)
{
	return (unsigned)hwloc_get_nbobjs_by_type(topology->hwloc, HWLOC_OBJ_PU);
}

unsigned topology_core_nr(const struct topology *topology)
{
	int nr = hwloc_get_nbobjs_by_type(topology->hwloc, HWLOC_OBJ_CORE);

	return nr > 0 ? (unsigned)nr : topology_cpu_nr(topology);
}

static struct candidate candidate_of(const struct topology *topology, hwloc_obj_t pu)
{
	hwloc_obj_t core =
		hwloc_get_ancestor_obj_by_type(topology->hwloc, HWLOC_OBJ_CORE, pu);

	return (struct candidate){
		.os_index = pu->os_index,
		/* without cores in the description every PU counts as one */
		.sibling =
			core ? pu->logical_index - hwloc_get_obj_inside_cpuset_by_type(
							   topology->hwloc, core->cpuset,
							   HWLOC_OBJ_PU, 0)
							   ->logical_index
			     : 0,
		.core = core ? core->logical_index : pu->logical_index,
		/* -1 where kinds are not known: then all are equal */
		.kind = hwloc_cpukinds_get_by_cpuset(topology->hwloc, pu->cpuset, 0),
	};
}

static int compare_candidates(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	if (a->sibling != b->sibling)
		return a->sibling < b->sibling ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind > b->kind ? -1 : 1;
	if (a->core != b->core)
		return a->core > b->core ? -1 : 1;
	return 0;
}

/* Every PU in the order of choice: a core's first PU before any second one, fast cores
 * before slow ones, last core first. Malloc'ed, topology_cpu_nr() long. */
static struct candidate *order_of_choice(const struct topology *topology)
{
	unsigned nr = topology_cpu_nr(topology);
	struct candidate *list = calloc(nr ? nr : 1, sizeof(*list));

	for (unsigned i = 0; list && i < nr; i++)
		list[i] = candidate_of(topology, hwloc_get_obj_by_type(topology->hwloc,
								       HWLOC_OBJ_PU, i));
	if (list)
		qsort(list, nr, sizeof(*list), compare_candidates);
	return list;
}

int topology_choose(const struct topology *topology, size_t nr, unsigned *ret_work,
		    unsigned *ret_service, struct err *err)
{
	cleanup(free) struct candidate *list = order_of_choice(topology);
	unsigned have = topology_cpu_nr(topology);

	if (!list)
		return err_fail(err, ENOMEM, "no memory for the list of CPUs");
	if (!nr || nr > have)
		return err_fail(err, ERANGE, "%zu CPUs asked for, this machine has %u",
				nr, have);
	for (size_t i = 0; i < nr; i++)
		ret_work[i] = list[i].os_index;
	*ret_service = list[nr < have ? nr : have - 1].os_index;
	return 0;
}

/* The PU that topology_choose names first; NULL when memory is out. */
static hwloc_obj_t work_pu(const struct topology *topology)
{
	cleanup(free) struct candidate *list = order_of_choice(topology);

	if (!list || !topology_cpu_nr(topology))
		return NULL;
	return hwloc_get_pu_obj_by_os_index(topology->hwloc, list[0].os_index);
}

/* level 0: the outermost */
static uint64_t cache_bytes(const struct topology *topology, unsigned level)
{
	uint64_t outermost = 0;

	for (hwloc_obj_t obj = work_pu(topology); obj; obj = obj->parent) {
		if (!hwloc_obj_type_is_dcache(obj->type))
			continue;
		if (obj->attr->cache.depth == level)
			return obj->attr->cache.size;
		if (obj->attr->cache.size)
			outermost = obj->attr->cache.size;
	}
	return level ? 0 : outermost;
}

uint64_t topology_cache_bytes(const struct topology *topology, unsigned level)
{
	return level >= 1 && level <= 3 ? cache_bytes(topology, level) : 0;
}

uint64_t topology_llc_bytes(const struct topology *topology)
{
	uint64_t bytes = cache_bytes(topology, 0);

	return bytes < LLC_LEAST_BYTES ? LLC_LEAST_BYTES : bytes;
}

/* 1..3 for "l1".."l3", 0 for anything else */
static unsigned cache_level(const char *name)
{
	bool is_level = name[0] == 'l' && name[1] >= '1' && name[1] <= '3' && !name[2];

	return is_level ? (unsigned)(name[1] - '0') : 0;
}

int topology_size(const struct topology *topology, const char *name, uint64_t *ret,
		  struct err *err)
{
	unsigned level = cache_level(name);
	uint64_t bytes = level ? topology_cache_bytes(topology, level) / 2 : 0;
	int rc;

	if (level && !bytes)
		return err_fail(err, ENOENT, "size '%s': this CPU has no level %u cache",
				name, level);
	if (!level && (!strcmp(name, "dram") || !strcmp(name, "4xllc")))
		bytes = DRAM_PER_LLC * topology_llc_bytes(topology);
	if (!bytes) {
		rc = units_parse_bytes(name, &bytes, err);
		if (rc)
			return err_because(err,
					   "size '%s' is none of l1, l2, l3, dram, "
					   "4xllc",
					   name);
	}
	if (!bytes)
		return err_fail(err, EINVAL, "size '%s': must be at least one byte",
				name);
	*ret = bytes;
	return 0;
}

int topology_xml(const struct topology *topology, char **ret, struct err *err)
{
	char *buffer, *copy;
	int length;

	if (hwloc_topology_export_xmlbuffer(topology->hwloc, &buffer, &length, 0))
		return err_fail(err, errno, "hwloc cannot write the topology as XML");
	copy = strdup(buffer);
	hwloc_free_xmlbuffer(topology->hwloc, buffer);
	if (!copy)
		return err_fail(err, ENOMEM, "no memory for the topology's XML");
	*ret = copy;
	return 0;
}
