/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/schedule/fio.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/clock.h"
#include "bench/base/json.h"

/* A job that ends before this share of its time measured something else. */
#define RUNTIME_SHARE_MIN 0.9
/* A queue that was asked to be deep must have been at least half full on average, by
 * Little's law: mean number in flight = rate × mean latency. */
#define DEPTH_SHARE_MIN 0.5

/* A finite number ≥ 0 below 2^63, as an integer; false otherwise. */
static bool get_count(const json_t *object, const char *key, uint64_t *ret)
{
	const json_t *value = json_object_get(object, key);
	double number = json_is_number(value) ? json_number_value(value) : -1;

	if (!(number >= 0 && number < 9e18))
		return false;
	*ret = json_is_integer(value) ? (uint64_t)json_integer_value(value)
				      : (uint64_t)llround(number);
	return true;
}

static bool read_latencies(const json_t *mixed, struct sample_fio *fio)
{
	const json_t *lat = json_object_get(mixed, "lat_ns");
	const json_t *percentile = json_object_get(lat, "percentile");

	return get_count(lat, "mean", &fio->lat_mean_ns) &&
	       get_count(lat, "max", &fio->lat_max_ns) &&
	       get_count(percentile, "50.000000", &fio->lat_p50_ns) &&
	       get_count(percentile, "90.000000", &fio->lat_p90_ns) &&
	       get_count(percentile, "99.000000", &fio->lat_p99_ns) &&
	       get_count(percentile, "99.900000", &fio->lat_p999_ns);
}

/* Counts of one job; the name of the field that is missing or no number, or NULL. */
static const char *read_job(const json_t *job, struct sample_fio *fio)
{
	const json_t *read = json_object_get(job, "read");
	const json_t *write = json_object_get(job, "write");
	const json_t *mixed = json_object_get(job, "mixed");
	uint64_t runtime_ms;

	if (!get_count(read, "total_ios", &fio->read_ios) ||
	    !get_count(write, "total_ios", &fio->write_ios))
		return "total_ios";
	if (!get_count(read, "io_bytes", &fio->read_bytes) ||
	    !get_count(write, "io_bytes", &fio->write_bytes))
		return "io_bytes";
	if (!get_count(mixed, "runtime", &runtime_ms) || runtime_ms > 1u << 30)
		return "runtime";
	if (!read_latencies(mixed, fio))
		return "lat_ns";
	fio->runtime_ns = runtime_ms * NS_PER_MS;
	return NULL;
}

static bool counts_ok(const struct workload_fio *job, const struct sample_fio *fio)
{
	bool reads = strcmp(job->rw, "write") && strcmp(job->rw, "randwrite");
	bool writes = strcmp(job->rw, "read") && strcmp(job->rw, "randread");

	return (fio->read_ios > 0) == reads && (fio->write_ios > 0) == writes;
}

/* Per cent of submissions that found more than `depth` in flight. fio's levels are named
 * after their lower ends (">=64" the last one). */
static double share_above(const json_t *levels, unsigned depth)
{
	double share = 0;
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)levels, name, value) {
		const char *digits = name + strspn(name, ">=");

		if (strtoul(digits, NULL, 10) > depth)
			share += json_number_value(value);
	}
	return share;
}

/* Which engine it was: the word that fio was given, for "aiofoo" runs as libaio and says
 * nothing; and how it behaved, for only an asynchronous engine submits apart from waiting
 * and so has submission latencies. */
static void check_engine(const struct workload_fio *job, const json_t *json,
			 struct sample *sample)
{
	const json_t *options = json_object_get(json, "job options");
	const json_t *slat = json_object_get(json_object_get(json, "mixed"), "slat_ns");
	const char *word = json_string_value(json_object_get(options, "ioengine"));
	bool asynchronous = json_number_value(json_object_get(slat, "N")) > 0;

	if (!word || strcmp(word, fio_engine(job)) != 0)
		sample_judge(sample, OUTCOME_MISMATCH,
			     "fio's engine was '%.30s', '%s' was asked",
			     word ? word : "not told", fio_engine(job));
	else if (asynchronous != job->direct)
		sample_judge(sample, OUTCOME_MISMATCH,
			     "an engine that %s ran, '%s' was asked",
			     asynchronous ? "queues" : "waits for each I/O", word);
}

