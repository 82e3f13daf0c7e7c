/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "bench/results/stats.h"
#include "tests/check.h"

#define NR(list) (sizeof(list) / sizeof((list)[0]))

static void test_trimmed_mean(void)
{
	double ten[] = {10, 1, 9, 2, 8, 3, 7, 4, 6, 5}; /* 3 … 8 are left */
	double wild[] = {1e9, 1, 2, 3, -1e9};		/* 1, 2, 3 are left */
	double five[] = {1, 2, 3, 4, 10};		/* one fifth of five is one */
	double four[] = {1, 2, 3, 10};			/* one fifth of four is none */
	double ties[] = {2, 2, 2, 2, 2, 2, 9};
	double one[] = {0.25};

	CHECK_NEAR(stats_trimmed_mean(ten, 10, 0.2), 5.5, 1e-12);
	CHECK_NEAR(stats_trimmed_mean(wild, 5, 0.2), 2, 1e-12);
	CHECK_NEAR(stats_trimmed_mean(five, 5, 0.2), 3, 1e-12);
	CHECK_NEAR(stats_trimmed_mean(four, 4, 0.2), 4, 1e-12);
	CHECK_NEAR(stats_trimmed_mean(four, 4, 0), 4, 1e-12);
	CHECK_NEAR(stats_trimmed_mean(ties, 7, 0.2), 2, 1e-12);
	CHECK_NEAR(stats_trimmed_mean(one, 1, 0.2), 0.25, 0);
	CHECK_NEAR(ten[0], 1, 0); /* sorted */
}

static void test_median_interval(void)
{
	static const double ten[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
	double low, high;

	/* P(X ≤ 1) is 11/1024, P(X ≤ 2) 56/1024: the second from either end */
	stats_median_interval(ten, 10, &low, &high);
	CHECK_NEAR(low, 2, 0);
	CHECK_NEAR(high, 9, 0);
	stats_median_interval(ten, 8, &low, &high); /* P(X ≤ 1) is 9/256 */
	CHECK_NEAR(low, 1, 0);
	CHECK_NEAR(high, 8, 0);
	stats_median_interval(ten, 1, &low, &high);
	CHECK_NEAR(low, 1, 0);
	CHECK_NEAR(high, 1, 0);
}

static void test_mean(void)
{
	static const double three[] = {1, 2, 6};
	struct stats_mean over = stats_mean(three, 3);

	/* t(0.975, 2) = 4.302653; standard deviation sqrt(7) */
	CHECK_NEAR(over.mean, 3, 1e-12);
	CHECK_NEAR(over.low, 3 - 4.302653 * sqrt(7.0 / 3), 1e-5);
	CHECK_NEAR(over.high, 3 + 4.302653 * sqrt(7.0 / 3), 1e-5);
	over = stats_mean(three, 1);
	CHECK_NEAR(over.mean, 1, 0);
	CHECK(isnan(over.low) && isnan(over.high));
	CHECK(isnan(stats_mean(three, 0).mean));
}

static void test_quantile(void)
{
	static const double four[] = {1, 2, 3, 4}, one[] = {7};

	CHECK_NEAR(stats_quantile(four, 4, 0), 1, 0);
	CHECK_NEAR(stats_quantile(four, 4, 1), 4, 0);
	CHECK_NEAR(stats_quantile(four, 4, 0.5), 2.5, 1e-12);
	CHECK_NEAR(stats_quantile(four, 4, 0.25), 1.75, 1e-12);
	CHECK_NEAR(stats_quantile(one, 1, 0.9), 7, 0);
}

static void test_constant(void)
{
	struct stats_block blocks[30];
	struct stats_ratio ratio;
	struct err err = {0};

	for (size_t i = 0; i < NR(blocks); i++)
		blocks[i] = (struct stats_block){.log_ratio = 0.1, .epoch = i / 10};
	CHECK_INT(stats_ratio(blocks, NR(blocks), 1, &ratio, &err), 0);
	CHECK_NEAR(ratio.ratio, 1.1051709180756477, 1e-12); /* e^0.1 */
	CHECK_NEAR(ratio.low, ratio.ratio, 1e-12);
	CHECK_NEAR(ratio.high, ratio.ratio, 1e-12);
	CHECK_NEAR(ratio.half_width, 0, 1e-12);
	CHECK_INT(ratio.blocks, 30);
	CHECK_INT(ratio.epochs, 3);
}

/* Two blocks at −s and s, an epoch each: a quarter of the resamples is −s, a quarter s,
 * so that the percentiles are ±s, which is the standard error; Student's t for one degree
 * of freedom is 12.7062 by the tables. */
static void test_two_points(void)
{
	static const struct stats_block blocks[] = {{-0.01, 8}, {0.01, 3}};
	struct stats_ratio ratio;
	struct err err = {0};

	CHECK_INT(stats_ratio(blocks, 2, 1, &ratio, &err), 0);
	CHECK_NEAR(ratio.ratio, 1, 1e-12);
	CHECK_NEAR(log(ratio.high), 0.01 * 12.7062, 1e-6);
	CHECK_NEAR(log(ratio.low), -log(ratio.high), 1e-12);
	CHECK_NEAR(ratio.half_width, log(ratio.high), 1e-12);
}

/* --- against the plain way: copy, sort, trim --- */

#define EPOCHS 5
#define BLOCKS 23 /* in the largest epoch */

static struct stats_block noise_block(gsl_rng *rng, uint64_t epoch)
{
	/* ties now and then */
	double value = floor(gsl_ran_gaussian(rng, 1000)) / 1e5;

	return (struct stats_block){.log_ratio = value + 0.002 * (double)epoch,
				    .epoch = epoch};
}

/* Epochs of different sizes, each sorted by value; sizes in size[]. */
static size_t make_noise(struct stats_block *blocks, size_t size[static EPOCHS])
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	size_t nr = 0;

	for (size_t epoch = 0; epoch < EPOCHS; epoch++) {
		size[epoch] = BLOCKS - 4 * epoch;
		for (size_t i = 0; i < size[epoch]; i++) {
			struct stats_block add = noise_block(rng, epoch);
			size_t at = nr + i;

			for (; at > nr && blocks[at - 1].log_ratio > add.log_ratio; at--)
				blocks[at] = blocks[at - 1];
			blocks[at] = add;
		}
		nr += size[epoch];
	}
	gsl_rng_free(rng);
	return nr;
}

