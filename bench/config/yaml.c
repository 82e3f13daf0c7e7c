/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/config/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

#include "bench/base/cleanup.h"

#define DEPTH_MAX 16
#define EVENTS_MAX 10000 /* bounds the search for repeated keys, too */

struct yaml {
	char *file;
	yaml_document_t document;
	bool loaded;
};

CLEANUP_DEFINE(yaml, struct yaml *, yaml_close)

static void cleanup_parser(yaml_parser_t *parser)
{
	yaml_parser_delete(parser);
}

static void cleanup_event(yaml_event_t *event)
{
	yaml_event_delete(event);
}

void yaml_close(struct yaml *yaml)
{
	if (!yaml)
		return;
	if (yaml->loaded)
		yaml_document_delete(&yaml->document);
	free(yaml->file);
	free(yaml);
}

/* --- the text, event by event: only what configuration needs --- */

struct check {
	const char *file, *text;
	size_t length;
	unsigned documents, depth, events;
};

static int fail_at(const struct check *check, const yaml_event_t *event, struct err *err,
		   const char *what)
{
	return err_fail(err, EINVAL, "%s:%zu: %s", check->file,
			event->start_mark.line + 1, what);
}

static size_t line_of(const struct check *check, size_t offset)
{
	size_t line = 1;

	for (size_t i = 0; i < offset && i < check->length; i++)
		line += check->text[i] == '\n';
	return line;
}

static int fail_parser(const struct check *check, const yaml_parser_t *parser,
		       struct err *err)
{
	if (parser->error == YAML_MEMORY_ERROR)
		return err_fail(err, ENOMEM, "%s: no memory to read it", check->file);
	if (parser->error == YAML_READER_ERROR)
		return err_fail(err, EINVAL, "%s:%zu: not UTF-8 text: %s", check->file,
				line_of(check, parser->problem_offset), parser->problem);
	return err_fail(err, EINVAL, "%s:%zu: not valid YAML: %s", check->file,
			parser->problem_mark.line + 1,
			parser->problem ? parser->problem : "unknown");
}

static int check_scalar(const struct check *check, const yaml_event_t *event,
			struct err *err)
{
	const yaml_char_t *value = event->data.scalar.value;

	if (event->data.scalar.anchor)
		return fail_at(check, event, err, "anchors are not accepted");
	if (event->data.scalar.tag)
		return fail_at(check, event, err, "tags are not accepted");
	for (size_t i = 0; i < event->data.scalar.length; i++)
		if ((value[i] < ' ' && value[i] != '\n' && value[i] != '\t') ||
		    value[i] == 0x7f)
			return fail_at(check, event, err,
				       "a control character in a value");
	return 0;
}

static int check_start(struct check *check, const yaml_event_t *event, bool anchor,
		       bool tag, struct err *err)
{
	if (anchor)
		return fail_at(check, event, err, "anchors are not accepted");
	if (tag)
		return fail_at(check, event, err, "tags are not accepted");
	if (++check->depth > DEPTH_MAX)
		return fail_at(check, event, err, "nested too deeply");
	return 0;
}

static int check_event(struct check *check, const yaml_event_t *event, struct err *err)
{
	if (++check->events > EVENTS_MAX)
		return fail_at(check, event, err, "too many values");
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return ++check->documents == 1
			       ? 0
			       : fail_at(check, event, err, "more than one document");
	case YAML_ALIAS_EVENT:
		return fail_at(check, event, err, "aliases are not accepted");
	case YAML_SCALAR_EVENT:
		return check_scalar(check, event, err);
	case YAML_SEQUENCE_START_EVENT:
		return check_start(check, event, event->data.sequence_start.anchor,
				   event->data.sequence_start.tag, err);
	case YAML_MAPPING_START_EVENT:
		return check_start(check, event, event->data.mapping_start.anchor,
				   event->data.mapping_start.tag, err);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		check->depth--;
		return 0;
	default:
		return 0;
	}
}

