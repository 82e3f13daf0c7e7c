/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/config/nearest.h"
#include "bench/config/yaml.h"
#include "tests/check.h"

static int parse_bytes(const char *text, size_t length, struct yaml **ret,
		       struct err *err)
{
	return yaml_open_text("f.yaml", text, length, ret, err);
}

/* Every text here is refused, with this message. */
static const struct {
	const char *text, *message;
} refused[] = {
	{"", "f.yaml:1: the file is empty"},
	{"# only a comment\n", "f.yaml:1: the file is empty"},
	{"a: 1\nb: 2\na: 3\n", "f.yaml:3: key 'a' is already in line 1"},
	{"x:\n  a: 1\n  'a': 3\n", "f.yaml:3: key 'a' is already in line 2"},
	{"- {a: 1, a: 1}\n", "f.yaml:1: key 'a' is already in line 1"},
	{"a: &b 1\n", "f.yaml:1: anchors are not accepted"},
	{"a: &b [1]\n", "f.yaml:1: anchors are not accepted"},
	{"a: 1\nb: *a\n", "f.yaml:2: aliases are not accepted"},
	{"a: !!int 1\n", "f.yaml:1: tags are not accepted"},
	{"a: !x {b: 1}\n", "f.yaml:1: tags are not accepted"},
	{"a: 1\n---\nb: 2\n", "f.yaml:2: more than one document"},
	{"[a]: 1\n", "f.yaml:1: a key must be a single word"},
	{"a: \"x\\0y\"\n", "f.yaml:1: a control character in a value"},
	{"a: 1\nb: \"\\e[2J\"\n", "f.yaml:2: a control character in a value"},
	{"a: [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]\n", "f.yaml:1: nested too deeply"},
	{"a: 1\nb: [1\nc: 2\n", "f.yaml:3: not valid YAML: "},
	{"a: 1\n\tb: 2\n", "f.yaml:2: not valid YAML: "},
	{"a: 1\nb: \xff\xfe\n", "f.yaml:2: not UTF-8 text: "},
};

static void test_refused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct yaml *yaml = NULL;
		struct err err = {0};
		int rc = parse_bytes(refused[i].text, strlen(refused[i].text), &yaml,
				     &err);

		CHECK_INT(rc, -EINVAL);
		CHECK(!yaml);
		err.text[strnlen(refused[i].message, sizeof(err.text) - 1)] = '\0';
		CHECK_STR(err.text, refused[i].message);
		yaml_close(yaml);
	}
}

static void test_limits(void)
{
	static char large[YAML_BYTES_MAX + 1];
	struct yaml *yaml = NULL;
	struct err err = {0};

	memset(large, '#', sizeof(large));
	CHECK_INT(parse_bytes(large, sizeof(large), &yaml, &err), -E2BIG);
	err_clear(&err);
	for (size_t i = 0; i + 1 < sizeof(large); i += 2)
		memcpy(large + i, i ? "1," : "[1", 2);
	CHECK_INT(parse_bytes(large, 100000, &yaml, &err), -EINVAL);
	CHECK_STR(err.text, "f.yaml:1: too many values");
	err_clear(&err);
	/* a NUL in the file ends nothing */
	CHECK_INT(parse_bytes("a: 1\n\0b: 2\n", 11, &yaml, &err), -EINVAL);
	CHECK(!yaml);
}

struct read {
	bool flag;
	uint64_t count;
	unsigned items;
};

static int read_flag(struct yaml_at at, void *into, struct err *err)
{
	return yaml_bool(at, &((struct read *)into)->flag, err);
}

static int read_count(struct yaml_at at, void *into, struct err *err)
{
	return yaml_count(at, 2, 9, &((struct read *)into)->count, err);
}

static int read_one(struct yaml_at at, void *into, struct err *err)
{
	const char *text;

	((struct read *)into)->items++;
	return yaml_text(at, &text, err);
}

static int read_items(struct yaml_at at, void *into, struct err *err)
{
	return yaml_read_list(at, read_one, into, err);
}

static const struct yaml_key keys[] = {
	{"flag", read_flag, false},
	{"count", read_count, true},
	{"items", read_items, false},
	{0},
};

static int read_text(const char *text, struct read *read, struct err *err)
{
	struct yaml *yaml = NULL;
	int rc = parse_bytes(text, strlen(text), &yaml, err);

	if (!rc)
		rc = yaml_read_map(yaml_root(yaml), keys, read, err);
	yaml_close(yaml);
	return rc;
}

static const struct {
	const char *text, *message;
} wrong[] = {
	{"flag: yes\n", "f.yaml:1: key 'count' is missing"},
	{"count: 3\ncuont: 4\n", "f.yaml:2: unknown key 'cuont'; did you mean 'count'?"},
	{"count: 3\nzzzzzzz: 4\n",
	 "f.yaml:2: unknown key 'zzzzzzz'; known: flag, count, items"},
	{"- a\n", "f.yaml:1: expected a map of keys and values"},
	{"count: 3\nflag: maybe\n", "f.yaml:2: flag: 'maybe' is neither yes nor no"},
	{"count: 3\nflag:\n", "f.yaml:2: flag: has no value"},
	{"count: 3\nflag: [yes]\n",
	 "f.yaml:2: flag: expected a single value, not a list"},
	{"count: 10\n", "f.yaml:1: count: 10 is not between 2 and 9"},
	{"count: -5\n",
	 "f.yaml:1: count: '-5' is not a count: expected digits only, as in 8"},
	{"count: 3\nitems: []\n", "f.yaml:2: items: the list is empty"},
	{"count: 3\nitems: a\n", "f.yaml:2: items: expected a list"},
	{"count: 3\nitems:\n- a\n- {b: c}\n",
	 "f.yaml:4: items: expected a single value, not a map"},
};

