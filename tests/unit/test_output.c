/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <sys/resource.h>

#include "bench/base/json.h"
#include "bench/base/output.h"
#include "tests/check.h"

static const struct output_column columns[] = {
	{"name", false}, {"ratio", true}, {"note", false}};

static void fill(struct output_table *table)
{
	output_table_init(table, columns, 3);
	output_table_add(table, "%s", "kvm");
	output_table_add(table, "%.2f ± %d", 0.98, 1);
	output_table_add(table, "%s", "a \"b\", c");
	output_table_add(table, "%s", "lxc×2");
	output_table_add(table, "%s", "1");
	output_table_add(table, "%s", "esc\033[2J\n");
}

/* What a table looks like, malloc'ed. */
static char *write_as(const struct output_table *table, enum format format)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	struct err err = {0};

	CHECK_INT(output_table_write(table, format, to, &err), 0);
	(void)fclose(to);
	return text;
}

static void test_formats(void)
{
	struct output_table table;
	char *text;
	json_t *root;

	fill(&table);
	text = write_as(&table, FORMAT_TEXT);
	CHECK_STR(text, "name      ratio  note\n"
			"kvm    0.98 ± 1  a \"b\", c\n"
			"lxc×2         1  esc?[2J?\n");
	free(text);
	text = write_as(&table, FORMAT_CSV);
	CHECK_STR(text, "name,ratio,note\n"
			"kvm,0.98 ± 1,\"a \"\"b\"\", c\"\n"
			"lxc×2,1,\"esc\033[2J\n\"\n");
	free(text);
	text = write_as(&table, FORMAT_JSON);
	root = json_loads(text, 0, NULL);
	CHECK_INT(json_array_size(root), 2);
	CHECK_STR(json_string_value(json_object_get(json_array_get(root, 0), "note")),
		  "a \"b\", c");
	json_decref(root);
	free(text);
	output_table_release(&table);
}

static void test_empty(void)
{
	struct output_table table;
	char *text;

	output_table_init(&table, columns, 3);
	text = write_as(&table, FORMAT_TEXT);
	CHECK_STR(text, "name  ratio  note\n");
	free(text);
	text = write_as(&table, FORMAT_JSON);
	CHECK_STR(text, "[]\n");
	free(text);
	output_table_release(&table);
}

static void test_full_disk(void)
{
	FILE *full = fopen("/dev/full", "w");
	struct output_table table;
	struct err err = {0};

	CHECK(full != NULL);
	fill(&table);
	CHECK(full && output_table_write(&table, FORMAT_CSV, full, &err) < 0);
	CHECK_STR(err.text, "cannot write the output");
	if (full)
		(void)fclose(full);
	output_table_release(&table);
}

static void test_many(void)
{
	struct output_table table;
	char *text;

	output_table_init(&table, columns, 3);
	for (int i = 0; i < 3000; i++)
		output_table_add(&table, "%d", i);
	text = write_as(&table, FORMAT_CSV);
	CHECK(strstr(text, "\n2997,2998,2999\n") != NULL);
	free(text);
	output_table_release(&table);
}

int main(void)
{
	test_formats();
	test_empty();
	test_full_disk();
	test_many();
	CHECK_INT(output_width("±×µ"), 3);
	CHECK(!output_colour(stdout) || !getenv("NO_COLOR"));
	return check_done();
}
