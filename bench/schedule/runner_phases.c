/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/base/json.h"
#include "bench/schedule/runner.h"

static void add_phase(json_t *list, const char *name, uint64_t ns, bool end)
{
	json_t *phase = json_pack("{s:s, s:I}", "name", name, "ns", (json_int_t)ns);

	if (end)
		json_object_set_new(phase, "end", json_true());
	json_array_append_new(list, phase);
}

bool runner_split(const struct runner_agent_times *times, uint64_t *kernel_ns,
		  uint64_t *agent_ns)
{
	uint64_t kernel = times->from_ns, agent = times->begun_ns;

	if (!times->begun_ns || times->begun_ns > times->hello_ns)
		return false;
	if (times->own_kernel) {
		if (times->hello_ns > times->hello_host_ns - times->from_ns)
			return false;
		kernel = times->hello_host_ns - times->hello_ns;
		agent = kernel + times->begun_ns;
	}
	if (agent < times->from_ns || agent > times->to_ns)
		return false;
	*kernel_ns = kernel;
	*agent_ns = agent;
	return true;
}

/* The phase in which the agent began, in its parts where the agent's times are possible.
 */
static void add_agent_phase(json_t *list, const struct runner *runner, size_t i,
			    uint64_t from_ns)
{
	const char *before = runner->start.before_agent;
	uint64_t to_ns = runner->start.phases[i].end_ns, kernel_ns, agent_ns;
	const struct runner_agent_times times = {
		.from_ns = from_ns,
		.to_ns = to_ns,
		.hello_host_ns = runner->begin_ns + runner->open_to_hello_ns,
		.begun_ns = runner->begun_ns,
		.hello_ns = runner->hello_ns,
		.own_kernel = runner->driver->own_kernel,
	};

	if (!runner_split(&times, &kernel_ns, &agent_ns)) {
		add_phase(list, runner->start.phases[i].name, to_ns - from_ns, false);
	} else if (times.own_kernel) {
		add_phase(list, before, kernel_ns - from_ns, false);
		add_phase(list, "kernel", agent_ns - kernel_ns, false);
		add_phase(list, "init", to_ns - agent_ns, false);
	} else {
		add_phase(list, before, agent_ns - from_ns, false);
		add_phase(list, "init", to_ns - agent_ns, false);
	}
}

static void add_ending(json_t *list, const struct runner *runner)
{
	uint64_t last_ns = runner->stop_begin_ns;

	for (size_t i = 0; i < runner->ending.nr; i++) {
		uint64_t end_ns = runner->ending.list[i].end_ns;

		add_phase(list, runner->ending.list[i].name, end_ns - last_ns, true);
		last_ns = end_ns;
	}
}

char *runner_phases(const struct runner *runner)
{
	cleanup(json) json_t *list = json_array();
	uint64_t last_ns = runner->begin_ns;

	for (size_t i = 0; i < runner->start.phase_nr; i++) {
		uint64_t end_ns = runner->start.phases[i].end_ns;

		if (i + 1 == runner->start.agent_phase)
			add_agent_phase(list, runner, i, last_ns);
		else
			add_phase(list, runner->start.phases[i].name, end_ns - last_ns,
				  false);
		last_ns = end_ns;
	}
	add_phase(list, "hello", runner->begin_ns + runner->open_to_hello_ns - last_ns,
		  false);
	add_ending(list, runner);
	return json_dumps(list, JSON_COMPACT);
}
