/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the limits on input and output are set: for the one disk that holds the data. */
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "bench/study/neighbour_limit.h"

#define MIB 1048576.0
#define V1_THROTTLE "blkio.throttle."

static int check_device(const struct neighbour_device *device, struct err *err)
{
	return device->missing[0] ? err_fail(err, ENOTSUP, "%s", device->missing) : 0;
}

/* Both directions alike. what: "bps" or "iops"; 0: no limit. */
static int set_max(const struct neighbour_group *group, const char *what, uint64_t value,
		   struct err *err)
{
	const struct neighbour_device *device = &group->where->device;
	char read_file[48], write_file[48], v1[48], number[24] = "max", v2[96];
	int rc = check_device(device, err);

	if (rc)
		return rc;
	if (value)
		(void)snprintf(number, sizeof(number), "%llu", (unsigned long long)value);
	(void)snprintf(read_file, sizeof(read_file), V1_THROTTLE "read_%s_device", what);
	(void)snprintf(write_file, sizeof(write_file), V1_THROTTLE "write_%s_device",
		       what);
	(void)snprintf(v1, sizeof(v1), "%u:%u %llu", device->major, device->minor,
		       (unsigned long long)value);
	(void)snprintf(v2, sizeof(v2), "%u:%u r%s=%s w%s=%s", device->major,
		       device->minor, what, number, what, number);
	rc = neighbour_group_put(
		group, "io", &(struct neighbour_file){read_file, v1, "io.max", v2}, err);
	return rc ? rc
		  : neighbour_group_put(
			    group, "io",
			    &(struct neighbour_file){write_file, v1, "io.max", v2}, err);
}

int neighbour_set_io_bytes(const struct neighbour_limit_def *limit,
			   const struct neighbour_group *group, bool on, struct err *err)
{
	return set_max(group, "bps", on ? (uint64_t)llround(limit->asked * MIB) : 0, err);
}

int neighbour_set_io_operations(const struct neighbour_limit_def *limit,
				const struct neighbour_group *group, bool on,
				struct err *err)
{
	return set_max(group, "iops", on ? (uint64_t)llround(limit->asked) : 0, err);
}

/* A tenth of the default, which is 100 for bfq and io.cost and 500 for cfq. */
int neighbour_set_io_weight(const struct neighbour_limit_def *limit,
			    const struct neighbour_group *group, bool on, struct err *err)
{
	const char *value = on ? "10" : "100";
	struct neighbour_file file = {0};
	const struct cgroup_hierarchy *where = neighbour_controller(&group->groups, "io");
	char why[256];
	int rc = check_device(&group->where->device, err);

	(void)limit;
	if (rc)
		return rc;
	if (!where)
		return err_fail(err, ENOTSUP, "its group has no controller 'io'");
	switch (neighbour_device_heeds(&group->where->device, where, why, sizeof(why))) {
	case HEED_BFQ:
		file = (struct neighbour_file){"blkio.bfq.weight", value, "io.bfq.weight",
					       value};
		break;
	case HEED_CFQ:
		file = (struct neighbour_file){.v1 = "blkio.weight",
					       .v1_value = on ? "50" : "500"};
		break;
	case HEED_IOCOST:
		file = (struct neighbour_file){.v2 = "io.weight", .v2_value = value};
		break;
	default:
		return err_fail(err, ENOTSUP, "%s", why);
	}
	return neighbour_group_put(group, "io", &file, err);
}
