/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/base/json.h"
#include "bench/schedule/runner.h"

static void add_phase(json_t *list, const char *name, uint64_t ns)
{
	json_array_append_new(
		list, json_pack("{s:s, s:I}", "name", name, "ns", (json_int_t)ns));
}

char *runner_phases(const struct runner *runner)
{
	cleanup(json) json_t *list = json_array();
	uint64_t last_ns = runner->begin_ns;

	for (size_t i = 0; i < runner->start.phase_nr; i++) {
		uint64_t end_ns = runner->start.phases[i].end_ns;

		add_phase(list, runner->start.phases[i].name, end_ns - last_ns);
		last_ns = end_ns;
	}
	add_phase(list, "hello", runner->begin_ns + runner->open_to_hello_ns - last_ns);
	return json_dumps(list, JSON_COMPACT);
}
