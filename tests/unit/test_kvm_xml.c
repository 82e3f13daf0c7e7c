/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Golden files in tests/fixtures/domain: what libvirt is asked for.  UPDATE_GOLDEN=1
 * writes them anew, for the change to be read in the diff.
 */
#include "drivers/kvm_xml.h"

#include <errno.h>
#include <stdlib.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "bench/base/cleanup.h"
#include "tests/check.h"

#define GOLDEN "tests/fixtures/domain/"

static const unsigned two_cpus[] = {2, 5};
static const unsigned four_cpus[] = {0, 1, 4, 5};

static struct kvm_domain base(void)
{
	return (struct kvm_domain){
		.name = "tare-42-abc-0",
		.cpu_model = "EPYC",
		.kernel = "/image/vmlinux",
		.initrd = "/run/tare/tare-42-abc/tare-42-abc-0.initrd",
		.command_line = "tare.guest console=ttyS0 tare.msize=512000",
		.cpus = two_cpus,
		.cpu_nr = 2,
		.service_cpu = 1,
		.memory_bytes = 1ull << 30,
		.channel = "/run/tare/tare-42-abc/tare-42-abc-0.agent",
		.console = "/run/tare/tare-42-abc/tare-42-abc-0.console",
		.cache = "none",
		.aio = "native",
	};
}

static char *read_golden(const char *path)
{
	cleanup(file) FILE *file = fopen(path, "re");
	char *text = calloc(1, 16384);

	if (file && text)
		(void)!fread(text, 1, 16383, file);
	return text;
}

static void write_golden(const char *path, const char *text)
{
	cleanup(file) FILE *file = fopen(path, "we");

	if (file)
		(void)fputs(text, file);
}

static void check_golden(const struct kvm_domain *domain, const char *name)
{
	cleanup(free) char *xml = NULL;
	cleanup(free) char *want = NULL;
	struct err err = {0};
	char path[128];

	(void)snprintf(path, sizeof(path), GOLDEN "%s.xml", name);
	CHECK_INT(kvm_xml(domain, &xml, &err), 0);
	if (xml && getenv("UPDATE_GOLDEN"))
		write_golden(path, xml);
	want = read_golden(path);
	if (xml && want && strcmp(xml, want))
		printf("# %s differs; got:\n%s", path, xml);
	CHECK(xml && want && *want && !strcmp(xml, want));
}

static void test_golden(void)
{
	struct kvm_domain domain = base();

	check_golden(&domain, "emulated-no-disk");
	domain.hardware = true;
	check_golden(&domain, "hardware-no-disk");
	domain.scratch = "/scratch/tare-42-abc";
	domain.paths[KVM_VIRTIO] = domain.paths[KVM_IDE] = domain.paths[KVM_VIRTFS] =
		true;
	check_golden(&domain, "hardware-three-paths");
	domain.iothread = true;
	domain.cpus = four_cpus;
	domain.cpu_nr = 4;
	domain.service_cpu = 7;
	check_golden(&domain, "hardware-iothread");
}

static void test_golden_emulated(void)
{
	struct kvm_domain domain = base();

	domain.scratch = "/scratch/tare-42-abc";
	domain.paths[KVM_IDE] = true;
	check_golden(&domain, "emulated-ide");
	domain.paths[KVM_IDE] = false;
	domain.paths[KVM_VIRTFS] = true;
	check_golden(&domain, "emulated-virtfs");
	domain.paths[KVM_VIRTIOFS] = true;
	domain.paths[KVM_VIRTIO] = true;
	domain.cpu_model = "max";
	domain.cache = "writeback";
	domain.aio = "threads";
	domain.huge_pages = true;
	check_golden(&domain, "emulated-tuned");
}

/* Paths that are asked for without a data file attach nothing. */
static void test_no_scratch(void)
{
	struct kvm_domain domain = base();
	cleanup(free) char *xml = NULL;
	struct err err = {0};

	domain.paths[KVM_IDE] = domain.paths[KVM_VIRTIOFS] = true;
	CHECK_INT(kvm_xml(&domain, &xml, &err), 0);
	CHECK(xml && !strstr(xml, "<disk"));
	CHECK(xml && !strstr(xml, "<filesystem"));
	CHECK(xml && !strstr(xml, "memfd"));
}

static void test_escapes(void)
{
	struct kvm_domain domain = base();
	cleanup(free) char *xml = NULL;
	struct err err = {0};

	domain.scratch = "/mnt/a'b<c>&d";
	domain.paths[KVM_VIRTIO] = true;
	CHECK_INT(kvm_xml(&domain, &xml, &err), 0);
	CHECK(xml && strstr(xml, "file='/mnt/a&apos;b&lt;c&gt;&amp;d/disk.img'"));
}

static void test_refusals(void)
{
	struct kvm_domain domain = base();
	char *xml = NULL;
	struct err err = {0};

	domain.cache = "writeback";
	CHECK_INT(kvm_xml(&domain, &xml, &err), -EINVAL);
	CHECK_STR(err.text,
		  "aio 'native' needs cache 'none' or 'directsync', not 'writeback'");
	CHECK(!xml);
	err_clear(&err);
	domain = base();
	domain.cpu_nr = 0;
	CHECK_INT(kvm_xml(&domain, &xml, &err), -EINVAL);
	CHECK(!xml);
}

static void ignore_error(void *data, virErrorPtr error)
{
	(void)data;
	(void)error;
}

/* libvirt's test driver knows no type but its own; all the rest is
 * checked against libvirt's schema, parsed and run. */
static char *as_test_domain(const struct kvm_domain *domain)
{
	cleanup(free) char *xml = NULL;
	struct err err = {0};
	char *text = NULL;

	if (kvm_xml(domain, &xml, &err) ||
	    asprintf(&text, "<domain type='test'>%s", strchr(xml, '>') + 1) < 0)
		return NULL;
	return text;
}

static void test_life(void)
{
	struct kvm_domain domain = base();
	cleanup(free) char *xml = NULL;
	virConnectPtr connection;
	virDomainPtr guest;
	virDomainInfo info;

	virSetErrorFunc(NULL, ignore_error);
	connection = virConnectOpen("test:///default");
	if (!connection) {
		SKIP("libvirt has no test driver here");
		return;
	}
	domain.scratch = "/scratch/tare-42-abc";
	domain.paths[KVM_VIRTIO] = domain.paths[KVM_IDE] = domain.paths[KVM_VIRTFS] =
		true;
	xml = as_test_domain(&domain);
	guest = xml ? virDomainCreateXML(connection, xml, VIR_DOMAIN_START_VALIDATE)
		    : NULL;
	CHECK(guest);
	if (!guest)
		printf("# %s\n", virGetLastErrorMessage());
	CHECK(guest && !virDomainSuspend(guest));
	CHECK(guest && !virDomainResume(guest));
	CHECK(guest && !virDomainGetInfo(guest, &info) &&
	      info.state == VIR_DOMAIN_RUNNING && info.nrVirtCpu == 2 &&
	      info.maxMem == 1 << 20);
	CHECK(guest && !virDomainDestroy(guest));
	if (guest)
		(void)virDomainFree(guest);
	CHECK(!virDomainLookupByName(connection, "tare-42-abc-0"));
	(void)virConnectClose(connection);
}

int main(void)
{
	test_golden();
	test_golden_emulated();
	test_no_scratch();
	test_escapes();
	test_refusals();
	test_life();
	return check_done();
}
