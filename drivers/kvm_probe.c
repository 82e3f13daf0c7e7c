/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/kvm_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/host/channel.h"
#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "drivers/kvm_conn.h"
#include "drivers/kvm_guest.h"
#include "drivers/kvm_instance.h"
#include "drivers/kvm_plan.h"

/* Kernel and agent, beside the tree twice: as it is loaded and as it is unpacked. */
#define TRIAL_MEMORY_BYTES (192ull << 20)
#define TRIAL_DISK_BYTES (4l << 20)
#define END_NS (5 * NS_PER_S)
#define ANSWER_NS (30 * NS_PER_S)
#define ALLOW "allow it with 'emulation: allowed' in the suite"

CLEANUP_DEFINE(plan, struct kvm_plan *, kvm_plan_release)

static uint64_t deadline_of(const struct spec *spec, bool hardware)
{
	const char *text = platform_setting(spec->platform, hardware ? "probe_deadline_s"
								     : "boot_deadline_s");

	return strtoull(text, NULL, 10) * NS_PER_S;
}

/* Asks the agent for each path of the trial and writes its answers down. */
static void try_paths(struct channel *channel, const bool *paths,
		      struct kvm_verdict *verdict)
{
	for (size_t i = 0; i < KVM_PATH_NR; i++) {
		struct err err = {0};

		if (!paths[i])
			continue;
		verdict->paths[i].works = !channel_prepare(
			channel, driver_kvm.paths[i].name, ANSWER_NS, &err);
		(void)snprintf(verdict->paths[i].reason, sizeof(verdict->paths[i].reason),
			       "%.*s", (int)sizeof(verdict->paths[i].reason) - 1,
			       err.text);
	}
}

static int talk(struct kvm_guest *guest, const struct spec *trial,
		struct kvm_verdict *verdict, struct err *err)
{
	struct channel channel = {.fd = guest->channel_fd};
	struct proto_hello hello;
	int rc = channel_hello(&channel, ANSWER_NS, &hello, err);

	if (rc)
		return rc;
	if (trial->scratch)
		try_paths(&channel, trial->paths, verdict);
	channel_bye(&channel);
	return 0;
}

/* One boot with the trial's paths, up to their being ready, and its end. */
static int boot_once(const struct spec *trial, virConnectPtr connection, bool hardware,
		     struct kvm_verdict *verdict, struct err *err)
{
	struct kvm_plan kept = {0};
	cleanup(plan) struct kvm_plan *plan = &kept;
	struct kvm_guest guest = {0};
	struct err ignored = {0};
	int rc = kvm_plan_make(trial, "-probe", hardware, plan, err);

	if (rc)
		return rc;
	rc = kvm_guest_boot(connection, &plan->domain,
			    kvm_log_dir(platform_setting(trial->platform, "connection")),
			    deadline_of(trial, hardware), &guest, NULL, err);
	if (rc)
		return rc;
	rc = talk(&guest, trial, verdict, err);
	(void)kvm_guest_end(&guest, rc ? 0 : END_NS, NULL, &ignored);
	kvm_guest_release(&guest);
	return rc;
}

/* On a disk: a memory file system may refuse O_DIRECT. */
static int make_scratch(const struct spec *spec, char *dir, size_t size, struct err *err)
{
	cleanup(fd) int fd = -1;
	char file[256];

	(void)snprintf(dir, size, KVM_CACHE_DIR "/%s-probe", spec->id);
	(void)snprintf(file, sizeof(file), "%.200s/disk.img", dir);
	if (mkdir(dir, 0700) && errno != EEXIST)
		return err_fail(err, errno, "cannot make '%s': %m", dir);
	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || ftruncate(fd, TRIAL_DISK_BYTES))
		return err_fail(err, errno, "cannot make '%s': %m", file);
	return 0;
}

static void remove_scratch(const char *dir)
{
	char file[256];

	(void)snprintf(file, sizeof(file), "%.200s/disk.img", dir);
	(void)unlink(file);
	(void)rmdir(dir);
}