static double plain_resample(const struct stats_block *blocks, const size_t *size,
			     gsl_rng *rng)
{
	double values[EPOCHS * BLOCKS];
	size_t used = 0;

	for (size_t i = 0; i < EPOCHS; i++) {
		size_t epoch = gsl_rng_uniform_int(rng, EPOCHS), begin = 0;

		for (size_t j = 0; j < epoch; j++)
			begin += size[j];
		for (size_t j = 0; j < size[epoch]; j++)
			values[used++] = blocks[begin + j].log_ratio;
	}
	gsl_sort(values, 1, used);
	return gsl_stats_trmean_from_sorted_data(0.2, values, 1, used);
}

static void plain_quantiles(const struct stats_block *blocks, const size_t *size,
			    uint64_t seed, double *low, double *high)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	double estimates[STATS_RESAMPLES];

	gsl_rng_set(rng, seed);
	for (size_t i = 0; i < STATS_RESAMPLES; i++)
		estimates[i] = plain_resample(blocks, size, rng);
	gsl_rng_free(rng);
	gsl_sort(estimates, 1, STATS_RESAMPLES);
	*low = gsl_stats_quantile_from_sorted_data(estimates, 1, STATS_RESAMPLES, 0.025);
	*high = gsl_stats_quantile_from_sorted_data(estimates, 1, STATS_RESAMPLES, 0.975);
}

static void test_plain(void)
{
	struct stats_block blocks[EPOCHS * BLOCKS];
	double values[EPOCHS * BLOCKS], low, high, estimate;
	double stretch = sqrt(EPOCHS / (EPOCHS - 1.0)) *
			 gsl_cdf_tdist_Pinv(0.975, EPOCHS - 1) /
			 gsl_cdf_ugaussian_Pinv(0.975);
	size_t size[EPOCHS], nr = make_noise(blocks, size);
	struct stats_ratio ratio;
	struct err err = {0};

	for (size_t i = 0; i < nr; i++)
		values[i] = blocks[i].log_ratio;
	gsl_sort(values, 1, nr);
	estimate = gsl_stats_trmean_from_sorted_data(0.2, values, 1, nr);
	plain_quantiles(blocks, size, 77, &low, &high);
	CHECK_INT(stats_ratio(blocks, nr, 77, &ratio, &err), 0);
	CHECK_NEAR(log(ratio.ratio), estimate, 1e-12);
	CHECK_NEAR(log(ratio.low), estimate + (low - estimate) * stretch, 1e-12);
	CHECK_NEAR(log(ratio.high), estimate + (high - estimate) * stretch, 1e-12);
}

