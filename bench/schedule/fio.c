/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/schedule/fio.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CACHED_BYTES_MAX (256ull << 20)

uint64_t fio_data_bytes(const struct cell *cell, uint64_t disk_bytes)
{
	if (cell->workload->fio->direct || disk_bytes < CACHED_BYTES_MAX)
		return disk_bytes;
	return CACHED_BYTES_MAX;
}

const char *fio_engine(const struct workload_fio *job)
{
	return job->direct ? "libaio" : "psync";
}

static void begin(struct fio_argv *argv)
{
	memset(argv, 0, sizeof(*argv));
}

__attribute__((format(printf, 2, 3))) static void add(struct fio_argv *argv,
						      const char *format, ...)
{
	va_list args;

	if (argv->nr >= FIO_ARGV_MAX - 1)
		return;
	va_start(args, format);
	(void)vsnprintf(argv->text[argv->nr], FIO_WORD_MAX, format, args);
	va_end(args);
	argv->argv[argv->nr] = argv->text[argv->nr];
	argv->nr++;
}

static void add_common(struct fio_argv *argv, const char *target, uint64_t data_bytes)
{
	add(argv, "/usr/bin/fio");
	add(argv, "--name=tare");
	add(argv, "--filename=%s", target);
	add(argv, "--size=%llu", (unsigned long long)data_bytes);
	add(argv, "--allow_file_create=0");
	add(argv, "--thread");
	add(argv, "--eta=never");
	add(argv, "--invalidate=0");
}

/* The harness decides what is cached (schedule_disk.c): fio invalidates nothing. */
void fio_argv_job(const struct cell *cell, const char *target, uint64_t data_bytes,
		  uint64_t seed, struct fio_argv *ret)
{
	const struct workload_fio *job = cell->workload->fio;

	begin(ret);
	add_common(ret, target, data_bytes);
	add(ret, "--rw=%s", job->rw);
	if (!strcmp(job->rw, "randrw"))
		add(ret, "--rwmixread=%u", job->read_percent);
	add(ret, "--bs=%u", job->block_bytes);
	add(ret, "--iodepth=%u", job->depth);
	add(ret, "--ioengine=%s", fio_engine(job));
	add(ret, "--direct=%d", job->direct);
	add(ret, "--time_based");
	add(ret, "--runtime=%ums", cell->slice_ms);
	add(ret, "--randrepeat=0");
	add(ret, "--randseed=%llu", (unsigned long long)(seed & 0x7fffffff));
	add(ret, "--norandommap");
	add(ret, "--output-format=json");
	add(ret, "--unified_rw_reporting=both");
	add(ret, "--lat_percentiles=1");
	add(ret, "--clat_percentiles=0");
	add(ret, "--percentile_list=50:90:99:99.9");
}

void fio_argv_warm(const char *target, uint64_t data_bytes, struct fio_argv *ret)
{
	begin(ret);
	add_common(ret, target, data_bytes);
	add(ret, "--rw=read");
	add(ret, "--bs=1048576");
	add(ret, "--ioengine=psync");
	add(ret, "--output-format=json");
}
