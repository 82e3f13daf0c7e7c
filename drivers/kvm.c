/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/account.h"
#include "drivers/kvm_conn.h"
#include "drivers/kvm_instance.h"
#include "drivers/kvm_probe.h"
#include "drivers/kvm_proc.h"
#include "drivers/kvm_set_up.h"

/* How long a guest whose channel was closed may take to power off. */
#define END_NS (3 * NS_PER_S)

static const struct setting_def settings[] = {
	{"connection", SETTING_WORD, NULL, "auto",
	 "auto: libvirt inside this program; or a URI such as qemu:///system"},
	{"kernel", SETTING_PATH, NULL, NULL, "guest kernel instead of the image's"},
	{"emulated_cpu", SETTING_WORD, NULL, "EPYC",
	 "CPU model where KVM is not hardware"},
	{"cache", SETTING_WORD, "none|directsync|writeback|writethrough|unsafe", "none",
	 "host cache mode of block devices"},
	{"aio", SETTING_WORD, "native|threads|io_uring", "native",
	 "how QEMU submits block I/O"},
	{"iothread", SETTING_BOOL, NULL, "no", "virtio-blk in a thread of its own"},
	{"msize", SETTING_BYTES, NULL, "500KiB", "largest 9p message"},
	{"virtfs_cache", SETTING_WORD, "none|loose|mmap|fscache", "none",
	 "9p cache inside the guest"},
	{"huge_pages", SETTING_BOOL, NULL, "no",
	 "guest memory from the host's reserved huge pages"},
	{"probe_deadline_s", SETTING_COUNT, NULL, "30",
	 "seconds a hardware guest has to say hello in the probe"},
	{"boot_deadline_s", SETTING_COUNT, NULL, "60", "seconds any other guest has"},
	{0},
};

static const struct path_def paths[] = {
	[KVM_VIRTIO] = {"virtio", "virtio-blk disk over the data file"},
	[KVM_IDE] = {"ide", "emulated IDE disk (PIIX) over the data file"},
	[KVM_VIRTFS] = {"virtfs", "9p share of the data file's folder"},
	[KVM_VIRTIOFS] = {"virtiofs", "virtiofs share of the data file's folder"},
	[KVM_PATH_NR] = {0},
};

static void kvm_close(struct instance *instance)
{
	if (!instance)
		return;
	kvm_guest_release(&instance->guest);
	kvm_plan_release(&instance->plan);
	if (instance->connection)
		kvm_disconnect(instance->connection);
	free(instance);
}
CLEANUP_DEFINE(instance, struct instance *, kvm_close)

static int kvm_open(const struct spec *spec, struct instance **ret, struct err *err)
{
	cleanup(instance) struct instance *instance = calloc(1, sizeof(*instance));
	bool hardware;
	int rc;

	if (!instance)
		return err_fail(err, ENOMEM, "no memory for a guest");
	instance->spec = *spec;
	instance->guest.channel_fd = -1;
	if (!spec->image)
		return err_fail(err, ENOENT, "no guest image; run 'make'");
	rc = kvm_connect(platform_setting(spec->platform, "connection"),
			 &instance->connection, err);
	if (!rc)
		rc = kvm_choose(spec, instance->connection, &hardware, err);
	if (!rc)
		rc = kvm_plan_make(spec, "", hardware, &instance->plan, err);
	if (rc)
		return rc;
	*ret = take_ptr(instance);
	return 0;
}

static uint64_t boot_deadline(const struct platform *platform)
{
	return strtoull(platform_setting(platform, "boot_deadline_s"), NULL, 10) *
	       NS_PER_S;
}

static int kvm_start(struct instance *instance, struct start *ret, struct err *err)
{
	const struct platform *platform = instance->spec.platform;
	struct start start = {0};
	bool hardware;
	int rc;

	if (instance->guest.domain)
		return err_fail(err, EALREADY, "the guest was started before");
	rc = kvm_guest_boot(instance->connection, &instance->plan.domain,
			    kvm_log_dir(platform_setting(platform, "connection")),
			    boot_deadline(platform), &instance->guest, &start, err);
	if (!rc)
		rc = kvm_guest_is_hardware(&instance->guest, &hardware, err);
	if (rc)
		return rc;
	instance->helper_nr = kvm_proc_helpers(
		kvm_pid_dir(platform_setting(platform, "connection")),
		instance->guest.name, instance->helpers,
		sizeof(instance->helpers) / sizeof(instance->helpers[0]));
	start.emulated = !hardware;
	start.pid = instance->guest.pid;
	start.channel = take_fd(&instance->guest.channel_fd);
	*ret = start;
	return 0;
}