static void check_depth(const struct workload_fio *job, const json_t *json,
			struct sample *sample)
{
	const struct sample_fio *fio = &sample->fio;
	double ios = (double)fio->read_ios + (double)fio->write_ios;
	double in_flight = ios * (double)fio->lat_mean_ns / (double)fio->runtime_ns;
	double above = share_above(json_object_get(json, "iodepth_level"), job->depth);

	if (job->depth > 1 && in_flight < DEPTH_SHARE_MIN * job->depth)
		sample_judge(sample, OUTCOME_MISMATCH,
			     "queue depth %.1f ran, %u was asked", in_flight, job->depth);
	if (above > 0)
		sample_judge(sample, OUTCOME_MISMATCH,
			     "%.1f %% of I/O had more than the queue depth of %u before "
			     "it",
			     above, job->depth);
}

/* Asked against ran: direction, block size, duration. */
static void check_counts(const struct cell *cell, struct sample *sample)
{
	const struct workload_fio *job = cell->workload->fio;
	const struct sample_fio *fio = &sample->fio;
	double ios = (double)fio->read_ios + (double)fio->write_ios;
	double bytes = (double)fio->read_bytes + (double)fio->write_bytes;
	uint64_t asked_ns = cell->slice_ms * NS_PER_MS;

	if (!counts_ok(job, fio))
		sample_judge(sample, OUTCOME_MISMATCH,
			     "%llu reads and %llu writes ran as '%s'",
			     (unsigned long long)fio->read_ios,
			     (unsigned long long)fio->write_ios, job->rw);
	if (fabs(bytes / ios - job->block_bytes) > 0.01 * job->block_bytes)
		sample_judge(sample, OUTCOME_MISMATCH,
			     "blocks of %.0f bytes ran, %u were asked", bytes / ios,
			     job->block_bytes);
	if ((double)fio->runtime_ns < RUNTIME_SHARE_MIN * (double)asked_ns)
		sample_judge(sample, OUTCOME_MISMATCH,
			     "it ran for %.0f ms, %u were asked",
			     (double)fio->runtime_ns / 1e6, cell->slice_ms);
}

static void read_result(const struct cell *cell, const json_t *root,
			struct sample *sample)
{
	const json_t *job = json_array_get(json_object_get(root, "jobs"), 0);
	const char *missing = read_job(job, &sample->fio);
	uint64_t error, ios;

	if (missing) {
		sample_judge(sample, OUTCOME_FAILED, "fio's JSON has no usable '%s'",
			     missing);
		return;
	}
	if (!get_count(job, "error", &error) || error) {
		sample_judge(sample, OUTCOME_FAILED, "fio's job failed");
		return;
	}
	ios = sample->fio.read_ios + sample->fio.write_ios;
	if (!ios || !sample->fio.runtime_ns) {
		sample_judge(sample, OUTCOME_FAILED, "fio did no I/O");
		return;
	}
	sample->ops = ios;
	sample->wall_ns = sample->fio.runtime_ns;
	sample->value =
		(cell->workload->metric == METRIC_IOPS
			 ? (double)ios
			 : (double)(sample->fio.read_bytes + sample->fio.write_bytes)) *
		1e9 / (double)sample->fio.runtime_ns;
	check_counts(cell, sample);
	check_depth(cell->workload->fio, job, sample);
	check_engine(cell->workload->fio, job, sample);
}

void fio_json_read(const struct cell *cell, const char *output, size_t length,
		   struct sample *sample)
{
	const char *begin = memchr(output, '{', length);
	cleanup(json) json_t *root = NULL;
	json_error_t error;

	memset(&sample->fio, 0xff, sizeof(sample->fio));
	sample->outcome = OUTCOME_OK;
	if (begin)
		root = json_loadb(begin, length - (size_t)(begin - output),
				  JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES,
				  &error);
	if (!root)
		sample_judge(sample, OUTCOME_FAILED, "fio's output is not JSON");
	else
		read_result(cell, root, sample);
	if (root && begin > output && sample->outcome == OUTCOME_OK)
		(void)snprintf(sample->reason, sizeof(sample->reason),
			       "fio printed text before its JSON");
}
