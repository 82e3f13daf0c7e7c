/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of drivers, and nothing else: a test that brings a table of its own links the
 * rest of the registry without this file. */
#include "drivers/driver.h"

#define DRIVER(name) extern const struct driver driver_##name;
#include "drivers/drivers.def"
#undef DRIVER

const struct driver *const drivers[] = {
#define DRIVER(name) &driver_##name,
#include "drivers/drivers.def"
#undef DRIVER
};
const size_t driver_nr = sizeof(drivers) / sizeof(drivers[0]);