static int begin_parser(yaml_parser_t *parser, const struct check *check, struct err *err)
{
	if (!yaml_parser_initialize(parser))
		return err_fail(err, ENOMEM, "%s: no memory to read it", check->file);
	yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(parser, (const unsigned char *)check->text,
				     check->length);
	return 0;
}

static int check_next(struct check *check, yaml_parser_t *parser, bool *ret_end,
		      struct err *err)
{
	cleanup(event) yaml_event_t event = {0};
	int rc;

	if (!yaml_parser_parse(parser, &event))
		return fail_parser(check, parser, err);
	rc = check_event(check, &event, err);
	*ret_end = event.type == YAML_STREAM_END_EVENT;
	return rc;
}

static int check_text(struct check *check, struct err *err)
{
	cleanup(parser) yaml_parser_t parser = {0};
	bool end = false;
	int rc = begin_parser(&parser, check, err);

	while (!rc && !end)
		rc = check_next(check, &parser, &end, err);
	if (!rc && !check->documents)
		return err_fail(err, EINVAL, "%s:1: the file is empty", check->file);
	return rc;
}

/* --- the document --- */

static const yaml_node_t *node_of(struct yaml_at at)
{
	yaml_document_t *document = (yaml_document_t *)&at.yaml->document;

	return yaml_document_get_node(document, at.node);
}

static const char *scalar_of(struct yaml_at at)
{
	const yaml_node_t *node = node_of(at);

	return node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value
					      : NULL;
}

static int check_pair(struct yaml_at map, size_t nr, struct err *err)
{
	const yaml_node_pair_t *pairs = node_of(map)->data.mapping.pairs.start;
	struct yaml_at key = {.yaml = map.yaml, .node = pairs[nr].key};
	const char *name = scalar_of(key);

	if (!name)
		return yaml_fail(key, err, EINVAL, "a key must be a single word");
	for (size_t i = 0; i < nr; i++) {
		struct yaml_at other = {.yaml = map.yaml, .node = pairs[i].key};

		if (!strcmp(scalar_of(other), name))
			return yaml_fail(key, err, EINVAL,
					 "key '%.40s' is already in line %d", name,
					 yaml_line(other));
	}
	return 0;
}

static int check_keys(const struct yaml *yaml, struct err *err)
{
	size_t nodes = (size_t)(yaml->document.nodes.top - yaml->document.nodes.start);
	int rc = 0;

	for (size_t i = 1; !rc && i <= nodes; i++) {
		struct yaml_at at = {.yaml = yaml, .node = (int)i};

		for (size_t pair = 0; !rc && yaml_is_map(at) && pair < yaml_size(at);
		     pair++)
			rc = check_pair(at, pair, err);
	}
	return rc;
}

static int load(struct yaml *yaml, const struct check *check, struct err *err)
{
	cleanup(parser) yaml_parser_t parser = {0};
	int rc = begin_parser(&parser, check, err);

	if (rc)
		return rc;
	if (!yaml_parser_load(&parser, &yaml->document))
		return fail_parser(check, &parser, err);
	yaml->loaded = true;
	return check_keys(yaml, err);
}

int yaml_open_text(const char *file, const char *text, size_t length, struct yaml **ret,
		   struct err *err)
{
	struct check check = {.file = file, .text = text, .length = length};
	cleanup(yaml) struct yaml *yaml = NULL;
	int rc;

	if (length > YAML_BYTES_MAX)
		return err_fail(err, E2BIG, "%s: larger than 1 MiB", file);
	rc = check_text(&check, err);
	if (rc)
		return rc;
	yaml = calloc(1, sizeof(*yaml));
	if (!yaml || !(yaml->file = strdup(file)))
		return err_fail(err, ENOMEM, "%s: no memory to read it", file);
	rc = load(yaml, &check, err);
	if (!rc)
		*ret = take_ptr(yaml);
	return rc;
}

/* --- the file --- */

