/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_RUNNER_H
#define TARE_RUNNER_H

/*
 * A runner is one platform as it runs now: the driver's instance, the agent in it and
 * the stream between.  It starts, checks who answered, keeps what the platform gave and
 * can be started again as often as the schedule wants.
 */
#include "drivers/driver.h"
#include "bench/host/channel.h"
#include "bench/schedule/clockcheck.h"
#include "bench/cgroup/membership.h"

struct runner {
	const struct driver *driver;
	struct spec spec; /* what every start asks for; spec.id changes with each */
	struct instance *instance;
	struct channel channel; /* fd -1 while it does not run */
	bool emulated, paused;
	bool spoiled; /* of no use any more: to be started again */
	struct membership members;
	bool prepared[DRIVER_PATHS_MAX];
	unsigned starts; /* so far, over the whole run */
	uint64_t epoch;	 /* for whoever restarts it: when that was last */
	char id[64];
	/* Of the running instance: */
	struct facts facts; /* limits read back, then what the agent sees */
	char mismatch[160]; /* first limit that is not what was asked, or "" */
	struct start start; /* phases */
	/* The agent's clock: read when it had just started, or, where it stops while the
	 * instance is paused, not to be compared with (clock_stops). */
	struct clock_reading clock;
	bool clock_stops;
	char clock_fault[CLOCKCHECK_TEXT_MAX]; /* it does not run at the host's rate */
	uint64_t begin_ns, open_to_hello_ns;
	/* The agent's own clock at its first instruction and at its hello, as it says. */
	uint64_t begun_ns, hello_ns;
	struct phase_log ending; /* of the last stop */
	uint64_t stop_begin_ns;
};

/* The spec is copied; what it points to must outlive the runner. */
void runner_init(struct runner *runner, const struct spec *spec,
		 const volatile int *stop);
/* Opens, starts, hears the hello, compares hashes, reads limits back. On failure
 * nothing is left running. owner: prefix of the id; number: unique within the owner. */
int runner_start(struct runner *runner, const char *owner, unsigned number,
		 struct err *err);
bool runner_is_running(const struct runner *runner);
/* Ends the instance; bounded in time; a failure is reported and the handle is gone. */
int runner_stop(struct runner *runner, struct err *err);
void runner_release(struct runner *runner); /* stops without a word */
/* No-ops when it is already so. */
int runner_pause(struct runner *runner, struct err *err);
int runner_resume(struct runner *runner, struct err *err);
/* Makes the path's disk reachable for the agent, once per instance. */
int runner_prepare(struct runner *runner, size_t path, struct err *err);
/* How the last start went, as JSON text: [{"name", "ns"}, …], a hello at its end; after
 * a stop its phases too, with "end": true. malloc'ed, NULL: no memory. */
char *runner_phases(const struct runner *runner);
/* Pure: the phase from from_ns to to_ns, in which an agent began that says hello_ns and
 * begun_ns of its own clock, on hello_host_ns of the host's.  On the host's own kernel
 * the clocks are one; one of its own starts its clock at 0 (*kernel_ns, host's; else
 * from_ns). False: the agent's times are impossible. (runner_phases.c) */
struct runner_agent_times {
	uint64_t from_ns, to_ns, hello_host_ns, begun_ns, hello_ns;
	bool own_kernel;
};
bool runner_split(const struct runner_agent_times *times, uint64_t *kernel_ns,
		  uint64_t *agent_ns);

#endif
