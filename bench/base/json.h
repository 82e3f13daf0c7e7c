/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_JSON_H
#define TARE_JSON_H

/* jansson with our scope-bound cleanup: `cleanup(json) json_t *root = …;`
 * (json_auto_t names the attribute that our macro is called by). */
#include <jansson.h>

#include "bench/base/cleanup.h"

CLEANUP_DEFINE(json, json_t *, json_decref)

#endif
