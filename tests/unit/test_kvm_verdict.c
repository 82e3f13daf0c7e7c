/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/kvm_verdict.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "drivers/kvm_conn.h"
#include "tests/check.h"

static struct setting settings[] = {{"kernel", NULL}, {"cache", "none"}};

static int make_key(const char *cache, bool hardware, const char *versions,
		    char key[static KVM_KEY_MAX])
{
	struct image image = {.kernel = "/proc/self/exe", .hash = "0123"};
	struct platform platform = {.settings = settings, .setting_nr = 2};
	struct spec spec = {.platform = &platform, .image = &image};
	struct err err = {0};

	settings[1].value = cache;
	return kvm_verdict_key(&spec, versions, hardware, key, &err);
}

/* Whatever a verdict depends on must change its key. */
static void test_key(void)
{
	char one[KVM_KEY_MAX], other[KVM_KEY_MAX];

	CHECK_INT(make_key("none", true, "QEMU 1", one), 0);
	CHECK_INT(make_key("none", true, "QEMU 1", other), 0);
	CHECK(!strcmp(one, other));
	CHECK_INT(make_key("none", false, "QEMU 1", other), 0);
	CHECK(strcmp(one, other) != 0);
	CHECK_INT(make_key("none", true, "QEMU 2", other), 0);
	CHECK(strcmp(one, other) != 0);
	CHECK_INT(make_key("unsafe", true, "QEMU 1", other), 0);
	CHECK(strcmp(one, other) != 0);
	CHECK(!strchr(one, '\n'));
}

static void test_round_trip(void)
{
	struct kvm_verdict kept = {.reason = "cannot set MSR 0x10a"}, got = {0};
	char key[KVM_KEY_MAX], other[KVM_KEY_MAX];

	CHECK_INT(make_key("none", true, "test of verdicts", key), 0);
	CHECK_INT(make_key("none", true, "test of others", other), 0);
	kept.paths[KVM_IDE].works = true;
	(void)snprintf(kept.paths[KVM_VIRTIOFS].reason, 16, "no daemon");
	kvm_verdict_save(key, &kept);
	CHECK_INT(kvm_verdict_load(key, &got), 0);
	CHECK(!got.works && got.paths[KVM_IDE].works && !got.paths[KVM_VIRTIO].works);
	CHECK_STR(got.reason, "cannot set MSR 0x10a");
	CHECK_STR(got.paths[KVM_VIRTIOFS].reason, "no daemon");
	got.works = true;
	CHECK_INT(kvm_verdict_load(other, &got), -ENOENT);
	CHECK(got.works);
	/* Of this boot: stays.  Of another: goes. */
	kvm_verdict_expire();
	CHECK_INT(kvm_verdict_load(key, &got), 0);
	kvm_verdict_forget(key);
	CHECK_INT(kvm_verdict_load(key, &got), -ENOENT);
	key[0] = key[0] == '0' ? '1' : '0';
	kvm_verdict_save(key, &kept);
	CHECK_INT(kvm_verdict_load(key, &got), 0);
	kvm_verdict_expire();
	CHECK_INT(kvm_verdict_load(key, &got), -ENOENT);
}

int main(void)
{
	test_key();
	if (mkdir(KVM_CACHE_DIR, 0700) && access(KVM_CACHE_DIR, W_OK)) {
		SKIP("cannot write to " KVM_CACHE_DIR "; run as root");
		return check_done();
	}
	test_round_trip();
	return check_done();
}