static void test_maps(void)
{
	struct read read = {0};
	struct err err = {0};

	CHECK_INT(read_text("flag: yes\ncount: 3\nitems: [a, b]\n", &read, &err), 0);
	CHECK(read.flag);
	CHECK_INT(read.count, 3);
	CHECK_INT(read.items, 2);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		err_clear(&err);
		CHECK(read_text(wrong[i].text, &read, &err) < 0);
		CHECK_STR(err.text, wrong[i].message);
	}
}

static void test_values(void)
{
	static const char text[] = "size: 64MiB\ntime: 300ms\nshare: 1%\nword: nnoe\n";
	struct yaml *yaml = NULL;
	struct err err = {0};
	uint64_t number = 0;
	const char *word = NULL;
	double share = 0;

	CHECK_INT(parse_bytes(text, strlen(text), &yaml, &err), 0);
	CHECK_INT(yaml_bytes(yaml_pair(yaml_root(yaml), 0), 0, 1 << 30, &number, &err),
		  0);
	CHECK_INT(number, 64 << 20);
	CHECK_INT(yaml_duration(yaml_pair(yaml_root(yaml), 1), 0, 1000000000, &number,
				&err),
		  0);
	CHECK_INT(number, 300000000);
	CHECK_INT(yaml_percent(yaml_pair(yaml_root(yaml), 2), 0, 1, &share, &err), 0);
	CHECK_NEAR(share, 0.01, 0);
	CHECK_INT(
		yaml_choice(yaml_pair(yaml_root(yaml), 3), "none|writeback", &word, &err),
		-EINVAL);
	CHECK_STR(err.text,
		  "f.yaml:4: word: 'nnoe' is not a choice; did you mean 'none'?");
	err_clear(&err);
	CHECK_INT(yaml_choice(yaml_pair(yaml_root(yaml), 3), "nnoer|nno", &word, &err),
		  -EINVAL); /* neither prefix is the word */
	CHECK(!word);
	err_clear(&err);
	CHECK_INT(yaml_bytes(yaml_pair(yaml_root(yaml), 0), 0, 1 << 20, &number, &err),
		  -ERANGE);
	CHECK_STR(err.text, "f.yaml:1: size: 64MiB is not between 0 B and 1 MiB");
	yaml_close(yaml);
}

static void test_files(void)
{
	char name[] = "/tmp/test_yaml.XXXXXX", *text = NULL;
	int fd = mkstemp(name);
	struct yaml *yaml = NULL;
	struct err err = {0};

	CHECK(fd >= 0 && write(fd, "a: 1\n", 5) == 5);
	CHECK_INT(yaml_open(name, &yaml, &text, &err), 0);
	CHECK_STR(text, "a: 1\n");
	yaml_close(yaml);
	free(text);
	CHECK(!ftruncate(fd, YAML_BYTES_MAX + 1));
	CHECK_INT(yaml_open(name, &yaml, NULL, &err), -E2BIG);
	err_clear(&err);
	(void)close(fd);
	(void)unlink(name);
	CHECK_INT(yaml_open(name, &yaml, NULL, &err), -ENOENT);
	err_clear(&err);
	CHECK_INT(yaml_open("/tmp", &yaml, NULL, &err), -EINVAL);
	CHECK_STR(err.text, "'/tmp' is not a regular file");
	yaml_close(NULL);
}

static void test_nearest(void)
{
	struct nearest nearest;
	char hint[400];

	CHECK_INT(nearest_distance("kvm", "kvm", 5), 0);
	CHECK_INT(nearest_distance("", "abc", 5), 3);
	CHECK_INT(nearest_distance("kitten", "sitting", 5), 3);
	CHECK_INT(nearest_distance("budegt", "budget", 5), 1);
	CHECK_INT(nearest_distance("abcdef", "uvwxyz", 2), 3);
	nearest_init(&nearest, "lcx");
	nearest_feed(&nearest, "kvm");
	nearest_feed(&nearest, "lxc");
	CHECK_STR(nearest_hint(&nearest, hint, sizeof(hint)), "; did you mean 'lxc'?");
	nearest_init(&nearest, "podman");
	nearest_feed(&nearest, "kvm");
	nearest_feed(&nearest, "lxc");
	CHECK_STR(nearest_hint(&nearest, hint, sizeof(hint)), "; known: kvm, lxc");
	nearest_init(&nearest, "x");
	CHECK_STR(nearest_hint(&nearest, hint, sizeof(hint)), "");
}

int main(void)
{
	test_refused();
	test_limits();
	test_maps();
	test_values();
	test_files();
	test_nearest();
	return check_done();
}
