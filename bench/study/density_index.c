/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/density.h"

double density_jain(const double *shares, size_t nr)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < nr; i++) {
		sum += shares[i];
		squares += shares[i] * shares[i];
	}
	return squares > 0 ? sum * sum / ((double)nr * squares) : 0;
}

unsigned density_knee(const double *counts, const double *totals, size_t nr)
{
	double first = nr && counts[0] > 0 ? totals[0] / counts[0] : 0;

	for (size_t i = 1; i < nr; i++) {
		double added = (totals[i] - totals[i - 1]) / (counts[i] - counts[i - 1]);

		if (added < first / 2)
			return (unsigned)counts[i - 1];
	}
	return 0;
}
