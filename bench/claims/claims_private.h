/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CLAIMS_PRIVATE_H
#define TARE_CLAIMS_PRIVATE_H

/* What the files of claims.h share. */
#include "bench/claims/claims.h"
#include "bench/results/results.h"

/* One run of the store as evidence; its ratios are computed when first asked for. */
struct evidence {
	struct store *store;
	int64_t run;
	bool loaded, emulated_host;
	uint32_t cpus, packages; /* of the run's host; 0: not known */
	struct results results;
};
int evidence_open(struct store *store, int64_t run, struct evidence *ret,
		  struct err *err);
void evidence_release(struct evidence *evidence);

/* A list of readings that grows. */
struct readings {
	struct claim_reading *list;
	size_t nr;
};
/* A new reading with no number, not testable; NULL: no memory. */
struct claim_reading *readings_add(struct readings *readings,
				   const struct evidence *evidence);
void claim_say(char to[static CLAIM_REASON_MAX], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Each adds what the run has for the claim; 0, -ENOMEM, or -EIO from the store. */
int claim_read_ratios(struct evidence *evidence, const struct claim *claim,
		      struct readings *into, struct err *err);
/* counts and start times */
int claim_read_samples(const struct evidence *evidence, const struct claim *claim,
		       struct readings *into, struct err *err);
int claim_read_experiments(const struct evidence *evidence, const struct claim *claim,
			   struct readings *into, struct err *err);

#endif
