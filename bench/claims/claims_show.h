/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CLAIMS_SHOW_H
#define TARE_CLAIMS_SHOW_H

/* Findings in words and tables, for the command and the report. */

#include "bench/claims/claims.h"

#define CLAIM_TEXT_MAX 160
/* "0.99 ± 3 %", "above kvm:virtio", "–" */
const char *claim_claimed_text(const struct claim *claim,
			       char buffer[static CLAIM_TEXT_MAX]);
/* "0.884 [0.862, 0.912]"; "–": no number */
const char *claim_measured_text(const struct claim_reading *reading,
				char buffer[static CLAIM_TEXT_MAX]);
/* "kvm:virtio (emulated) / kvm:ide" */
const char *claim_platform_text(const struct claim_reading *reading,
				char buffer[static CLAIM_TEXT_MAX]);
/* "kvm:ide, or lxc:bind in its place" */
const char *claim_sides_text(const struct claim *claim,
			     char buffer[static CLAIM_TEXT_MAX]);
/* Sums a verdict: "12 reproduced, 3 contradicted, …" */
const char *claim_sum_text(const struct claim_findings *findings,
			   char buffer[static CLAIM_TEXT_MAX]);

/* A claim a row, then the readings of those that have several, unless none decides. */
int claims_show_text(const struct claim_findings *findings, struct err *err);
/* A reading a row; a claim without any has one row, too. */
int claims_show_csv(const struct claim_findings *findings, struct err *err);
int claims_show_json(const struct claim_findings *findings, struct err *err);

#endif
