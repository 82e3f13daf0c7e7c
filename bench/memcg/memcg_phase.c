/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two costs of one operation.  A CPU keeps a stock of bytes that it has charged to a
 * group in whole pages and hands out by the object (obj_cgroup in mm/memcontrol.c).  An
 * operation that takes the stock across a page's end has a page charged and given back
 * again; whether it does depends on the bytes that the group holds, modulo a page.
 */
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "bench/memcg/memcg_bytes.h"

#define HELD 64 /* numbers of eventfds held */
#define TURNS_FULL 12
#define TURNS_QUICK 5
#define TURNS_MOST TURNS_FULL
#define OPS 500
#define CHANCE 0.01
#define SOME 1000 /* objects held to know the bytes of one */

static const enum memcg_object measured[] = {OBJECT_FILE, OBJECT_EVENTFD, OBJECT_PIPE};
#define HELD_KIND 1 /* of which some are held */
#define MEASURED_NR (sizeof(measured) / sizeof(measured[0]))

struct phases {
	double bytes[MEASURED_NR]; /* charged for one object */
	double ns[MEASURED_NR][HELD][TURNS_MOST];
	size_t turns;
};

static int tell(struct memcg_actor *actor, enum memcg_do what, uint64_t a, uint64_t b,
		uint64_t *ret, struct err *err)
{
	return memcg_child_tell(&actor->child, &(struct memcg_order){what, a, b, ""}, ret,
				err);
}

/* The stock is a CPU's: all of it on one. */
static int stay(struct memcg_actor *actor, struct err *err)
{
	cpu_set_t set;
	uint64_t cpu = 0;

	if (sched_getaffinity(0, sizeof(set), &set))
		return err_fail(err, errno, "cannot read the CPU affinity");
	while (cpu < CPU_SETSIZE - 1 && !CPU_ISSET(cpu, &set))
		cpu++;
	return tell(actor, MEMCG_CPU, cpu, 0, NULL, err);
}

static int measure_held(struct memcg_actor *actor, uint64_t held, size_t turn,
			struct phases *phases, struct err *err)
{
	uint64_t ns, nr;
	int rc = tell(actor, MEMCG_HOLD, measured[HELD_KIND], held, &nr, err);

	for (size_t i = 0; !rc && i < MEASURED_NR; i++) {
		rc = tell(actor, MEMCG_REPEAT, measured[i], OPS / 10, &ns, err);
		if (!rc)
			rc = tell(actor, MEMCG_REPEAT, measured[i], OPS, &ns, err);
		if (!rc)
			phases->ns[i][held][turn] = (double)ns / OPS;
	}
	return rc;
}

static int measure_turn(struct memcg_context *context, struct memcg_actor *actor,
			size_t turn, struct phases *phases, struct err *err)
{
	uint64_t order[HELD];
	int rc = 0;

	for (uint64_t i = 0; i < HELD; i++)
		order[i] = i;
	for (uint64_t i = HELD - 1; i > 0; i--) {
		uint64_t other = memcg_random(context, i + 1), kept = order[i];

		order[i] = order[other];
		order[other] = kept;
	}
	for (size_t i = 0; !rc && i < HELD; i++)
		rc = measure_held(actor, order[i], turn, phases, err);
	return rc;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

struct point {
	double phase, ns;
};

static int by_phase(const void *a, const void *b)
{
	return compare(a, b); /* the phase comes first */
}

/* Medians over the turns, in the order of the bytes held modulo a page. */
static void sort_points(struct phases *phases, size_t kind, double held_bytes,
			double page_bytes, struct point points[static HELD])
{
	for (size_t i = 0; i < HELD; i++) {
		double *turns = phases->ns[kind][i];

		qsort(turns, phases->turns, sizeof(*turns), compare);
		points[i].ns = turns[phases->turns / 2];
		points[i].phase = fmod((double)i * held_bytes, page_bytes);
	}
	qsort(points, HELD, sizeof(*points), by_phase);
}

static void keep_band(struct memcg_result *result, const char *name, double bytes,
		      const struct memcg_band *band)
{
	const struct {
		const char *what;
		double value;
	} list[] = {{"bytes", bytes},
		    {"cheap_ns", band->cheap},
		    {"dear_ns", band->dear},
		    {"band_start_bytes", band->start_bytes},
		    {"chance", band->chance}};
	char key[64];

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		(void)snprintf(key, sizeof(key), "%s_%s", name, list[i].what);
		memcg_result_number(result, key, list[i].value);
	}
}