/* --- what must and must not change it --- */

static struct stats_ratio of(const struct stats_block *blocks, size_t nr, uint64_t seed)
{
	struct stats_ratio ratio = {0};
	struct err err = {0};

	CHECK_INT(stats_ratio(blocks, nr, seed, &ratio, &err), 0);
	return ratio;
}

static void test_invariance(void)
{
	struct stats_block blocks[EPOCHS * BLOCKS], other[EPOCHS * BLOCKS];
	size_t size[EPOCHS], nr = make_noise(blocks, size);
	struct stats_ratio base = of(blocks, nr, 5), changed;

	changed = of(blocks, nr, 5);
	CHECK(!memcmp(&base, &changed, sizeof(base)));
	for (uint64_t seed = 6; seed < 30 && changed.low == base.low; seed++)
		changed = of(blocks, nr, seed); /* few epochs: many draws are alike */
	CHECK(changed.low != base.low && changed.ratio == base.ratio);
	for (size_t i = 0; i < nr; i++) /* the order of blocks says nothing */
		other[i] = blocks[nr - 1 - i];
	changed = of(other, nr, 5);
	CHECK(!memcmp(&base, &changed, sizeof(base)));
	for (size_t i = 0; i < nr; i++) { /* a shift shifts everything */
		other[i] = blocks[i];
		other[i].log_ratio += 0.5;
	}
	changed = of(other, nr, 5);
	CHECK_NEAR(log(changed.low), log(base.low) + 0.5, 1e-12);
	CHECK_NEAR(log(changed.high), log(base.high) + 0.5, 1e-12);
	CHECK(base.low <= base.ratio && base.ratio <= base.high);
}

static void test_outliers(void)
{
	struct stats_block blocks[EPOCHS * BLOCKS];
	size_t size[EPOCHS], nr = make_noise(blocks, size);
	struct stats_ratio base = of(blocks, nr, 5), wild;

	for (size_t i = 0; i < nr; i += 20)
		blocks[i].log_ratio = -50;
	wild = of(blocks, nr, 5);
	CHECK_NEAR(log(wild.ratio), log(base.ratio), 0.005);
	CHECK(wild.low > 0.9);
}

static void test_refusals(void)
{
	struct stats_block blocks[] = {{0.1, 1}, {0.2, 1}, {0.3, 2}};
	struct stats_ratio ratio = {.ratio = 42};
	struct err err = {0};

	CHECK_INT(stats_ratio(blocks, 2, 1, &ratio, &err), -ENODATA);
	CHECK_STR(err.text, "1 of 2 epochs");
	err_clear(&err);
	CHECK_INT(stats_ratio(NULL, 0, 1, &ratio, &err), -ENODATA);
	err_clear(&err);
	blocks[1].log_ratio = (double)NAN;
	CHECK_INT(stats_ratio(blocks, 3, 1, &ratio, &err), -EDOM);
	err_clear(&err);
	blocks[1].log_ratio = -(double)INFINITY;
	CHECK_INT(stats_ratio(blocks, 3, 1, &ratio, &err), -EDOM);
	CHECK_NEAR(ratio.ratio, 42, 0); /* untouched */
}

/* --- does it hold the truth? build/tests/stats-coverage prints the whole table --- */

struct trials {
	size_t epochs;
	double (*effect)(gsl_rng *rng); /* of an epoch */
	int hits, nr;
	double half_width; /* mean */
};

#define BLOCK_SIGMA 0.01
#define TRIAL_BLOCKS 10 /* an epoch */
#define TRIAL_EPOCHS_MAX 8

