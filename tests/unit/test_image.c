/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small image of our own: good, then damaged in every way. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/host/image.h"
#include "bench/base/remove_tree.h"
#include "tests/check.h"

static char dir[] = "/tmp/test_image.XXXXXX";

/* Of "abc" (FIPS 180-2, appendix B.1) and of nothing. */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define TREE "0000000000000000000000000000000000000000000000000000000000000001"
#define GOOD                                                       \
	"tree_sha256=" TREE "\nagent_sha256=" ABC "\nnot a pair\n" \
	"fio_sha256=" EMPTY "\nempty=\ntwo=a=b\n"

static void put(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	CHECK(file != NULL);
	if (!file)
		return;
	(void)fputs(text, file);
	(void)fclose(file);
}

static void make_dir(const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	(void)mkdir(path, 0700);
}

static void put_good(void)
{
	put("root/agent", "abc");
	put("root/usr/bin/fio", "");
	put("manifest", GOOD);
}

static void test_good(void)
{
	struct image *image = NULL;
	struct err err = {0};
	char path[256];

	CHECK_INT(image_open(dir, &image, &err), 0);
	CHECK_STR(err.text, "");
	if (!image)
		return;
	CHECK_STR(image->hash, TREE);
	CHECK_INT(image->agent_sha256[0], 0xba);
	CHECK_INT(image->agent_sha256[31], 0xad);
	CHECK_INT(image->fio_sha256[0], 0xe3);
	(void)snprintf(path, sizeof(path), "%s/guest.cpio", dir);
	CHECK_STR(image->initrd, path);
	CHECK_STR(image_manifest(image, "empty"), "");
	CHECK_STR(image_manifest(image, "two"), "a=b");
	CHECK_STR(image_manifest(image, "tree"), NULL);
	CHECK_STR(image_manifest(image, "not a pair"), NULL);
	image_close(image);
	image_close(NULL);
}

/* Refused with this code, a text that says so, and the mend; nothing is written. */
static void check_refused(int code, const char *text)
{
	struct image *image = (struct image *)dir;
	struct err err = {0};

	CHECK_INT(image_open(dir, &image, &err), -code);
	CHECK(strstr(err.text, text) != NULL);
	CHECK(strstr(err.text, "run 'make image'") != NULL);
	CHECK(image == (struct image *)dir);
}

static void test_damaged(void)
{
	static const struct {
		const char *manifest, *text;
		int code;
	} manifests[] = {
		{"", "no agent_sha256", EINVAL},
		{"tree_sha256=" TREE "\nfio_sha256=" EMPTY "\n", "no agent_sha256",
		 EINVAL},
		{"tree_sha256=" TREE "\nagent_sha256=" ABC "\n", "no fio_sha256", EINVAL},
		{"agent_sha256=" ABC "\nfio_sha256=" EMPTY "\n", "no tree_sha256",
		 EINVAL},
		{"tree_sha256=" TREE "\nagent_sha256=abc\nfio_sha256=" EMPTY "\n",
		 "no agent_sha256", EINVAL},
		{"tree_sha256=" TREE "\nagent_sha256=" ABC "00\nfio_sha256=" EMPTY "\n",
		 "no agent_sha256", EINVAL},
		{"tree_sha256=" TREE "\nagent_sha256=" EMPTY "\nfio_sha256=" EMPTY "\n",
		 "agent' is not what the manifest says", EBADMSG},
		{"tree_sha256=" TREE "\nagent_sha256=" ABC "\nfio_sha256=" ABC "\n",
		 "fio' is not what the manifest says", EBADMSG},
	};

	for (size_t i = 0; i < sizeof(manifests) / sizeof(manifests[0]); i++) {
		put("manifest", manifests[i].manifest);
		check_refused(manifests[i].code, manifests[i].text);
	}
	put_good();
	put("root/agent", "abd");
	check_refused(EBADMSG, "agent' is not what the manifest says");
	put_good();
	put("root/usr/bin/fio", "x");
	check_refused(EBADMSG, "fio' is not what the manifest says");
	put_good();
}

static void test_missing(void)
{
	struct image *image = NULL;
	struct err err = {0};
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/root/agent", dir);
	(void)unlink(path);
	check_refused(ENOENT, "cannot read");
	(void)snprintf(path, sizeof(path), "%s/manifest", dir);
	(void)unlink(path);
	check_refused(ENOENT, "cannot open");
	CHECK_INT(image_open("/nonexistent", &image, &err), -ENOENT);
	CHECK(strstr(err.text, "'/nonexistent'") != NULL);
	CHECK(image == NULL);
}

int main(void)
{
	if (!mkdtemp(dir)) {
		SKIP("no folder in /tmp");
		return check_done();
	}
	make_dir("root");
	make_dir("root/usr");
	make_dir("root/usr/bin");
	put_good();
	test_good();
	test_damaged();
	test_missing();
	remove_tree(dir);
	return check_done();
}
