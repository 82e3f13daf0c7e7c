/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_CLAIMS_H
#define TARE_REPORT_CLAIMS_H

/* The claims that tare was founded to test, and how the run stands to them. */
#include "report.h"

/* A disk path's share of the real machine's I/O. */
struct report_claim {
	const char *path; /* as a platform's path is called */
	double ratio;
};
extern const struct report_claim report_claims[];
extern const size_t report_claim_nr;
#define REPORT_CLAIMS_SOURCE                                                       \
	"notes of the 4th Container Virtualization Information Exchange Meeting, " \
	"Tokyo, "                                                                  \
	"2014; conditions not given"

#endif
