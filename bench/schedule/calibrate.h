/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CALIBRATE_H
#define TARE_CALIBRATE_H

/*
 * How much work a slice is: as many operations as take 1.5 ms on the baseline, for the
 * pilot's shortest error is at 1 to 2 ms (docs/method.md).
 */
#include "bench/schedule/slice.h"

/* Opens a worker of the slice's cell, tries, closes it again. A cell whose metric is the
 * round trip does one operation. -EOPNOTSUPP: it cannot run; -ERANGE: its clock stood
 * still; other errors: of the channel. */
int calibrate_ops(const struct slice *slice, uint64_t *ret, struct err *err);

#endif