static int keep_kind(struct memcg_context *context, struct memcg_result *result,
		     struct phases *phases, size_t kind, struct memcg_band *ret,
		     struct err *err)
{
	const char *name = memcg_object_name(measured[kind]);
	double values[HELD], at[HELD], page_bytes = (double)context->page_bytes;
	struct point points[HELD];
	int rc = 0;

	sort_points(phases, kind, phases->bytes[HELD_KIND], page_bytes, points);
	for (size_t i = 0; !rc && i < HELD; i++) {
		at[i] = points[i].phase;
		values[i] = points[i].ns;
		rc = memcg_result_point(result, name, at[i], values[i], err);
	}
	if (!rc)
		rc = memcg_band(at, values, HELD, phases->bytes[kind], page_bytes,
				&context->random, ret, err);
	if (!rc)
		keep_band(result, name, phases->bytes[kind], ret);
	return rc;
}

static void judge(struct memcg_result *result, const struct phases *phases,
		  const struct memcg_band *bands)
{
	size_t two = 0, most = 0;

	for (size_t i = 0; i < MEASURED_NR; i++) {
		two += bands[i].chance <= CHANCE;
		if (bands[i].dear - bands[i].cheap > bands[most].dear - bands[most].cheap)
			most = i;
	}
	memcg_result_say(result, two ? FINDING_HOLDS : FINDING_INCONCLUSIVE,
			 "%zu of %zu operations are dear in one band of byte counts as "
			 "wide as what "
			 "they charge. The widest apart, %s (%.0f bytes): %.0f ns "
			 "outside its band, "
			 "%.0f ns inside; one in %.0f random orders fits as well.",
			 two, MEASURED_NR, memcg_object_name(measured[most]),
			 phases->bytes[most], bands[most].cheap, bands[most].dear,
			 1 / bands[most].chance);
}

static int measure_bytes(struct memcg_context *context, struct phases *phases,
			 struct err *err)
{
	uint64_t nr;
	int rc = 0;

	for (size_t i = 0; !rc && i < MEASURED_NR; i++) {
		rc = memcg_bytes_of(context, measured[i], SOME, &phases->bytes[i], &nr,
				    err);
		/* slab objects are aligned */
		phases->bytes[i] = round(phases->bytes[i] / 8) * 8;
	}
	return rc;
}

static int measure(struct memcg_context *context, struct phases *phases, struct err *err)
{
	cleanup(memcg_actor) struct memcg_actor actor = MEMCG_ACTOR_NONE;
	int rc = memcg_actor_start(context, NULL, 0, &actor, err);

	if (!rc)
		rc = stay(&actor, err);
	for (size_t turn = 0; !rc && turn < phases->turns; turn++)
		rc = measure_turn(context, &actor, turn, phases, err);
	return rc;
}

MEMCG_EXPERIMENT(phase)
{
	cleanup(free) struct phases *phases = calloc(1, sizeof(*phases));
	struct memcg_band bands[MEASURED_NR];
	int rc;

	if (!phases)
		return err_fail(err, ENOMEM, "no memory for an experiment");
	phases->turns = context->quick ? TURNS_QUICK : TURNS_FULL;
	rc = measure_bytes(context, phases, err);
	if (!rc)
		rc = measure(context, phases, err);
	for (size_t i = 0; !rc && i < MEASURED_NR; i++)
		rc = keep_kind(context, result, phases, i, &bands[i], err);
	if (!rc)
		judge(result, phases, bands);
	return rc;
}
