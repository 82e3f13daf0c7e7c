/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_STORE_IMPORT_TABLE_H
#define TARE_STORE_IMPORT_TABLE_H

/* Rows from one store to another under new ids. Only store_import*.c include this. */
#include "bench/store/store.h"

/* Old ids and new ones of one table, ascending by the old. */
struct import_map {
	struct import_id {
		int64_t from, to;
	} * list;
	size_t nr, cap;
};
#define IMPORT_TABLES_MAX 16
struct import_maps {
	struct import_map tables[IMPORT_TABLES_MAX]; /* in the order of import */
	int64_t *skipped;			     /* runs that are left out */
	size_t skipped_nr;
};

int import_maps_skip(struct import_maps *maps, int64_t run, struct err *err);
/* The new id of a run; 0: it was not copied. */
int64_t import_maps_run(const struct import_maps *maps, int64_t run);
void import_maps_release(struct import_maps *maps);

/* Every row of every table that belongs to a run which is not skipped; of an older
 * version, the columns that both have. -EINVAL: a value that tare does not write. */
int import_tables(struct store *from, struct store *to, struct import_maps *maps,
		  struct err *err);

#endif
