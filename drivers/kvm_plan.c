/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/kvm_plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/cleanup.h"

CLEANUP_DEFINE(plan, struct kvm_plan *, kvm_plan_release)

static char *file_of(const struct spec *spec, const char *name, const char *kind)
{
	char *path;

	return asprintf(&path, "%s/%s.%s", spec->run_dir, name, kind) < 0 ? NULL : path;
}

static char *make_command_line(const struct platform *platform)
{
	char *line;

	if (asprintf(&line,
		     "tare.guest console=ttyS0 panic=-1 quiet tare.msize=%llu "
		     "tare.9pcache=%s",
		     (unsigned long long)platform_setting_bytes(platform, "msize"),
		     platform_setting(platform, "virtfs_cache")) < 0)
		return NULL;
	return line;
}

static int make_texts(const struct spec *spec, const char *suffix, struct kvm_plan *plan)
{
	if (asprintf(&plan->name, "%s%s", spec->id, suffix) < 0)
		plan->name = NULL;
	if (!plan->name)
		return -ENOMEM;
	plan->channel = file_of(spec, plan->name, "agent");
	plan->console = file_of(spec, plan->name, "console");
	plan->command_line = make_command_line(spec->platform);
	return plan->channel && plan->console && plan->command_line ? 0 : -ENOMEM;
}

static void fill_domain(const struct spec *spec, bool hardware, struct kvm_plan *plan)
{
	const struct platform *platform = spec->platform;
	const char *kernel = platform_setting(platform, "kernel");

	plan->domain = (struct kvm_domain){
		.name = plan->name,
		.hardware = hardware,
		.cpu_model = platform_setting(platform, "emulated_cpu"),
		.kernel = kernel ? kernel : spec->image->kernel,
		.initrd = spec->image->initrd,
		.command_line = plan->command_line,
		.cpus = spec->cpus,
		.cpu_nr = spec->cpu_nr,
		.service_cpu = spec->service_cpu,
		.memory_bytes = spec->memory_bytes,
		.huge_pages = platform_setting_bool(platform, "huge_pages"),
		.channel = plan->channel,
		.console = plan->console,
		.scratch = spec->scratch,
		.cache = platform_setting(platform, "cache"),
		.aio = platform_setting(platform, "aio"),
		.iothread = platform_setting_bool(platform, "iothread"),
		.stop = spec->stop,
	};
	for (size_t i = 0; spec->paths && i < KVM_PATH_NR; i++)
		plan->domain.paths[i] = spec->paths[i];
}

int kvm_plan_make(const struct spec *spec, const char *suffix, bool hardware,
		  struct kvm_plan *ret, struct err *err)
{
	struct kvm_plan fresh = {0};
	cleanup(plan) struct kvm_plan *plan = &fresh;

	if (!spec->image)
		return err_fail(err, ENOENT, "no guest image; run 'make'");
	if (make_texts(spec, suffix, plan))
		return err_fail(err, ENOMEM, "no memory for a guest's plan");
	fill_domain(spec, hardware, plan);
	if (access(plan->domain.kernel, R_OK))
		return err_fail(err, errno, "cannot read the kernel '%s': %m",
				plan->domain.kernel);
	if (access(plan->domain.initrd, R_OK))
		return err_fail(err, errno, "cannot read '%s': %m; run 'make image'",
				plan->domain.initrd);
	*ret = fresh;
	plan = NULL;
	return 0;
}

void kvm_plan_release(struct kvm_plan *plan)
{
	free(plan->name);
	free(plan->channel);
	free(plan->console);
	free(plan->command_line);
	memset(plan, 0, sizeof(*plan));
}