static void note_refusal(struct kvm_verdict *verdict, const bool *paths,
			 const char *reason)
{
	for (size_t i = 0; i < KVM_PATH_NR; i++)
		if (paths[i])
			(void)snprintf(verdict->paths[i].reason,
				       sizeof(verdict->paths[i].reason), "%.*s",
				       (int)sizeof(verdict->paths[i].reason) - 1, reason);
}

/* All paths in one guest; when it does not come up, once more without virtiofs, whose
 * daemon is the likeliest to be missing or refused. */
static int try_with_disks(const struct spec *trial, virConnectPtr connection,
			  bool hardware, struct kvm_verdict *verdict)
{
	static const bool all[KVM_PATH_NR] = {true, true, true, true};
	static const bool most[KVM_PATH_NR] = {
		[KVM_VIRTIO] = true, [KVM_IDE] = true, [KVM_VIRTFS] = true};
	static const bool last[KVM_PATH_NR] = {[KVM_VIRTIOFS] = true};
	struct spec own = *trial;
	struct err first = {0}, second = {0};

	own.paths = all;
	if (!boot_once(&own, connection, hardware, verdict, &first))
		return 0;
	if (first.code == EINTR)
		return -EINTR;
	note_refusal(verdict, last, first.text);
	own.paths = most;
	if (boot_once(&own, connection, hardware, verdict, &second))
		note_refusal(verdict, most, second.text);
	return second.code == EINTR ? -EINTR : 0;
}

static int try_paths_on_disk(const struct spec *spec, struct spec *trial,
			     virConnectPtr connection, bool hardware,
			     struct kvm_verdict *verdict, struct err *err)
{
	char dir[128];
	int rc = make_scratch(spec, dir, sizeof(dir), err);

	if (!rc) {
		trial->scratch = dir;
		rc = try_with_disks(trial, connection, hardware, verdict);
		trial->scratch = NULL;
	}
	remove_scratch(dir);
	return rc == -EINTR ? err_fail(err, EINTR, "interrupted") : rc;
}

static uint64_t size_of(const char *path)
{
	struct stat status;

	return stat(path, &status) ? 0 : (uint64_t)status.st_size >> 20 << 20;
}

/* First without a disk: whether this kind of guest runs at all. *lasting: the answer
 * came from the guest or QEMU and would be the same next time. */
static int try_fresh(const struct spec *spec, virConnectPtr connection, bool hardware,
		     struct kvm_verdict *verdict, bool *lasting, struct err *err)
{
	struct spec trial = *spec;
	struct err why = {0};

	memset(verdict, 0, sizeof(*verdict));
	trial.scratch = NULL;
	trial.memory_bytes = TRIAL_MEMORY_BYTES + 2 * size_of(spec->image->initrd);
	if (boot_once(&trial, connection, hardware, verdict, &why)) {
		(void)snprintf(verdict->reason, sizeof(verdict->reason), "%.*s",
			       (int)sizeof(verdict->reason) - 1, why.text);
		/* An emulated guest may have been too slow only this once. */
		*lasting =
			hardware && (why.code == ETIMEDOUT || why.code == ECONNABORTED);
		return why.code == EINTR ? err_fail(err, EINTR, "interrupted") : 0;
	}
	verdict->works = true;
	*lasting = true;
	return try_paths_on_disk(spec, &trial, connection, hardware, verdict, err);
}

static bool have_device(struct kvm_verdict *verdict)
{
	cleanup(fd) int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		return true;
	(void)snprintf(
		verdict->reason, sizeof(verdict->reason),
		"cannot open /dev/kvm: %s; turn virtualisation on in the firmware and "
		"load kvm_intel or kvm_amd",
		strerror(errno));
	return false;
}

int kvm_try(const struct spec *spec, virConnectPtr connection, bool hardware,
	    struct kvm_verdict *ret, struct err *err)
{
	const char *setting = platform_setting(spec->platform, "connection");
	struct kvm_verdict verdict = {0};
	char versions[96], key[KVM_KEY_MAX];
	bool lasting = false;
	int rc;

