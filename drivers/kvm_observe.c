/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <libvirt/libvirt-qemu.h>

#include "bench/agent/sha256.h"
#include "bench/base/cleanup.h"
#include "drivers/kvm_conn.h"
#include "drivers/kvm_instance.h"
#include "drivers/kvm_proc.h"

CLEANUP_DEFINE(json, json_t *, json_decref)

/* Facts are gathered until the first failure, which is remembered. */
struct gather {
	struct instance *instance;
	struct facts *into;
	struct err *err;
	int rc;
};

static void add(struct gather *gather, const char *name, const char *asked,
		const char *got, const char *source)
{
	if (!gather->rc && facts_add(gather->into, name, asked, got, source))
		gather->rc = err_fail(gather->err, ENOMEM, "no memory for facts");
}

static void add_number(struct gather *gather, const char *name, unsigned long long asked,
		       unsigned long long got, const char *source)
{
	char want[24], have[24];

	(void)snprintf(want, sizeof(want), "%llu", asked);
	(void)snprintf(have, sizeof(have), "%llu", got);
	add(gather, name, want, have, source);
}

/* Copies what stands between `before` and the next quote in libvirt's own XML. */
static void copy_attribute(const char *xml, const char *before, char *to, size_t size)
{
	const char *at = strstr(xml, before);

	to[0] = '\0';
	if (!at)
		return;
	at += strlen(before);
	(void)snprintf(to, size, "%.*s", (int)strcspn(at, "'"), at);
}

static void observe_xml(struct gather *gather)
{
	cleanup(free) char *xml = virDomainGetXMLDesc(gather->instance->guest.domain, 0);
	bool hardware = gather->instance->plan.domain.hardware;
	char text[64];

	if (!xml) {
		gather->rc = kvm_fail(gather->err, "cannot read the guest's XML back");
		return;
	}
	copy_attribute(xml, "<domain type='", text, sizeof(text));
	add(gather, "virtualisation", hardware ? "kvm" : "qemu", text, "live domain XML");
	copy_attribute(xml, "machine='", text, sizeof(text));
	add(gather, "machine", NULL, text, "live domain XML");
	copy_attribute(xml, "<cpu mode='", text, sizeof(text));
	add(gather, "cpu_mode", NULL, text, "live domain XML");
}

/* QMP answer's "return"; NULL with the failure recorded. */
static json_t *ask_qemu(struct gather *gather, const char *command)
{
	cleanup(free) char *text = NULL;
	cleanup(json) json_t *answer = NULL;
	json_t *value;

	if (gather->rc)
		return NULL;
	if (virDomainQemuMonitorCommand(gather->instance->guest.domain, command, &text,
					0)) {
		gather->rc = kvm_fail(gather->err, "cannot ask QEMU");
		return NULL;
	}
	answer = json_loads(text, 0, NULL);
	value = answer ? json_object_get(answer, "return") : NULL;
	if (!value)
		gather->rc =
			err_fail(gather->err, EPROTO, "QEMU's answer has no 'return'");
	return json_incref(value);
}

static void observe_accelerator(struct gather *gather)
{
	cleanup(json) json_t *kvm = ask_qemu(gather, "{\"execute\":\"query-kvm\"}");
	bool enabled = kvm && json_is_true(json_object_get(kvm, "enabled"));

	add(gather, "hardware_kvm", gather->instance->plan.domain.hardware ? "yes" : "no",
	    enabled ? "yes" : "no", "QMP query-kvm");
}

static const char *cache_mode(const json_t *cache)
{
	bool writeback = json_is_true(json_object_get(cache, "writeback"));
	bool direct = json_is_true(json_object_get(cache, "direct"));

	if (json_is_true(json_object_get(cache, "no-flush")))
		return "unsafe";
	if (direct)
		return writeback ? "none" : "directsync";
	return writeback ? "writeback" : "writethrough";
}

static void observe_disks(struct gather *gather)
{
	cleanup(json) json_t *blocks = ask_qemu(gather, "{\"execute\":\"query-block\"}");
	const char *asked = gather->instance->plan.domain.cache;
	json_t *block;
	size_t i;

	if (!blocks)
		return;
	json_array_foreach (blocks, i, block) {
		const char *device = json_string_value(json_object_get(block, "qdev"));
		json_t *inserted = json_object_get(block, "inserted");
		bool virtio = device && strstr(device, "virtio");

		if (inserted)
			add(gather, virtio ? "virtio.cache" : "ide.cache", asked,
			    cache_mode(json_object_get(inserted, "cache")),
			    "QMP query-block");
	}
}

