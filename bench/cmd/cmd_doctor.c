/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/cgroup/cgroup.h"
#include "bench/base/cleanup.h"
#include "bench/base/remove_tree.h"
#include "bench/config/config.h"
#include "bench/host/environment.h"
#include "bench/host/image.h"
#include "bench/base/json.h"
#include "bench/base/output.h"
#include "bench/host/owner.h"
#include "bench/plan/plan_select.h"
#include "bench/host/reap.h"
#include "bench/host/topology.h"

#define PROBE_MEMORY_BYTES (512ull << 20)

struct doctor {
	const struct options *options;
	struct platform_set platforms;
	size_t nr; /* of them: asked for */
	struct topology *topology;
	struct image *image;
	int lock;
	char owner[OWNER_MAX], run_dir[PATH_MAX], scratch[PATH_MAX];
	unsigned cpu, service_cpu;
	struct probe *probes; /* one per platform */
	struct noise noise[NOISE_MAX];
	size_t noise_nr;
};

static void doctor_release(struct doctor *doctor)
{
	if (doctor->run_dir[0])
		remove_tree(doctor->run_dir);
	cleanup_fd(&doctor->lock);
	free(doctor->probes);
	image_close(doctor->image);
	topology_close(doctor->topology);
	platform_set_release(&doctor->platforms);
}
CLEANUP_DEFINE(doctor, struct doctor *, doctor_release)

/* What --on names comes first, in its old order; the others are not looked at. */
static int choose(struct doctor *doctor, struct err *err)
{
	struct platform_set *set = &doctor->platforms;
	cleanup(free) struct selected *selected = calloc(set->nr + 1, sizeof(*selected));
	int rc;

	if (!selected)
		return err_fail(err, ENOMEM, "no memory for the platforms");
	rc = plan_select(set, doctor->options->on, "--on", selected, err);
	for (size_t i = 0; !rc && i < set->nr; i++) {
		struct platform chosen = set->list[i];

		if (!selected[i].used)
			continue;
		memmove(&set->list[doctor->nr + 1], &set->list[doctor->nr],
			(i - doctor->nr) * sizeof(chosen));
		set->list[doctor->nr++] = chosen;
	}
	return rc;
}

static int prepare(struct doctor *doctor, struct err *err)
{
	size_t removed;
	struct err why = {0};
	int rc = platform_set_load(doctor->options->config, &doctor->platforms, err);

	if (!rc)
		rc = choose(doctor, err);
	if (!rc)
		rc = topology_open(NULL, &doctor->topology, err);
	if (!rc)
		rc = topology_choose(doctor->topology, 1, &doctor->cpu,
				     &doctor->service_cpu, err);
	if (!rc)
		rc = image_open(doctor->options->image, &doctor->image, err);
	if (!rc)
		rc = owner_lock(&doctor->lock, err);
	if (!rc)
		rc = owner_self(doctor->owner, err);
	if (!rc && cgroup_tenant_enter(doctor->owner, &why))
		fprintf(stderr, "tare: no control group of its own: %s\n", why.text);
	if (!rc)
		rc = reap_all(&removed, err);
	if (!rc)
		rc = reap_make_run_dir(doctor->owner, doctor->run_dir,
				       sizeof(doctor->run_dir), err);
	return rc;
}

static void probe_one(struct doctor *doctor, const struct platform *platform,
		      struct probe *ret)
{
	static const bool no_paths[DRIVER_PATHS_MAX];
	struct spec spec = {
		.id = doctor->owner,
		.platform = platform,
		.image = doctor->image,
		.cpus = &doctor->cpu,
		.cpu_nr = 1,
		.service_cpu = doctor->service_cpu,
		.memory_bytes = PROBE_MEMORY_BYTES,
		.paths = no_paths,
		.emulation_allowed = true,
		.run_dir = doctor->run_dir,
		.stop = doctor->options->stop,
	};
	struct err err = {0};

	if (platform->driver->probe(&spec, ret, &err)) {
		ret->state = UNAVAILABLE;
		(void)snprintf(ret->reason, sizeof(ret->reason), "%.380s", err.text);
	}
}

static int examine(struct doctor *doctor, struct err *err)
{
	doctor->noise_nr = environment_noise(doctor->noise);
	doctor->probes = calloc(doctor->nr + 1, sizeof(*doctor->probes));
	if (!doctor->probes)
		return err_fail(err, ENOMEM, "no memory for the probes");
	for (size_t i = 0; i < doctor->nr; i++) {
		const struct platform *platform = &doctor->platforms.list[i];

		if (*doctor->options->stop)
			return err_fail(err, EINTR, "interrupted");
		if (!doctor->options->quiet)
			fprintf(stderr, "probing %s …\n", platform->name);
		probe_one(doctor, platform, &doctor->probes[i]);
	}
	return 0;
}

static json_t *paths_json(const struct platform *platform, const struct probe *probe)
{
	json_t *list = json_array();

	for (size_t i = 0; i < DRIVER_PATHS_MAX && platform->driver->paths[i].name; i++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s}", "name",
						platform->driver->paths[i].name, "state",
						readiness_name(probe->paths[i].state),
						"reason", probe->paths[i].reason));
	return list;
}

