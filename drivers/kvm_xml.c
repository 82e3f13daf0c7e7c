/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/kvm_xml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"

/* Text inside an element or an attribute in single quotes. */
static void put_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			(void)fputs("&amp;", out);
			break;
		case '<':
			(void)fputs("&lt;", out);
			break;
		case '>':
			(void)fputs("&gt;", out);
			break;
		case '\'':
			(void)fputs("&apos;", out);
			break;
		default:
			(void)fputc(*text, out);
		}
	}
}

static void put_element(FILE *out, const char *indent, const char *name, const char *text)
{
	(void)fprintf(out, "%s<%s>", indent, name);
	put_text(out, text);
	(void)fprintf(out, "</%s>\n", name);
}

static void put_memory(FILE *out, const struct kvm_domain *domain)
{
	bool shared = domain->scratch && domain->paths[KVM_VIRTIOFS];

	(void)fprintf(out, "  <memory unit='KiB'>%llu</memory>\n",
		      (unsigned long long)(domain->memory_bytes >> 10));
	if (!shared && !domain->huge_pages)
		return;
	(void)fputs("  <memoryBacking>\n", out);
	if (domain->huge_pages)
		(void)fputs("    <hugepages/>\n", out);
	/* virtiofsd maps the guest's memory. */
	if (shared)
		(void)fputs("    <source type='memfd'/>\n    <access mode='shared'/>\n",
			    out);
	(void)fputs("  </memoryBacking>\n", out);
}

static void put_cpus(FILE *out, const struct kvm_domain *domain)
{
	(void)fprintf(out, "  <vcpu placement='static'>%zu</vcpu>\n", domain->cpu_nr);
	if (domain->iothread)
		(void)fputs("  <iothreads>1</iothreads>\n", out);
	(void)fputs("  <cputune>\n", out);
	for (size_t i = 0; i < domain->cpu_nr; i++)
		(void)fprintf(out, "    <vcpupin vcpu='%zu' cpuset='%u'/>\n", i,
			      domain->cpus[i]);
	(void)fprintf(out, "    <emulatorpin cpuset='%u'/>\n", domain->service_cpu);
	if (domain->iothread)
		(void)fprintf(out, "    <iothreadpin iothread='1' cpuset='%u'/>\n",
			      domain->service_cpu);
	(void)fputs("  </cputune>\n", out);
}

static void put_os(FILE *out, const struct kvm_domain *domain)
{
	/* pc, not q35: only it has an IDE controller. */
	(void)fputs("  <os>\n    <type arch='x86_64' machine='pc'>hvm</type>\n", out);
	put_element(out, "    ", "kernel", domain->kernel);
	put_element(out, "    ", "initrd", domain->initrd);
	put_element(out, "    ", "cmdline", domain->command_line);
	(void)fputs("  </os>\n  <features>\n    <acpi/>\n    <apic/>\n  </features>\n",
		    out);
}

static void put_cpu_model(FILE *out, const struct kvm_domain *domain)
{
	if (domain->hardware) {
		(void)fputs(
			"  <cpu mode='host-passthrough' check='none' migratable='off'>\n",
			out);
	} else if (!strcmp(domain->cpu_model, "max")) {
		(void)fputs("  <cpu mode='maximum' check='none'>\n", out);
	} else {
		(void)fputs("  <cpu mode='custom' match='exact' check='none'>\n", out);
		put_element(out, "    ", "model", domain->cpu_model);
	}
	(void)fprintf(out,
		      "    <topology sockets='1' dies='1' cores='%zu' threads='1'/>\n"
		      "  </cpu>\n",
		      domain->cpu_nr);
}

static void put_life(FILE *out)
{
	(void)fputs("  <clock offset='utc'>\n    <timer name='hpet' present='no'/>\n"
		    "  </clock>\n"
		    "  <on_poweroff>destroy</on_poweroff>\n"
		    "  <on_reboot>destroy</on_reboot>\n"
		    "  <on_crash>destroy</on_crash>\n",
		    out);
}

static void put_socket(FILE *out, const char *element, const char *path,
		       const char *target)
{
	(void)fprintf(out, "    <%s type='unix'>\n      <source mode='bind' path='",
		      element);
	put_text(out, path);
	(void)fprintf(out, "'/>\n      %s\n    </%s>\n", target, element);
}

