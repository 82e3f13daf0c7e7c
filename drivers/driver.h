/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_DRIVER_H
#define TARE_DRIVER_H

/*
 * A driver opens one platform: it builds the place, starts the agent in it and hands
 * back the agent's byte stream.  It sees an agent and paths, never a workload.  Every
 * function is required; the core checks the table at start (driver_check) and never
 * compares names.  One more platform is one new file and one line in drivers.def.
 *
 * Whatever a driver makes carries the owner's id ("tare-<pid>-<start time>", owner.h) in
 * its name, so that `reap` finds what a dead run left, and nothing else.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "bench/base/err.h"

struct instance; /* private to the driver that opened it */

/* One setting that a driver's YAML may carry under `settings:`. */
enum setting_type {
	SETTING_WORD,
	SETTING_BYTES,
	SETTING_COUNT,
	SETTING_BOOL,
	SETTING_PATH
};
struct setting_def {
	const char *name;
	enum setting_type type;
	const char *choices;  /* for words: "none|writeback|…", NULL: any */
	const char *fallback; /* value where the YAML has none; NULL: unset */
	const char *help;
};

/* A platform's YAML, checked against the driver's settings. */
struct setting {
	const char *name, *value; /* value as text, valid for its type */
};
struct driver;
struct platform {
	char *name; /* what results call it */
	const struct driver *driver;
	struct setting *settings; /* every setting of the driver, fallbacks filled in */
	size_t setting_nr;
	/* 0.03: CPU and memory workloads do 3 % more work here than they say, so that a
	 * slowdown is there to be found; results are marked with it. 0: none. */
	double handicap;
	char *file;  /* where it came from, for messages */
	bool hidden; /* takes part only where it is named */
};

/* Value of a setting of this platform; NULL when unset. The name must be the driver's. */
const char *platform_setting(const struct platform *platform, const char *name);
uint64_t platform_setting_bytes(const struct platform *platform, const char *name);
bool platform_setting_bool(const struct platform *platform, const char *name);

/* How a platform reaches the disk. The first path is where native kernels run. */
struct path_def {
	const char *name, *summary;
};

/* One named limit or fact: what was asked, what the platform gave, where it was read. */
struct fact {
	char *name, *asked, *got, *source; /* asked NULL: nothing was asked */
};
struct facts {
	struct fact *list;
	size_t nr;
};
/* Copies all texts; asked may be NULL. Returns 0 or -ENOMEM. */
int facts_add(struct facts *facts, const char *name, const char *asked, const char *got,
	      const char *source);
void facts_release(struct facts *facts);

/* The tree every platform runs, made by scripts/mkimage. */
struct image {
	const char *dir;    /* folder of all the following */
	const char *root;   /* directory tree: /agent, /usr/bin/fio, libraries */
	const char *initrd; /* initramfs of a guest: the same tree, then kernel modules */
	const char *kernel; /* uncompressed vmlinux, or the YAML's own */
	const char *hash;   /* SHA-256 of the tree, hex */
	uint8_t agent_sha256[32], fio_sha256[32];
};

/* What is asked for; every driver gets the same. Pointers outlive the instance. */
struct spec {
	const char *id; /* owner id plus a number: names every object made */
	const struct platform *platform;
	const struct image *image;
	const unsigned *cpus; /* host PUs (OS index), one per CPU of the instance */
	size_t cpu_nr;
	unsigned service_cpu; /* host PU for what serves it: emulator threads, monitors */
	uint64_t memory_bytes;
	/* Disk under test: host directory with the one data file "disk.img", of
	 * disk_bytes; without such a file, 0, one to make files in; NULL when no workload
	 * needs a disk. */
	const char *scratch;
	uint64_t disk_bytes;
	const bool *paths; /* by index into the driver's paths: which will be used */
	bool emulation_allowed;
	const char *run_dir; /* /run/tare/<owner>: sockets, lxcpath; removed by us */
	/* Set when the user wants to stop: whoever waits long looks at it. May be NULL.
	 */
	const volatile int *stop;
	/* Where stop and close note what they did (phase_log_note). May be NULL. */
	struct phase_log *ending;
};

#define PHASES_MAX 16
/* What was done, one after another. */
struct phase_log {
	struct {
		const char *name; /* static text: "cgroup creation", "stop", … */
		uint64_t end_ns;  /* host CLOCK_MONOTONIC at its end */
	} list[PHASES_MAX];
	size_t nr;
};
/* Adds a phase that ends now; phases may be NULL. (facts.c) */
void phase_log_note(struct phase_log *phases, const char *name);

enum readiness { UNAVAILABLE, EMULATED, READY };
const char *readiness_name(enum readiness readiness);

#define DRIVER_PATHS_MAX 8
/* Answer of a probe: proved by running something. */
struct probe {
	enum readiness state;
	char reason[384]; /* why not ready, with the mend; or what was used */
	struct {
		enum readiness state;
		char reason[256];
	} paths[DRIVER_PATHS_MAX];
};

