/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_STORE_IMPORT_H
#define TARE_STORE_IMPORT_H

/*
 * Runs of another store, of this schema version or an older one, into ours.  The other
 * file is not trusted: nothing in it is executed, and every value is checked.
 */
#include "bench/store/store.h"

/* What became of a run of the other store. */
struct imported {
	int64_t from, to; /* its number there and here */
	bool there;	  /* it was here already, as `to` */
	char started_utc[32], suite[64];
};
struct import {
	struct imported *list;
	size_t nr;
};
void import_release(struct import *import); /* takes NULL and what is zeroed */

/*
 * `from` is opened with STORE_IMPORT and passed store_import_check.  All its runs in one
 * transaction: every one of them, or none.  A run is the same as one that is here when
 * host, begin, seed and command are.  -EINVAL: a value that tare does not write; -EINTR:
 * *stop became true.
 */
int store_import(struct store *from, struct store *to, const volatile int *stop,
		 struct import *ret, struct err *err);

/* Is it whole, and nothing but a store?  -EINVAL: something else is in it; -EBADMSG: it
 * is damaged; -EINTR. */
int store_import_check(struct store *from, const volatile int *stop, struct err *err);
/* For a connection to a file that is not trusted, before the first statement. */
int store_harden(struct store *store, struct err *err);
/* Has statements of a connection end when *stop is true. */
void store_stop_on(struct store *store, const volatile int *stop);

#endif