static int check_started(const struct instance *instance, struct err *err)
{
	return instance->guest.domain ? 0
				      : err_fail(err, ENOTCONN, "the guest does not run");
}

static int kvm_pause(struct instance *instance, struct err *err)
{
	int rc = check_started(instance, err);

	if (rc)
		return rc;
	if (!instance->guest.paused && virDomainSuspend(instance->guest.domain))
		return kvm_fail(err, "cannot pause the guest");
	instance->guest.paused = true;
	return 0;
}

static int kvm_resume(struct instance *instance, struct err *err)
{
	int rc = check_started(instance, err);

	if (rc)
		return rc;
	if (instance->guest.paused && virDomainResume(instance->guest.domain))
		return kvm_fail(err, "cannot resume the guest");
	instance->guest.paused = false;
	return 0;
}

/* Switches are counted over living threads: QEMU's I/O threads come and go. */
static void keep_larger(uint64_t *now, uint64_t before)
{
	if (*now < before)
		*now = before;
}

static void add_helper(struct account *sum, pid_t pid)
{
	struct account own;

	if (kvm_proc_account(pid, "virtiofsd", &own))
		return;
	sum->cpu_ns += own.cpu_ns;
	sum->voluntary += own.voluntary;
	sum->involuntary += own.involuntary;
	if (sum->pss_bytes != UINT64_MAX)
		account_add_process(sum, "virtiofsd", pid);
	if (sum->read_bytes != UINT64_MAX && own.read_bytes != UINT64_MAX)
		sum->read_bytes += own.read_bytes;
	if (sum->write_bytes != UINT64_MAX && own.write_bytes != UINT64_MAX)
		sum->write_bytes += own.write_bytes;
}

static int kvm_account(struct instance *instance, struct account *ret, struct err *err)
{
	struct account now;
	int rc = check_started(instance, err);

	if (rc)
		return rc;
	rc = kvm_proc_account(instance->guest.pid, "QEMU", &now);
	if (rc)
		return err_fail(err, -rc, "the guest's QEMU process is gone");
	for (size_t i = 0; i < instance->helper_nr; i++)
		add_helper(&now, instance->helpers[i]);
	keep_larger(&now.voluntary, instance->account.voluntary);
	keep_larger(&now.involuntary, instance->account.involuntary);
	instance->account = now;
	*ret = now;
	return 0;
}

/* As the agent makes them (agent/guest.c). */
static const char *kvm_target(const struct instance *instance, size_t path)
{
	static const char *const targets[KVM_PATH_NR] = {
		[KVM_VIRTIO] = "/run/tare/virtio",
		[KVM_IDE] = "/run/tare/ide",
		[KVM_VIRTFS] = "/mnt/virtfs/disk.img",
		[KVM_VIRTIOFS] = "/mnt/virtiofs/disk.img",
	};

	(void)instance;
	return path < KVM_PATH_NR ? targets[path] : NULL;
}

static int kvm_stop(struct instance *instance, struct err *err)
{
	return kvm_guest_end(&instance->guest, END_NS, instance->spec.ending, err);
}

const struct driver driver_kvm = {
	.name = "kvm",
	.summary =
		"virtual machine under libvirt and QEMU, all its disk paths in one guest",
	.settings = settings,
	.paths = paths,
	.own_kernel = true,
	.min_instances = 2,
	.probe = kvm_probe,
	.open = kvm_open,
	.start = kvm_start,
	.pause = kvm_pause,
	.resume = kvm_resume,
	.observe = kvm_observe,
	.account = kvm_account,
	.target = kvm_target,
	.stop = kvm_stop,
	.close = kvm_close,
	.reap = kvm_reap,
	.tool = &driver_kvm_tool,
	.tool_goal = 1.15,
	.set_up = kvm_set_up,
};
