// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <string.h>

#include "collect/record.h"
#include "collect/record_fields.h"
#include "util/strbuf.h"
#include "util/text.h"

static void add_text(struct strbuf *sb, const char *s)
{
	size_t len;

	strbuf_addstr(sb, "\"");
	for (; *s; s += len) {
		unsigned char c = (unsigned char)*s;

		len = text_utf8_length(s);
		if (!len) {
			/* a byte of no character: docs/record.md */
			strbuf_addf(sb, "\\udc%02x", c);
			len = 1;
		} else if (c < 0x20 || c == 0x7f) {
			strbuf_addf(sb, "\\u%04x", c);
		} else {
			if (c == '"' || c == '\\')
				strbuf_addstr(sb, "\\");
			strbuf_add(sb, s, len);
		}
	}
	strbuf_addstr(sb, "\"");
}

static void add_word(struct strbuf *sb, const char *word)
{
	if (word)
		strbuf_addf(sb, "\"%s\"", word);
	else
		strbuf_addstr(sb, "null");
}

static void add_number(struct strbuf *sb, uint64_t n, uint64_t unknown)
{
	if (n == unknown)
		strbuf_addstr(sb, "null");
	else
		strbuf_addf(sb, "%" PRIu64, n);
}

static void add_dev(struct strbuf *sb, const struct sample_devno *dev)
{
	strbuf_addf(sb, "\"%" PRIu32 ":%" PRIu32 "\"", dev->major, dev->minor);
}

static void add_value(struct strbuf *sb, const struct record_field *field,
		      const char *owner);

static void add_object(struct strbuf *sb, const struct record_object *object,
		       const char *from)
{
	size_t i;

	if (object->bare) {
		add_value(sb, &object->fields[0], from);
		return;
	}
	for (i = 0; i < object->nr; i++) {
		strbuf_addf(sb, "%s\"%s\":", i ? "," : "{",
			    object->fields[i].key);
		add_value(sb, &object->fields[i], from);
	}
	strbuf_addstr(sb, "}");
}

static void add_list(struct strbuf *sb, const struct record_object *of,
		     const void *list, size_t nr)
{
	const char *elements;
	size_t i;

	memcpy(&elements, list, sizeof(elements));
	strbuf_addstr(sb, "[");
	for (i = 0; i < nr; i++) {
		if (i)
			strbuf_addstr(sb, ",");
		add_object(sb, of, elements + i * of->size);
	}
	strbuf_addstr(sb, "]");
}

static void add_value(struct strbuf *sb, const struct record_field *field,
		      const char *owner)
{
	const void *at = owner + field->offset;
	const void *other = owner + field->other;

	switch (field->type) {
	case RECORD_COUNT:
		add_number(sb, *(const uint64_t *)at, MEMTOP_UNKNOWN);
		break;
	case RECORD_U32:
		add_number(sb, *(const uint32_t *)at, MEMTOP_UNKNOWN);
		break;
	case RECORD_INDEX:
		add_number(sb, *(const uint32_t *)at, SAMPLE_NO_TARGET);
		break;
	case RECORD_TEXT:
		add_text(sb, at);
		break;
	case RECORD_BOOL:
		strbuf_addstr(sb, *(const bool *)at ? "true" : "false");
		break;
	case RECORD_SLOT:
		add_word(sb, record_slots[*(const enum sample_slot *)at]);
		break;
	case RECORD_SOURCE:
		add_word(sb, record_sources[*(const enum sample_source *)at]);
		break;
	case RECORD_OP_KIND:
		add_word(sb, record_op_kinds[*(const enum sample_op_kind *)at]);
		break;
	case RECORD_LINK_KIND:
		add_word(sb,
			 record_link_kinds[*(const enum sample_link_kind *)at]);
		break;
	case RECORD_STRING:
		add_text(sb, *(char *const *)at);
		break;
	case RECORD_MAYBE_DEV:
		if (*(const bool *)other)
			add_dev(sb, at);
		else
			add_word(sb, NULL);
		break;
	case RECORD_DEV:
		add_dev(sb, at);
		break;
	case RECORD_OBJECT:
		add_object(sb, field->of, at);
		break;
	case RECORD_MAYBE_LIST:
		if (!*(const bool *)(const void *)(owner + field->known)) {
			add_word(sb, NULL);
			break;
		}
		add_list(sb, field->of, at, *(const size_t *)other);
		break;
	case RECORD_LIST:
		add_list(sb, field->of, at, *(const size_t *)other);
		break;
	}
}

static void add_line(struct strbuf *sb, const struct record_object *object,
		     const void *from)
{
	add_object(sb, object, from);
	strbuf_addstr(sb, "\n");
}

void record_add_header(struct strbuf *sb, const struct sample *s)
{
	struct record_header header = { .schema = RECORD_SCHEMA,
					.tool_version = MEMTOP_VERSION };

	text_copy(header.kernel, sizeof(header.kernel), s->kernel);
	add_line(sb, &record_header_object, &header);
}

void record_add_sample(struct strbuf *sb, const struct sample *s)
{
	add_line(sb, &record_sample_object, s);
}
