/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_MEMCG_BYTES_H
#define TARE_MEMCG_BYTES_H

/* How the cost of kernel memory is made up: bytes an object, and their phase. */
#include "bench/memcg/memcg_behaviour.h"
#include "bench/memcg/memcg_objects.h"

MEMCG_EXPERIMENT(bytes);
MEMCG_EXPERIMENT(phase);
MEMCG_EXPERIMENT(off);

/* Bytes that one held object charges, in a group and process of its own; at most `most`
 * are made. *ret_nr: how many could be made. */
int memcg_bytes_of(struct memcg_context *context, enum memcg_object object, uint64_t most,
		   double *ret, uint64_t *ret_nr, struct err *err);

/* memcg_band.c: the dear phases as one band around the circle of a page. */
struct memcg_band {
	double start_bytes; /* where it begins */
	double cheap, dear; /* medians outside and inside */
	double chance;	    /* share of random orders that would fit a band as well */
};
/* Fits a band of a given width to values in the order of their phases (ascending, in
 * bytes); `random` is the state of the orders drawn. 2 ≤ nr ≤ MEMCG_BAND_MAX. */
#define MEMCG_BAND_MAX 256
int memcg_band(const double *phases, const double *values, size_t nr, double width_bytes,
	       double page_bytes, uint64_t *random, struct memcg_band *ret,
	       struct err *err);

#endif