static int read_all(int fd, const char *file, char *text, size_t *ret_length,
		    struct err *err)
{
	size_t length = 0;
	ssize_t got;

	do {
		got = read(fd, text + length, YAML_BYTES_MAX + 1 - length);
		if (got > 0)
			length += (size_t)got;
	} while (got > 0 || (got < 0 && errno == EINTR));
	if (got < 0)
		return err_fail(err, errno, "cannot read '%s': %s", file,
				strerror(errno));
	text[length] = '\0';
	*ret_length = length;
	return 0;
}

int yaml_open(const char *file, struct yaml **ret, char **ret_text, struct err *err)
{
	/* O_NONBLOCK: a FIFO in the file's place must not hang the open */
	cleanup(fd) int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	cleanup(free) char *text = NULL;
	struct stat status;
	size_t length = 0;
	int rc;

	if (fd < 0 || fstat(fd, &status))
		return err_fail(err, errno, "cannot open '%s': %s", file,
				strerror(errno));
	if (!S_ISREG(status.st_mode))
		return err_fail(err, EINVAL, "'%s' is not a regular file", file);
	text = malloc(YAML_BYTES_MAX + 2);
	if (!text)
		return err_fail(err, ENOMEM, "%s: no memory to read it", file);
	rc = read_all(fd, file, text, &length, err);
	if (!rc)
		rc = yaml_open_text(file, text, length, ret, err);
	if (!rc && ret_text)
		*ret_text = take_ptr(text);
	return rc;
}

/* --- looking at values --- */

struct yaml_at yaml_root(const struct yaml *yaml)
{
	return (struct yaml_at){.yaml = yaml, .node = 1};
}

int yaml_line(struct yaml_at at)
{
	return (int)node_of(at)->start_mark.line + 1;
}

static int record(struct yaml_at at, struct err *err, int code, const char *text)
{
	return err_fail(err, code, "%s:%d: %s%s%s", at.yaml->file, yaml_line(at),
			at.key ? at.key : "", at.key ? ": " : "", text);
}

int yaml_fail(struct yaml_at at, struct err *err, int code, const char *format, ...)
{
	char text[sizeof(err->text)];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return record(at, err, code, text);
}

int yaml_because(struct yaml_at at, struct err *err)
{
	struct err cause = *err;

	err_clear(err);
	return record(at, err, cause.code, cause.text);
}

bool yaml_is_map(struct yaml_at at)
{
	return node_of(at)->type == YAML_MAPPING_NODE;
}

bool yaml_is_list(struct yaml_at at)
{
	return node_of(at)->type == YAML_SEQUENCE_NODE;
}

size_t yaml_size(struct yaml_at at)
{
	const yaml_node_t *node = node_of(at);

	if (node->type == YAML_MAPPING_NODE)
		return (size_t)(node->data.mapping.pairs.top -
				node->data.mapping.pairs.start);
	if (node->type == YAML_SEQUENCE_NODE)
		return (size_t)(node->data.sequence.items.top -
				node->data.sequence.items.start);
	return 0;
}

struct yaml_at yaml_item(struct yaml_at list, size_t i)
{
	return (struct yaml_at){.yaml = list.yaml,
				.node = node_of(list)->data.sequence.items.start[i],
				.key = list.key};
}

struct yaml_at yaml_pair(struct yaml_at map, size_t i)
{
	const yaml_node_pair_t *pair = &node_of(map)->data.mapping.pairs.start[i];
	struct yaml_at key = {.yaml = map.yaml, .node = pair->key};

	return (struct yaml_at){
		.yaml = map.yaml, .node = pair->value, .key = scalar_of(key)};
}

int yaml_text(struct yaml_at at, const char **ret, struct err *err)
{
	const char *text = scalar_of(at);

	if (!text)
		return yaml_fail(at, err, EINVAL, "expected a single value, not a %s",
				 yaml_is_map(at) ? "map" : "list");
	if (!*text)
		return yaml_fail(at, err, EINVAL, "has no value");
	*ret = text;
	return 0;
}
