/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CLAIMS_KEYS_H
#define TARE_CLAIMS_KEYS_H

/* The keys of one claim, each read into a struct claim. Only claims_config.c uses this.
 */
#include "bench/claims/claims.h"
#include "bench/config/yaml.h"

extern const struct yaml_key claim_keys[];

#endif
