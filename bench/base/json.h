/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_JSON_H
#define TARE_JSON_H

/* jansson with our scope-bound cleanup: `cleanup(json) json_t *root = …;`
 * (json_auto_t names the attribute that our macro is called by). */
#include <jansson.h>
#include <math.h>
#include <stdbool.h>

#include "bench/base/cleanup.h"

CLEANUP_DEFINE(json, json_t *, json_decref)

/* JSON has no number for what is not known: null, never 0. The caller owns it. */
static inline json_t *json_known(bool known, double value)
{
	return known && isfinite(value) ? json_real(value) : json_null();
}
static inline json_t *json_finite(double value)
{
	return json_known(true, value);
}

#endif
