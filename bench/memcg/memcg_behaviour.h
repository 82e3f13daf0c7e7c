/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_MEMCG_BEHAVIOUR_H
#define TARE_MEMCG_BEHAVIOUR_H

/* The experiments of the table, and what of them is pure. */
#include "bench/memcg/memcg_child.h"
#include "bench/memcg/memcg_file.h"

#define MIB (1ull << 20)
#define IN_MIB(bytes) ((double)(bytes) / (double)MIB)

#define MEMCG_EXPERIMENT(name)                                                       \
	int memcg_##name(struct memcg_context *context, struct memcg_result *result, \
			 struct err *err)
MEMCG_EXPERIMENT(batch);
MEMCG_EXPERIMENT(first_cache);
MEMCG_EXPERIMENT(first_shmem);
MEMCG_EXPERIMENT(linger_cache);
MEMCG_EXPERIMENT(linger_dentries);
MEMCG_EXPERIMENT(linger_group);
MEMCG_EXPERIMENT(kmem_charge);
MEMCG_EXPERIMENT(lru);
MEMCG_EXPERIMENT(limit_memory);
MEMCG_EXPERIMENT(limit_swap);
MEMCG_EXPERIMENT(limit_kmem);
MEMCG_EXPERIMENT(limit_tcp);
MEMCG_EXPERIMENT(oom);
MEMCG_EXPERIMENT(throttle);
MEMCG_EXPERIMENT(protect);
MEMCG_EXPERIMENT(stale);

/* A group with a process in it. Begin with MEMCG_ACTOR_NONE. */
struct memcg_actor {
	struct memcg_group group;
	struct memcg_child child;
};
#define MEMCG_ACTOR_NONE             \
	{                            \
		.child = {.fd = -1 } \
	}
int memcg_actor_start(struct memcg_context *context, const struct memcg_group *above,
		      uint64_t limit_bytes, struct memcg_actor *actor, struct err *err);
static inline void cleanup_memcg_actor(struct memcg_actor *actor)
{
	(void)memcg_child_end(&actor->child);
	memcg_group_release(&actor->group);
}
/* Has it read (or write) a range of a file, anonymous memory mapped and written to, or
 * hold that many full pipes. */
int memcg_actor_read(struct memcg_actor *actor, const struct memcg_file *file,
		     uint64_t from, uint64_t bytes, struct err *err);
int memcg_actor_write(struct memcg_actor *actor, const struct memcg_file *file,
		      struct err *err);
int memcg_actor_allocate(struct memcg_actor *actor, uint64_t bytes, struct err *err);
int memcg_actor_pipes(struct memcg_actor *actor, uint64_t nr, struct err *err);
#define MEMCG_PIPE_BYTES (64ull << 10) /* that a full one holds */

/* Kernel memory charged to a group: version 1 has a counter; version 2 has a line of
 * memory.stat, which is waited for until the kernel has summed it up. */
int memcg_group_kernel(const struct memcg_group *group, uint64_t *ret, struct err *err);
/* Highest use so far. */
extern const struct memcg_knob memcg_peak;
/* How often a process of the group was killed for want of memory. */
int memcg_group_oom_kills(const struct memcg_group *group, uint64_t *ret,
			  struct err *err);

/* memcg_dying.c: groups of the memory controller by /proc/cgroups; 0: not told. */
uint64_t memcg_dying_parse(const char *cgroups);
/* memcg_lru.c, memcg_protect.c: by the percent of the set that stayed cached. */
enum finding memcg_lru_judge(double same_percent, double apart_percent);
enum finding memcg_protect_judge(double bare_percent, double low_percent,
				 double min_percent);
/* memcg_throttle.c: time of a step below and above; version 2 counts its events. */
enum finding memcg_throttle_judge(double below_ms, double above_ms, uint64_t events,
				  bool counts_events);
/* memcg_batch.c: the largest rise between two readings, in pages. */
uint64_t memcg_batch_step(const uint64_t *counter, size_t nr, uint64_t page_bytes);
/* The counter's largest distance from what is held, in pages, with its sign: reading i
 * was taken when base and i + 1 pages were held. */
double memcg_batch_error(const uint64_t *counter, size_t nr, uint64_t base_bytes,
			 uint64_t page_bytes, double *ret_mean);

#endif