static void put_disk(FILE *out, const struct kvm_domain *domain, enum kvm_path path)
{
	bool virtio = path == KVM_VIRTIO;
	const char *bus = virtio ? "virtio" : "ide";

	(void)fprintf(out,
		      "    <disk type='file' device='disk'>\n"
		      "      <driver name='qemu' type='raw' cache='%s' io='%s'%s/>\n"
		      "      <source file='",
		      domain->cache, domain->aio,
		      virtio && domain->iothread ? " iothread='1'" : "");
	put_text(out, domain->scratch);
	(void)fprintf(out,
		      "/disk.img'/>\n"
		      "      <target dev='%s' bus='%s'/>\n"
		      "      <shareable/>\n"
		      "      <serial>tare-%s</serial>\n"
		      "    </disk>\n",
		      virtio ? "vda" : "hda", bus, bus);
}

/* mapped: what the guest makes is a plain file of the host's, whatever the guest calls
 * it (a device, a link, a set-user-id program). */
static void put_share(FILE *out, const struct kvm_domain *domain, enum kvm_path path)
{
	bool p9 = path == KVM_VIRTFS;

	(void)fprintf(out,
		      "    <filesystem type='mount' accessmode='%s'>\n"
		      "      <driver type='%s'/>\n",
		      p9 ? "mapped" : "passthrough", p9 ? "path" : "virtiofs");
	(void)fputs("      <source dir='", out);
	put_text(out, domain->scratch);
	(void)fprintf(out, "'/>\n      <target dir='tare-%s'/>\n    </filesystem>\n",
		      p9 ? "virtfs" : "virtiofs");
}

static void put_paths(FILE *out, const struct kvm_domain *domain)
{
	for (enum kvm_path path = 0; domain->scratch && path < KVM_PATH_NR; path++) {
		if (!domain->paths[path])
			continue;
		if (path == KVM_IDE || path == KVM_VIRTIO)
			put_disk(out, domain, path);
		else
			put_share(out, domain, path);
	}
}

static void put_devices(FILE *out, const struct kvm_domain *domain)
{
	(void)fputs("  <devices>\n    <controller type='usb' model='none'/>\n", out);
	put_socket(out, "serial", domain->console,
		   "<target type='isa-serial' port='0'/>");
	put_socket(out, "channel", domain->channel,
		   "<target type='virtio' name='tare.agent'/>");
	put_paths(out, domain);
	(void)fputs("    <memballoon model='none'/>\n"
		    "    <video>\n      <model type='none'/>\n    </video>\n"
		    "  </devices>\n",
		    out);
}

static void put_domain(FILE *out, const struct kvm_domain *domain)
{
	(void)fprintf(out, "<domain type='%s'>\n", domain->hardware ? "kvm" : "qemu");
	put_element(out, "  ", "name", domain->name);
	put_memory(out, domain);
	put_cpus(out, domain);
	put_os(out, domain);
	put_cpu_model(out, domain);
	put_life(out);
	put_devices(out, domain);
	(void)fputs("</domain>\n", out);
}

static int check_domain(const struct kvm_domain *domain, struct err *err)
{
	bool direct =
		!strcmp(domain->cache, "none") || !strcmp(domain->cache, "directsync");

	if (!strcmp(domain->aio, "native") && !direct)
		return err_fail(
			err, EINVAL,
			"aio 'native' needs cache 'none' or 'directsync', not '%s'",
			domain->cache);
	if (!domain->cpu_nr)
		return err_fail(err, EINVAL, "a guest needs a CPU");
	return 0;
}

int kvm_xml(const struct kvm_domain *domain, char **ret, struct err *err)
{
	cleanup(free) char *text = NULL;
	size_t length;
	FILE *out;
	int rc = check_domain(domain, err);

	if (rc)
		return rc;
	out = open_memstream(&text, &length);
	if (!out)
		return err_fail(err, ENOMEM, "no memory for the guest's XML");
	put_domain(out, domain);
	if (fclose(out))
		return err_fail(err, ENOMEM, "no memory for the guest's XML");
	*ret = take_ptr(text);
	return 0;
}