#define START_PHASES_MAX 16
/* A started agent. */
struct start {
	int channel; /* owned by the caller, close-on-exec, non-blocking not required */
	bool emulated;
	/* Host's number of the process whose control groups are the platform's (the
	 * agent, or QEMU); its descendants and threads are watched with it. 0: there is
	 * none that the host sees, and membership is not checked. */
	pid_t pid;
	struct {
		const char *name; /* static text: "cgroup creation", "stop", … */
		uint64_t end_ns;  /* host CLOCK_MONOTONIC at its end */
	} phases[START_PHASES_MAX];
	size_t phase_nr;
	/* 1 + the index of the phase in which the agent begins, which is told apart by
	 * the agent's own clock; 0: none is. */
	size_t agent_phase;
	const char
		*before_agent; /* what that phase is until its kernel or agent begins */
};

/* The last phase so far is the one in which the agent begins. */
static inline void start_split(struct start *start, const char *before_agent)
{
	start->agent_phase = start->phase_nr;
	start->before_agent = before_agent;
}

/* The processes of one kind that serve an instance: "agent", "worker", "QEMU", … */
#define ACCOUNT_ROLES_MAX 6
struct account_role {
	const char *name; /* static text */
	unsigned processes;
	uint64_t pss_bytes, page_table_bytes; /* page tables of their own (VmPTE) */
};
/* Host-side cost of everything that serves this instance, since it started.
 * UINT64_MAX: this host cannot tell. */
struct account {
	uint64_t cpu_ns, voluntary, involuntary; /* all its tasks */
	/* VM exits, all and by reason: ports, memory-mapped registers, a halted CPU; and
	 * interrupts given to the guest */
	uint64_t exits, io_exits, mmio_exits, halt_exits, injections;
	uint64_t pss_bytes;		  /* all roles' together */
	uint64_t read_bytes, write_bytes; /* block layer */
	struct account_role roles[ACCOUNT_ROLES_MAX];
	size_t role_nr;
};

struct driver {
	const char *name, *summary;
	const char *absent; /* why this build has no such driver, or NULL */
	const struct setting_def *settings; /* ended by a NULL name */
	const struct path_def *paths;	    /* ended by a NULL name, at least one */
	/* The instance runs code of its own while the agent waits (a guest's kernel):
	 * it is paused whenever another platform works. */
	bool own_kernel;
	/* Restarts a run wants, so that start-up variance is sampled; UINT_MAX: a new
	 * instance every epoch. */
	unsigned min_instances;
	/* Bit i: the bytes of path i never reach the disk under test, and are not looked
	 * for there. */
	unsigned elsewhere;
	bool hidden; /* for tests: not in --on's default and not in listings */

	/* Can it run here, all paths?  Leaves nothing behind. Returns <0 only when the
	 * probe itself broke; "cannot run here" is an answer. */
	int (*probe)(const struct spec *spec, struct probe *ret, struct err *err);
	int (*open)(const struct spec *spec, struct instance **ret, struct err *err);
	/* Starts the agent; the channel's first bytes are its hello. */
	int (*start)(struct instance *instance, struct start *ret, struct err *err);
	int (*pause)(struct instance *instance, struct err *err);
	int (*resume)(struct instance *instance, struct err *err);
	/* Reads back what the platform really gave, never the spec. */
	int (*observe)(struct instance *instance, struct facts *into, struct err *err);
	int (*account)(struct instance *instance, struct account *ret, struct err *err);
	/* Path name as the agent must open it: a file or block device inside. */
	const char *(*target)(const struct instance *instance, size_t path);
	/* Ends the instance, with force where needed, within a few seconds. */
	int (*stop)(struct instance *instance, struct err *err);
	void (*close)(struct instance *instance); /* takes NULL and half-opened */
	/* Removes what owners that are no longer alive left; counts things removed. */
	int (*reap)(size_t *removed, struct err *err);
	/* The same place made by what a user would type instead of us, for `tare start`
	 * to be compared with; NULL: none. Takes the same settings; only open, start,
	 * observe, account, stop and close are there. Its phase 0 ends when the tool is
	 * executed. */
	const struct driver *tool;
	/* A start is to take at most this many times as long as the tool's; 0: the tool
	 * is no goal. */
	double tool_goal;
	/* How long it takes to set up an instance up to the first instruction of its own
	 * kernel, which no way of running that kernel makes shorter; it is removed again.
	 * hardware: with the hardware's accelerator, even where that runs no guest of
	 * ours (-ENOTSUP: it is not here); else by emulation. NULL where the kernel is
	 * the host's. */
	int (*set_up)(const struct spec *spec, bool hardware, uint64_t *ret_ns,
		      struct err *err);
};

/* Takes part only where a suite or a user names it: it, or all of its driver's. */
static inline bool platform_is_hidden(const struct platform *platform)
{
	return platform->hidden || platform->driver->hidden;
}

/* The table of drivers.def. */
extern const struct driver *const drivers[];
extern const size_t driver_nr;

const struct driver *driver_find(const char *name); /* exact; NULL: none */
/* Index of a path by exact name, or -1. */
int driver_path(const struct driver *driver, const char *path);
/* Every driver complete? The first hole is named. */
int driver_check(struct err *err);

#endif
