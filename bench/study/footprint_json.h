/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_FOOTPRINT_JSON_H
#define TARE_FOOTPRINT_JSON_H

/* How the study's numbers are written. */
#include "bench/base/json.h"
#include "bench/results/stats.h"

/* {"mean", "low", "high", "steps", "floor"}, null for what is not known; NULL: no memory.
 */
json_t *footprint_json_mean(const struct stats_mean *over, size_t steps, double floor);

#endif