static void run_trials(gsl_rng *rng, struct trials *trials)
{
	for (int trial = 0; trial < trials->nr; trial++) {
		struct stats_block blocks[TRIAL_EPOCHS_MAX * TRIAL_BLOCKS];
		size_t nr = trials->epochs * TRIAL_BLOCKS;
		struct stats_ratio ratio;
		double effect = 0;

		for (size_t i = 0; i < nr; i++) {
			if (i % TRIAL_BLOCKS == 0)
				effect = trials->effect(rng);
			blocks[i] = (struct stats_block){
				effect + gsl_ran_gaussian(rng, BLOCK_SIGMA),
				i / TRIAL_BLOCKS};
		}
		ratio = of(blocks, nr, (uint64_t)trial);
		trials->hits += ratio.low <= 1 && ratio.high >= 1;
		trials->half_width += ratio.half_width / trials->nr;
	}
	printf("# %d of %d intervals hold the truth, mean half width %.4f\n",
	       trials->hits, trials->nr, trials->half_width);
}

static double alike(gsl_rng *rng)
{
	(void)rng;
	return 0;
}

/* Each side has one of two costs. */
static double bimodal(gsl_rng *rng)
{
	return 0.05 * ((double)gsl_rng_uniform_int(rng, 2) -
		       (double)gsl_rng_uniform_int(rng, 2));
}

/* Epochs that do not differ: as narrow as Student's t over their means, whose standard
 * error is σ/√80 with 7 degrees of freedom (t is 2.365; c₄ = 0.965 is the mean of s/σ;
 * the trimmed mean's efficiency is 0.94 or so).  Blocks that were drawn again within
 * drawn epochs would make it √2 times as wide. */
static void test_alike(void)
{
	struct trials trials = {.epochs = 8, .effect = alike, .nr = 400};
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double t = 2.365 * 0.965 * BLOCK_SIGMA / sqrt(80 * 0.94);

	run_trials(rng, &trials);
	gsl_rng_free(rng);
	CHECK(trials.hits >= 0.92 * trials.nr);
	CHECK_NEAR(trials.half_width, t, 0.15 * t);
}

static void test_bimodal(void)
{
	struct trials trials = {.epochs = 8, .effect = bimodal, .nr = 400};
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);

	run_trials(rng, &trials);
	gsl_rng_free(rng);
	CHECK(trials.hits >= 0.92 * trials.nr);
}

static void test_few(void)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);

	for (size_t epochs = 2; epochs <= 4; epochs++) {
		struct trials trials = {.epochs = epochs, .effect = alike, .nr = 400};

		run_trials(rng, &trials);
		CHECK(trials.hits >= 0.92 * trials.nr);
	}
	gsl_rng_free(rng);
}

static void check_within(struct stats_mean got, double least, double most)
{
	CHECK(got.low >= least && got.high <= most);
	CHECK(got.low <= got.mean && got.mean <= got.high);
}

/* Student's t would be below 0 and above 1 here. */
static void test_bounded(void)
{
	const double times[] = {1, 1, 40}, shares[] = {0.999, 0.6, 1, 1},
		     same[] = {1, 1, 1}, none[] = {0, 0.5, 3};
	struct stats_mean got;

	CHECK(stats_mean(times, 3).low < 0 && stats_mean(shares, 4).high > 1);
	check_within(stats_bounded(times, 3, 0, INFINITY, 7), 0, INFINITY);
	check_within(stats_bounded(shares, 4, 0.25, 1, 7), 0.25, 1);
	check_within(stats_bounded(none, 3, 0, INFINITY, 7), 0, INFINITY);
	got = stats_bounded(same, 3, 0, 1, 7); /* at a bound, and certain */
	CHECK_NEAR(got.low, 1, 0);
	CHECK_NEAR(got.high, 1, 0);
	CHECK(isnan(stats_bounded(times, 1, 0, INFINITY, 7).low));
	CHECK(isnan(stats_bounded(times, 0, 0, INFINITY, 7).mean));
}

/* Where values lie far from their bounds it is the mean. */
static void test_bounded_alike(void)
{
	const double values[] = {100, 101, 99, 100.5, 99.5, 100};
	struct stats_mean got = stats_bounded(values, 6, 0, INFINITY, 7);
	struct stats_mean plain = stats_mean(values, 6);

	CHECK_NEAR(got.mean, plain.mean, 0.1);
	CHECK_NEAR(got.low, plain.low, 0.4);
	CHECK_NEAR(got.high, plain.high, 0.4);
}

int main(void)
{
	test_bounded();
	test_bounded_alike();
	test_trimmed_mean();
	test_mean();
	test_quantile();
	test_median_interval();
	test_constant();
	test_two_points();
	test_plain();
	test_invariance();
	test_outliers();
	test_refusals();
	test_alike();
	test_bimodal();
	test_few();
	return check_done();
}
