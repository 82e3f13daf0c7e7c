/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_PROTO_H
#define TARE_PROTO_H

/*
 * What harness and agent say to each other over one byte stream.  Every message is a
 * struct proto_head followed by `length` bytes of payload, little endian, no padding.
 * The agent never speaks unasked except for its first PROTO_HELLO.  The harness takes
 * every byte from the agent for hostile: it checks magic, type, length and the range of
 * each field before it uses one.
 *
 *	harness              agent
 *	                     HELLO struct proto_hello (at start)
 *	FACTS                FACTS "key=value\n"… (text, at most PROTO_TEXT_MAX)
 *	TRAITS target, NUL-ended  TRAITS "key=value\n"… ("": the platform's, else a
 *	                     path's: what a program can tell it by)
 *	PREPARE path name    READY struct proto_ready (mounts what the path needs)
 *	DROP_CACHES          READY
 *	CLOCK                CLOCK struct proto_clock (read between the two messages)
 *	OPEN struct open     READY (forks the epoch's worker, which then answers)
 *	SLICE struct slice   RESULT struct proto_result
 *	CLOSE                READY (the worker has ended, and how)
 *	RUN argv, NUL-ended  RAN struct proto_ran + stdout bytes
 *	BYE                  — (the agent ends; a guest powers off)
 *
 * A closed stream means BYE: an agent never outlives its harness.
 *
 * A worker that dies (a signal, no memory) ends neither the agent nor the stream: what it
 * left unanswered, and every SLICE and the CLOSE after it, is answered with FAILED and
 *how it died.  Only one that died in the middle of an answer takes the stream with it.
 *After an OPEN that was refused there is no worker to CLOSE.
 */
#include <stdint.h>

#define PROTO_MAGIC 0x45524154u /* "TARE" */
#define PROTO_VERSION 2u
#define PROTO_TEXT_MAX (256u << 10)
#define PROTO_OUTPUT_MAX (1u << 20)
#define PROTO_NAME_MAX 32
#define PROTO_ERROR_MAX 160

enum proto_type {
	PROTO_HELLO = 1,
	PROTO_FACTS,
	PROTO_PREPARE,
	PROTO_DROP_CACHES,
	PROTO_OPEN,
	PROTO_SLICE,
	PROTO_CLOSE,
	PROTO_RUN,
	PROTO_BYE,
	PROTO_READY,
	PROTO_RESULT,
	PROTO_RAN,
	PROTO_CLOCK,
	PROTO_TRAITS,
};

struct proto_head {
	uint32_t magic, type, length;
} __attribute__((packed));

struct proto_hello {
	uint32_t version, pid;
	uint64_t monotonic_ns;
	uint8_t agent_sha256[32], fio_sha256[32]; /* of the files, read from inside */
} __attribute__((packed));

/* One epoch of one native workload.  Sizes in bytes; 0 where a workload has none. */
struct proto_open {
	char workload[PROTO_NAME_MAX]; /* NUL-padded, exact name */
	uint64_t size_bytes;	       /* working set, array or file, by workload */
	uint64_t seed;		       /* of the workload's own data */
	uint32_t threads;	       /* workers, at least 1 */
	uint32_t phase; /* kmem objects to hold before the fork: the group's byte phase;
			   and where the worker's memory lies */
	int32_t cpu;	/* pin the worker to this CPU; -1: one thread to the last of those
			   inherited, more threads to all of them */
} __attribute__((packed));

struct proto_slice {
	uint64_t ops, warmup_ops; /* timed after an untimed warm-up in the same call */
	uint64_t sequence;	  /* comes back in the result */
} __attribute__((packed));

struct proto_clock {
	uint64_t monotonic_ns; /* CLOCK_MONOTONIC, as all times here */
} __attribute__((packed));

enum proto_status {
	PROTO_OK = 0,
	PROTO_WRONG = 1,       /* the workload's own check failed */
	PROTO_FAILED = 2,      /* it could not run; `error` says why */
	PROTO_UNSUPPORTED = 3, /* this kernel or machine has no such thing */
	PROTO_TIMEOUT = 4,
};

struct proto_ready {
	uint32_t status;	     /* enum proto_status */
	char error[PROTO_ERROR_MAX]; /* NUL-ended, empty when ok */
} __attribute__((packed));

/* All times are of the timed part, on the agent's clocks. */
struct proto_result {
	uint32_t status;
	uint64_t sequence, ops;
	uint64_t begin_ns, wall_ns;	 /* CLOCK_MONOTONIC */
	uint64_t cpu_ns;		 /* thread, and its children where it forks */
	uint64_t checksum;		 /* of the work done; equal on every platform */
	uint64_t voluntary, involuntary; /* context switches */
	uint64_t minor_faults, major_faults;
	char error[PROTO_ERROR_MAX];
} __attribute__((packed));

struct proto_ran {
	uint32_t status;   /* PROTO_OK: it was started and ended */
	int32_t exit_code; /* -1 when a signal ended it */
	int32_t signal;
	uint32_t truncated; /* output was longer than PROTO_OUTPUT_MAX */
	uint64_t begin_ns, wall_ns, cpu_ns;
	/* block I/O that the kernel inside counted for it; 0 also where there is no block
	 * layer on the way (a shared folder) */
	uint64_t read_bytes, write_bytes;
	char error[PROTO_ERROR_MAX]; /* last line of standard error where it failed */
} __attribute__((packed));

#endif