/* QMP does not tell aio: QEMU's own arguments do. */
static void observe_aio(struct gather *gather)
{
	const struct kvm_domain *domain = &gather->instance->plan.domain;
	char arguments[65536], key[] = "\"aio\":\"", value[32];
	size_t length, at = 0;
	char path[64];
	cleanup(file) FILE *file = NULL;
	const char *found;

	if (!domain->scratch || !(domain->paths[KVM_VIRTIO] || domain->paths[KVM_IDE]))
		return;
	(void)snprintf(path, sizeof(path), "/proc/%d/cmdline",
		       (int)gather->instance->guest.pid);
	file = fopen(path, "re");
	length = file ? fread(arguments, 1, sizeof(arguments) - 1, file) : 0;
	arguments[length] = '\0';
	for (; at < length; at++)
		if (!arguments[at])
			arguments[at] = ' ';
	found = strstr(arguments, key);
	found = found ? found + sizeof(key) - 1 : "unknown\"";
	(void)snprintf(value, sizeof(value), "%.*s", (int)strcspn(found, "\""), found);
	add(gather, "disk.aio", domain->aio, value, "QEMU's arguments");
}

static void add_thread(struct gather *gather, const char *fact, unsigned asked,
		       const char *prefix)
{
	char want[16], got[64] = "no such thread";

	(void)snprintf(want, sizeof(want), "%u", asked);
	(void)kvm_proc_thread_cpus(gather->instance->guest.pid, prefix, got, sizeof(got));
	add(gather, fact, want, got, "/proc/PID/task/*/status");
}

static void observe_threads(struct gather *gather)
{
	const struct kvm_domain *domain = &gather->instance->plan.domain;
	char fact[48], prefix[32];

	for (size_t i = 0; i < domain->cpu_nr; i++) {
		(void)snprintf(fact, sizeof(fact), "vcpu%zu.host_cpu", i);
		(void)snprintf(prefix, sizeof(prefix), "CPU %zu/", i);
		add_thread(gather, fact, domain->cpus[i], prefix);
	}
	add_thread(gather, "emulator.host_cpu", domain->service_cpu, "qemu-system");
	if (domain->iothread)
		add_thread(gather, "iothread.host_cpu", domain->service_cpu,
			   "IO iothread");
}

static void observe_size(struct gather *gather)
{
	virDomainPtr domain = gather->instance->guest.domain;
	const struct kvm_domain *wanted = &gather->instance->plan.domain;
	int cpus = virDomainGetVcpusFlags(domain, VIR_DOMAIN_AFFECT_LIVE);
	unsigned long kib = virDomainGetMaxMemory(domain);

	add_number(gather, "vcpus", wanted->cpu_nr, cpus > 0 ? (unsigned)cpus : 0,
		   "libvirt, live");
	add_number(gather, "memory_bytes", wanted->memory_bytes >> 10 << 10,
		   (unsigned long long)kib << 10, "libvirt, live");
}

/* Not a limit, but what makes these figures readable: neither QEMU's 9p server nor
 * virtiofsd passes O_DIRECT on (docs/platforms.md says how that was seen). */
static void observe_shares(struct gather *gather)
{
	const struct kvm_domain *domain = &gather->instance->plan.domain;
	static const char note[] = "used even by direct I/O";

	if (domain->scratch && domain->paths[KVM_VIRTFS])
		add(gather, "virtfs.host_cache", NULL, note, "QEMU 9pfs");
	if (domain->scratch && domain->paths[KVM_VIRTIOFS])
		add(gather, "virtiofs.host_cache", NULL, note, "virtiofsd");
}

static void observe_versions(struct gather *gather)
{
	const char *setting =
		platform_setting(gather->instance->spec.platform, "connection");
	char text[96];

	kvm_describe(gather->instance->connection, kvm_is_embedded(setting), text,
		     sizeof(text));
	add(gather, "hypervisor", NULL, text, "libvirt");
}

/* Of the bytes QEMU was given, which need not be the image's. */
static void observe_hash(struct gather *gather, const char *name, const char *file)
{
	uint8_t digest[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];
	int rc = gather->rc ? gather->rc : sha256_file(file, digest);

	if (!gather->rc && rc)
		gather->rc = err_fail(gather->err, -rc, "cannot hash '%s': %s", file,
				      strerror(-rc));
	if (gather->rc)
		return;
	for (size_t i = 0; i < SHA256_BYTES; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	add(gather, name, NULL, hex, file);
}

int kvm_observe(struct instance *instance, struct facts *into, struct err *err)
{
	struct gather gather = {.instance = instance, .into = into, .err = err};

	if (!instance->guest.domain)
		return err_fail(err, ENOTCONN, "the guest does not run");
	observe_xml(&gather);
	observe_accelerator(&gather);
	observe_size(&gather);
	observe_threads(&gather);
	observe_disks(&gather);
	observe_aio(&gather);
	observe_shares(&gather);
	observe_versions(&gather);
	observe_hash(&gather, "kernel_sha256", instance->plan.domain.kernel);
	observe_hash(&gather, "initrd_sha256", instance->plan.domain.initrd);
	return gather.rc;
}
