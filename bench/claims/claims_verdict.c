/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules of a verdict; docs/method.md has them in words. */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "bench/claims/claims.h"

#define QUANTILE 0.975 /* two-sided 95 % */

struct claim_interval claim_widen(double ratio, double low, double high, double floor)
{
	struct claim_interval interval = {low, high};

	if (!isfinite(floor))
		return interval;
	interval.low = fmin(low, ratio * exp(-floor));
	interval.high = fmax(high, ratio * exp(floor));
	return interval;
}

/* Inside is a test of equivalence by two one-sided tests of 2.5 % each (Schuirmann 1987);
 * outside is a test of difference at 5 %. */
enum claim_verdict claim_judge_value(const struct claim *claim,
				     struct claim_interval interval)
{
	double least = claim->claimed * (1 - claim->tolerance);
	double most = claim->claimed * (1 + claim->tolerance);

	if (interval.low >= least && interval.high <= most)
		return CLAIM_REPRODUCED;
	if (interval.high < least || interval.low > most)
		return CLAIM_CONTRADICTED;
	return CLAIM_INCONCLUSIVE;
}

enum claim_verdict claim_judge_order(const struct claim *claim,
				     struct claim_interval interval)
{
	double margin = isfinite(claim->tolerance) ? claim->tolerance : 0;
	bool above = interval.low > 1 - (claim->below ? 0 : margin);
	bool below = interval.high < 1 + (claim->below ? margin : 0);

	if (claim->below ? below : above)
		return CLAIM_REPRODUCED;
	if (claim->below ? interval.low > 1 + margin : interval.high < 1 - margin)
		return CLAIM_CONTRADICTED;
	return CLAIM_INCONCLUSIVE;
}

enum claim_verdict claim_combine(const size_t count[static CLAIM_VERDICT_NR], bool every)
{
	size_t yes = count[CLAIM_REPRODUCED], no = count[CLAIM_CONTRADICTED];
	size_t open = count[CLAIM_INCONCLUSIVE];

	if (!yes && !no && !open)
		return CLAIM_UNTESTABLE;
	if (every ? no > 0 : !yes && !open)
		return CLAIM_CONTRADICTED;
	if (every ? !open : yes > 0)
		return CLAIM_REPRODUCED;
	return CLAIM_INCONCLUSIVE;
}

struct moments {
	double mean, error2; /* squared standard error of the mean */
	double freedom;
};

static bool moments_of(const double *values, size_t nr, struct moments *ret)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < nr; i++) {
		if (!(values[i] > 0) || !isfinite(values[i]))
			return false;
		sum += log(values[i]);
	}
	if (nr < 2)
		return false;
	ret->mean = sum / (double)nr;
	for (size_t i = 0; i < nr; i++)
		squares += pow(log(values[i]) - ret->mean, 2);
	ret->freedom = (double)nr - 1;
	ret->error2 = squares / ret->freedom / (double)nr;
	return true;
}

/* B. L. Welch, Biometrika 34 (1947): degrees of freedom for unequal variances. */
bool claim_welch(const double *a, size_t a_nr, const double *b, size_t b_nr,
		 double *ret_ratio, struct claim_interval *ret)
{
	struct moments x, y;
	double error2, freedom, reach = 0, difference;

	if (!moments_of(a, a_nr, &x) || !moments_of(b, b_nr, &y))
		return false;
	difference = x.mean - y.mean;
	error2 = x.error2 + y.error2;
	if (error2 > 0) {
		freedom = error2 * error2 /
			  (x.error2 * x.error2 / x.freedom +
			   y.error2 * y.error2 / y.freedom);
		reach = gsl_cdf_tdist_Pinv(QUANTILE, freedom) * sqrt(error2);
	}
	*ret_ratio = exp(difference);
	ret->low = exp(difference - reach);
	ret->high = exp(difference + reach);
	return true;
}
