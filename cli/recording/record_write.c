// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "recording/record.h"
#include "recording/record_fields.h"
#include "base/json_writer.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/version.h"

static void put_number(struct json_writer *w, const char *key, uint64_t n,
		       uint64_t unknown)
{
	if (n == unknown)
		json_put_null(w, key);
	else
		json_put_u64(w, key, n);
}

static void put_dev(struct json_writer *w, const char *key,
		    const struct sample_devno *dev)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu32 ":%" PRIu32, dev->major,
		 dev->minor);
	json_put_text(w, key, text);
}

static void put_value(struct json_writer *w, const char *key,
		      const struct record_field *field, const char *owner);

static void put_object(struct json_writer *w, const char *key,
		       const struct record_object *object, const char *from)
{
	size_t i;

	if (object->bare) {
		put_value(w, key, &object->fields[0], from);
		return;
	}
	json_put_object(w, key);
	for (i = 0; i < object->nr; i++)
		put_value(w, object->fields[i].key, &object->fields[i], from);
	json_put_end(w);
}

static void put_list(struct json_writer *w, const char *key,
		     const struct record_object *of, const void *list,
		     size_t nr)
{
	const char *elements;
	size_t i;

	memcpy(&elements, list, sizeof(elements));
	json_put_array(w, key);
	for (i = 0; i < nr; i++)
		put_object(w, NULL, of, elements + i * of->size);
	json_put_end(w);
}

static void put_value(struct json_writer *w, const char *key,
		      const struct record_field *field, const char *owner)
{
	const void *at = owner + field->offset;
	const void *other = owner + field->other;

	switch (field->type) {
	case RECORD_COUNT:
		put_number(w, key, *(const uint64_t *)at, MEMTOP_UNKNOWN);
		break;
	case RECORD_U32:
		put_number(w, key, *(const uint32_t *)at, MEMTOP_UNKNOWN);
		break;
	case RECORD_INDEX:
		put_number(w, key, *(const uint32_t *)at, SAMPLE_NO_TARGET);
		break;
	case RECORD_TEXT:
		json_put_text(w, key, at);
		break;
	case RECORD_MAYBE_TEXT:
		json_put_text(w, key, *(const char *)at ? at : NULL);
		break;
	case RECORD_BOOL:
		json_put_bool(w, key, *(const bool *)at);
		break;
	case RECORD_SLOT:
	case RECORD_SOURCE:
	case RECORD_OP_KIND:
	case RECORD_LINK_KIND:
		json_put_text(w, key, record_word(field->type, at));
		break;
	case RECORD_STRING:
		json_put_text(w, key, *(char *const *)at);
		break;
	case RECORD_MAYBE_DEV:
		if (*(const bool *)other)
			put_dev(w, key, at);
		else
			json_put_null(w, key);
		break;
	case RECORD_DEV:
		put_dev(w, key, at);
		break;
	case RECORD_OBJECT:
		put_object(w, key, field->of, at);
		break;
	case RECORD_MAYBE_LIST:
		if (!*(const bool *)(const void *)(owner + field->known)) {
			json_put_null(w, key);
			break;
		}
		put_list(w, key, field->of, at, *(const size_t *)other);
		break;
	case RECORD_LIST:
		put_list(w, key, field->of, at, *(const size_t *)other);
		break;
	}
}

static void add_line(struct strbuf *sb, const struct record_object *object,
		     const void *from)
{
	struct json_writer w = { .to = sb, .bytes = true };

	put_object(&w, NULL, object, from);
	strbuf_addstr(sb, "\n");
}

void record_add_header(struct strbuf *sb, const struct sample *s)
{
	struct record_header header = { .schema = RECORD_SCHEMA };

	text_copy(header.tool_version, sizeof(header.tool_version),
		  version_number);
	text_copy(header.kernel, sizeof(header.kernel), s->kernel);
	add_line(sb, &record_header_object, &header);
}

void record_add_sample(struct strbuf *sb, const struct sample *s)
{
	add_line(sb, &record_sample_object, s);
}