static json_t *platforms_json(const struct doctor *doctor)
{
	json_t *list = json_array();

	for (size_t i = 0; i < doctor->nr; i++) {
		const struct platform *platform = &doctor->platforms.list[i];
		const struct probe *probe = &doctor->probes[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "name",
						      platform->name, "state",
						      readiness_name(probe->state),
						      "reason", probe->reason, "paths",
						      paths_json(platform, probe)));
	}
	return list;
}

static json_t *noise_json(const struct doctor *doctor)
{
	json_t *list = json_array();

	for (size_t i = 0; i < doctor->noise_nr; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b}", "what",
						      doctor->noise[i].what, "value",
						      doctor->noise[i].value, "advice",
						      doctor->noise[i].advice, "mends",
						      doctor->noise[i].mends));
	return list;
}

static int print_json(const struct doctor *doctor, struct err *err)
{
	cleanup(json) json_t *root =
		json_pack("{s:o, s:o}", "platforms", platforms_json(doctor), "noise",
			  noise_json(doctor));

	return output_json(root, stdout, err);
}

static int print_platforms(const struct doctor *doctor, struct err *err)
{
	static const struct output_column columns[] = {{"platform", false},
						       {"path", false},
						       {"state", false},
						       {"reason", false}};
	struct output_table table;
	int rc;

	output_table_init(&table, columns, 4);
	for (size_t i = 0; i < doctor->nr; i++) {
		const struct platform *platform = &doctor->platforms.list[i];
		const struct probe *probe = &doctor->probes[i];

		output_table_add(&table, "%s", platform->name);
		output_table_add(&table, "%s", "");
		output_table_add(&table, "%s", readiness_name(probe->state));
		output_table_add(&table, "%s", probe->reason);
		for (size_t p = 0;
		     p < DRIVER_PATHS_MAX && platform->driver->paths[p].name; p++) {
			/* a row of CSV stands alone */
			output_table_add(&table, "%s",
					 doctor->options->format == FORMAT_CSV
						 ? platform->name
						 : "");
			output_table_add(&table, "%s", platform->driver->paths[p].name);
			output_table_add(&table, "%s",
					 readiness_name(probe->paths[p].state));
			output_table_add(&table, "%s", probe->paths[p].reason);
		}
	}
	rc = output_table_write(&table, doctor->options->format, stdout, err);
	output_table_release(&table);
	return rc;
}

/* What can be mended here, or what can only be known. */
static int print_noise(const struct doctor *doctor, bool mends, struct err *err)
{
	const struct output_column columns[] = {{mends ? "noise" : "to be known", false},
						{"value", false},
						{mends ? "mend" : "because", false}};
	struct output_table table;
	size_t rows = 0;
	int rc = 0;

	output_table_init(&table, columns, 3);
	for (size_t i = 0; i < doctor->noise_nr; i++) {
		if (doctor->noise[i].mends != mends)
			continue;
		output_table_add(&table, "%s", doctor->noise[i].what);
		output_table_add(&table, "%s", doctor->noise[i].value);
		output_table_add(&table, "%s", doctor->noise[i].advice);
		rows++;
	}
	if (rows) {
		printf("\n");
		rc = output_table_write(&table, doctor->options->format, stdout, err);
	}
	output_table_release(&table);
	return rc;
}

static int print(const struct doctor *doctor, struct err *err)
{
	int rc;

	if (doctor->options->format == FORMAT_JSON)
		return print_json(doctor, err);
	rc = print_platforms(doctor, err);
	if (!rc)
		rc = print_noise(doctor, true, err);
	return rc ? rc : print_noise(doctor, false, err);
}

static bool anything_runs(const struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->nr; i++)
		if (doctor->probes[i].state != UNAVAILABLE)
			return true;
	return false;
}

static int run(const struct options *options)
{
	struct doctor doctor = {.options = options, .lock = -1};
	cleanup(doctor) struct doctor *guard = &doctor;
	struct err err = {0};
	int rc = prepare(&doctor, &err);

	(void)guard;
	if (rc) {
		fprintf(stderr, "tare: %s\n", err.text);
		return rc == -EWOULDBLOCK ? EXIT_MEASUREMENT : EXIT_USAGE;
	}
	rc = examine(&doctor, &err);
	if (!rc)
		rc = print(&doctor, &err);
	if (rc) {
		fprintf(stderr, "tare: %s\n", err.text);
		return rc == -EINTR ? EXIT_INTERRUPTED : EXIT_MEASUREMENT;
	}
	return anything_runs(&doctor) ? EXIT_DONE : EXIT_NOTHING;
}

const struct command cmd_doctor = {
	.name = "doctor",
	.arguments = "",
	.summary = "which platforms work here, why others do not, what makes noise",
	.help = "Every platform is started for real and taken down again. Exit status 3 "
		"when\n"
		"nothing can run here. What makes this host noisy, or unlike production, "
		"is "
		"listed\n"
		"with the command that mends it.\n",
	.accepts = "on format quiet config image",
	.run = run,
};
