/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_claims.h"

const struct report_claim report_claims[] = {
	{"virtfs", 0.99},
	{"virtio", 0.81},
	{"ide", 0.41},
};
const size_t report_claim_nr = sizeof(report_claims) / sizeof(report_claims[0]);

void report_claims_table(const struct report *report, FILE *to)
{
	(void)report;
	(void)to;
}