	kvm_describe(connection, kvm_is_embedded(setting), versions, sizeof(versions));
	rc = kvm_verdict_key(spec, versions, hardware, key, err);
	if (rc)
		return rc;
	if (hardware && !have_device(&verdict)) {
		*ret = verdict;
		return 0;
	}
	if (!kvm_verdict_load(key, ret))
		return 0;
	rc = try_fresh(spec, connection, hardware, &verdict, &lasting, err);
	if (rc)
		return rc;
	if (lasting)
		kvm_verdict_save(key, &verdict);
	*ret = verdict;
	return 0;
}

int kvm_choose(const struct spec *spec, virConnectPtr connection, bool *hardware,
	       struct err *err)
{
	struct kvm_verdict verdict;
	int rc = kvm_try(spec, connection, true, &verdict, err);

	if (rc)
		return rc;
	if (!verdict.works && !spec->emulation_allowed)
		return err_fail(err, ENOTSUP,
				"hardware KVM does not work here (%s); " ALLOW,
				verdict.reason);
	*hardware = verdict.works;
	return 0;
}

static void fill_paths(const struct kvm_verdict *verdict, enum readiness state,
		       struct probe *probe)
{
	for (size_t i = 0; i < KVM_PATH_NR; i++) {
		probe->paths[i].state = verdict->paths[i].works ? state : UNAVAILABLE;
		(void)snprintf(probe->paths[i].reason, sizeof(probe->paths[i].reason),
			       "%s", verdict->paths[i].reason);
	}
}

static int answer(struct probe *probe, enum readiness state, const char *reason)
{
	probe->state = state;
	(void)snprintf(probe->reason, sizeof(probe->reason), "%.*s",
		       (int)sizeof(probe->reason) - 1, reason);
	for (size_t i = 0; state == UNAVAILABLE && i < KVM_PATH_NR; i++)
		(void)snprintf(probe->paths[i].reason, sizeof(probe->paths[i].reason),
			       "%s", "no guest runs here");
	return 0;
}

static int probe_emulated(const struct spec *spec, virConnectPtr connection,
			  const char *versions, const char *because, struct probe *probe,
			  struct err *err)
{
	struct kvm_verdict verdict;
	char text[sizeof(probe->reason)];
	int rc;

	if (!spec->emulation_allowed) {
		(void)snprintf(text, sizeof(text),
			       "hardware KVM does not work here: %.200s; " ALLOW,
			       because);
		return answer(probe, UNAVAILABLE, text);
	}
	rc = kvm_try(spec, connection, false, &verdict, err);
	if (rc)
		return rc;
	if (!verdict.works)
		return answer(probe, UNAVAILABLE, verdict.reason);
	(void)snprintf(text, sizeof(text),
		       "%s, emulated (TCG) because hardware KVM failed: %.200s", versions,
		       because);
	fill_paths(&verdict, EMULATED, probe);
	return answer(probe, EMULATED, text);
}

static int probe_connected(const struct spec *spec, virConnectPtr connection,
			   struct probe *probe, struct err *err)
{
	const char *setting = platform_setting(spec->platform, "connection");
	struct kvm_verdict verdict;
	char versions[96], text[sizeof(probe->reason)];
	int rc = kvm_try(spec, connection, true, &verdict, err);

	if (rc)
		return rc;
	kvm_describe(connection, kvm_is_embedded(setting), versions, sizeof(versions));
	if (!verdict.works)
		return probe_emulated(spec, connection, versions, verdict.reason, probe,
				      err);
	(void)snprintf(text, sizeof(text), "%s, hardware KVM", versions);
	fill_paths(&verdict, READY, probe);
	return answer(probe, READY, text);
}

int kvm_probe(const struct spec *spec, struct probe *ret, struct err *err)
{
	cleanup(connection) virConnectPtr connection = NULL;
	struct probe probe = {0};
	struct err why = {0};
	int rc = 0;

	if (geteuid())
		(void)answer(&probe, UNAVAILABLE, "needs root; run with sudo");
	else if (!spec->image)
		(void)answer(&probe, UNAVAILABLE, "no guest image; run 'make'");
	else if (kvm_connect(platform_setting(spec->platform, "connection"), &connection,
			     &why))
		(void)answer(&probe, UNAVAILABLE, why.text);
	else
		rc = probe_connected(spec, connection, &probe, err);
	if (!rc)
		*ret = probe;
	return rc;
}
