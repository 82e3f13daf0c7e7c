/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/guard.h"

#include <stdarg.h>
#include <stdio.h>

#include "bench/base/units.h"

const char *stop_rule_name(enum stop_rule rule)
{
	static const char *const names[STOP_RULE_NR] = {
		[STOP_NONE] = "",
		[STOP_SHARE] = "share_of_alone",
		[STOP_START] = "no_start",
		[STOP_FAILURE] = "failure",
		[STOP_MEMORY] = "host_memory",
		[STOP_PRESSURE] = "memory_pressure",
		[STOP_SWAP] = "swap",
		[STOP_KILL] = "out_of_memory",
		[STOP_BUDGET] = "budget",
	};

	return names[rule];
}

void stop_set(struct stop *stop, enum stop_rule rule, double value, double limit,
	      const char *format, ...)
{
	va_list args;

	stop->rule = rule;
	stop->value = value;
	stop->limit = limit;
	va_start(args, format);
	(void)vsnprintf(stop->text, sizeof(stop->text), format, args);
	va_end(args);
}

int guard_open(struct guard *guard, double host_share, double most_pressure,
	       struct err *err)
{
	struct room_memory now;
	int rc = room_memory_read("", &now, err);

	if (rc)
		return rc;
	*guard = (struct guard){.host_bytes = host_share * now.available,
				.most_pressure = most_pressure,
				.last = now};
	return 0;
}

bool guard_admits_in(const struct guard *guard, const struct room_memory *now,
		     double bytes, struct stop *stop)
{
	char has[UNITS_TEXT_MAX], keeps[UNITS_TEXT_MAX], may[UNITS_TEXT_MAX];

	if (now->available - bytes >= guard->host_bytes)
		return true;
	stop_set(stop, STOP_MEMORY, now->available, guard->host_bytes + bytes,
		 "no memory for one more: %s are available, %s stay with the host and "
		 "an instance may take %s",
		 units_bytes((uint64_t)now->available, has),
		 units_bytes((uint64_t)guard->host_bytes, keeps),
		 units_bytes((uint64_t)bytes, may));
	return false;
}

static bool has_memory(const struct guard *guard, const struct room_memory *now,
		       struct stop *stop)
{
	char has[UNITS_TEXT_MAX], keeps[UNITS_TEXT_MAX];

	if (now->available >= guard->host_bytes)
		return true;
	stop_set(stop, STOP_MEMORY, now->available, guard->host_bytes,
		 "%s of memory are available, less than the %s that stay with the host",
		 units_bytes((uint64_t)now->available, has),
		 units_bytes((uint64_t)guard->host_bytes, keeps));
	return false;
}

static bool is_calm(const struct guard *guard, const struct room_memory *now,
		    struct stop *stop)
{
	if (!(now->pressure > guard->most_pressure)) /* not known is calm */
		return true;
	stop_set(stop, STOP_PRESSURE, now->pressure, guard->most_pressure,
		 "tasks waited for memory for %.1f %% of ten seconds, more than %.1f %%",
		 100 * now->pressure, 100 * guard->most_pressure);
	return false;
}

/* Has a count since boot gone up? */
static bool stood_still(enum stop_rule rule, uint64_t before, uint64_t now,
			const char *what, struct stop *stop)
{
	double moved = now > before ? (double)(now - before) : 0;

	if (!(moved > 0))
		return true;
	stop_set(stop, rule, moved, 0, "%.0f %s", moved, what);
	return false;
}

bool guard_holds_in(const struct guard *guard, const struct room_memory *now,
		    struct stop *stop)
{
	return stood_still(STOP_KILL, guard->last.killed, now->killed,
			   "processes were killed for want of memory", stop) &&
	       stood_still(STOP_SWAP, guard->last.swapped, now->swapped,
			   "pages went to swap or came back", stop) &&
	       has_memory(guard, now, stop) && is_calm(guard, now, stop);
}

bool guard_admits(const struct guard *guard, double bytes, struct stop *stop)
{
	struct room_memory now;
	struct err why = {0};

	if (!room_memory_read("", &now, &why))
		return guard_admits_in(guard, &now, bytes, stop);
	stop_set(stop, STOP_MEMORY, 0, guard->host_bytes, "%.150s", why.text);
	return false;
}

bool guard_holds(struct guard *guard, struct stop *stop)
{
	struct room_memory now;
	struct err why = {0};
	bool holds;

	if (room_memory_read("", &now, &why)) {
		stop_set(stop, STOP_MEMORY, 0, guard->host_bytes, "%.150s", why.text);
		return false;
	}
	holds = guard_holds_in(guard, &now, stop);
	guard->last = now;
	return holds;
}
