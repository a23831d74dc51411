// SPDX-License-Identifier: GPL-2.0-only
#include "recording/record_json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_reader.h"
#include "recording/record_check.h"
#include "recording/record_fields.h"
#include "base/alloc.h"
#include "base/msg.h"
#include "base/text.h"

/*
 * Limit of a line: far more than a machine with many devices needs, and far less
 * than the memory of a reader.
 */
#define MAX_LINE (256UL << 20)

struct json_recording {
	FILE *file;
	const char *name; /* in messages */
	const char *head; /* the @head_len bytes that were already read */
	size_t head_len;
	uint64_t line; /* number of the line in the buffer, from 1 */
	char *text; /* owned; the line, with a NUL */
	size_t len;
	size_t room;
	bool whole; /* the line ends with a newline */
	struct record_header header;
	char first[4];
};

static int read_value(struct json_reader *j, const struct record_field *field,
		      char *owner);

/* @place: the likely index, because keys mostly come in order; becomes the index. */
static const struct record_field *find_field(const struct record_object *object,
					     const char *key, size_t *place)
{
	if (*place < object->nr && strcmp(object->fields[*place].key, key) == 0)
		return &object->fields[*place];
	for (*place = 0; *place < object->nr; ++*place) {
		if (strcmp(object->fields[*place].key, key) == 0)
			return &object->fields[*place];
	}
	return NULL;
}

/* Reads one member; @seen gets its bit. */
static int read_member(struct json_reader *j,
		       const struct record_object *object, char *to,
		       uint64_t *seen, size_t *next)
{
	const struct record_field *field;
	size_t place = *next;
	char key[32];
	int err = json_key(j, key, sizeof(key));

	if (err)
		return err;
	field = find_field(object, key, &place);
	if (!field)
		return json_skip(j);
	if (*seen & 1ULL << place)
		return json_fail(j, "\"%s\" twice in %s", key, object->what);
	*seen |= 1ULL << place;
	*next = place + 1;
	return read_value(j, field, to);
}

/* Sets a missing field to unknown; a field with a flag is unknown by its flag. */
static void set_unknown(const struct record_field *field, char *owner)
{
	if (field->type == RECORD_COUNT)
		*(uint64_t *)(void *)(owner + field->offset) = MEMTOP_UNKNOWN;
}

static int read_object(struct json_reader *j,
		       const struct record_object *object, char *to)
{
	uint64_t seen = 0;
	bool first = true;
	size_t next = 0, i;
	int ret;

	if (object->bare)
		return read_value(j, &object->fields[0], to);
	ret = json_enter(j, '{');
	while (!ret && (ret = json_more(j, '}', &first)) > 0)
		ret = read_member(j, object, to, &seen, &next);
	if (ret)
		return ret;
	for (i = 0; i < object->nr; i++) {
		if (seen & 1ULL << i)
			continue;
		if (object->fields[i].later)
			set_unknown(&object->fields[i], to);
		else
			return json_fail(j, "%s ends without \"%s\"",
					 object->what, object->fields[i].key);
	}
	return 0;
}

/*
 * Reads a list into the pointer at @list and its length into @nr. Both are valid at any
 * time, so that the caller can release an incomplete list.
 */
static int read_list(struct json_reader *j, const struct record_object *of,
		     void *list, size_t *nr)
{
	char *elements = NULL, *next;
	size_t room = 0;
	bool first = true;
	int ret = json_enter(j, '[');

	while (!ret && (ret = json_more(j, ']', &first)) > 0) {
		if (*nr == room) {
			room = room ? 2 * room : 4;
			elements = xreallocarray(elements, room, of->size);
			memcpy(list, &elements, sizeof(elements));
		}
		next = elements + (*nr)++ * of->size;
		memset(next, 0, of->size);
		ret = read_object(j, of, next);
	}
	return ret;
}

/* A number; null stands for @unknown. */
static int read_number(struct json_reader *j, uint64_t most, uint64_t unknown,
		       uint64_t *ret)
{
	int found = json_null(j);

	if (!found)
		return json_number(j, most, ret);
	*ret = unknown;
	return found < 0 ? found : 0;
}

static int read_u32(struct json_reader *j, bool maybe, uint32_t *ret)
{
	uint64_t n;
	int err;

	/* A target's index, which must not be SAMPLE_NO_TARGET. */
	if (maybe)
		err = read_number(j, UINT32_MAX - 1, SAMPLE_NO_TARGET, &n);
	else
		err = json_number(j, UINT32_MAX, &n);
	if (!err)
		*ret = (uint32_t)n;
	return err;
}

/* One of @words; null stands for the entry that is NULL. */
static int read_word(struct json_reader *j, const char *const *words, size_t nr,
		     unsigned int *ret)
{
	char word[16];
	size_t i;
	int err;

	for (i = 0; i < nr; i++) {
		if (words[i])
			continue;
		err = json_null(j);
		*ret = (unsigned int)i;
		if (err)
			return err < 0 ? err : 0;
	}
	err = json_text(j, word, sizeof(word));
	if (err)
		return err;
	for (i = 0; i < nr; i++) {
		*ret = (unsigned int)i;
		if (words[i] && strcmp(words[i], word) == 0)
			return 0;
	}
	return json_fail(j, "unknown value '%s'", word);
}

static int read_dev(struct json_reader *j, struct sample_devno *ret)
{
	uint64_t major, minor;
	char text[24], *colon;
	int err = json_text(j, text, sizeof(text));

	if (err)
		return err;
	colon = strchr(text, ':');
	if (colon)
		*colon++ = '\0';
	if (!colon || text_to_u64(text, 0, UINT32_MAX, &major) ||
	    text_to_u64(colon, 0, UINT32_MAX, &minor))
		return json_fail(
			j, "expected a device number, for example \"254:0\"");
	*ret = (struct sample_devno){ (uint32_t)major, (uint32_t)minor };
	return 0;
}

static int read_maybe_dev(struct json_reader *j, struct sample_devno *ret,
			  bool *known)
{
	int found = json_null(j);

	*known = !found;
	if (found)
		return found < 0 ? found : 0;
	return read_dev(j, ret);
}

static int read_maybe_list(struct json_reader *j,
			   const struct record_object *of, void *list,
			   size_t *nr, bool *known)
{
	int found = json_null(j);

	*known = !found;
	if (found)
		return found < 0 ? found : 0;
	return read_list(j, of, list, nr);
}

/* Reads a string into its own memory, which is freed with the sample. */
static int read_string(struct json_reader *j, char **ret)
{
	char text[RECORD_MAX_STRING];
	int err = json_text(j, text, sizeof(text));

	if (!err)
		*ret = xstrdup(text);
	return err;
}

static int read_value(struct json_reader *j, const struct record_field *field,
		      char *owner)
{
	void *at = owner + field->offset, *other = owner + field->other;
	const char *const *words;
	unsigned int word = 0;
	size_t nr;
	int err = 0;

	switch (field->type) {
	case RECORD_COUNT:
		return read_number(j, MEMTOP_UNKNOWN - 1, MEMTOP_UNKNOWN, at);
	case RECORD_U32:
		return read_u32(j, false, at);
	case RECORD_INDEX:
		return read_u32(j, true, at);
	case RECORD_TEXT:
		return json_text(j, at, field->room);
	case RECORD_BOOL:
		return json_bool(j, at);
	case RECORD_MAYBE_TEXT:
		err = json_null(j);
		if (err)
			return err < 0 ? err : 0;
		return json_text(j, at, field->room);
	case RECORD_SLOT:
	case RECORD_SOURCE:
	case RECORD_OP_KIND:
	case RECORD_LINK_KIND:
		words = record_words(field->type, &nr);
		err = read_word(j, words, nr, &word);
		memcpy(at, &word, sizeof(word));
		return err;
	case RECORD_STRING:
		return read_string(j, at);
	case RECORD_DEV:
		return read_dev(j, at);
	case RECORD_MAYBE_DEV:
		return read_maybe_dev(j, at, other);
	case RECORD_OBJECT:
		return read_object(j, field->of, at);
	case RECORD_MAYBE_LIST:
		return read_maybe_list(j, field->of, at, other,
				       (void *)(owner + field->known));
	case RECORD_LIST:
		return read_list(j, field->of, at, other);
	}
	return err;
}

/* Parses the line in the buffer. */
static int parse_line(struct json_reader *j, const struct json_recording *r,
		      const struct record_object *object, void *to)
{
	int err;

	json_reader_init(j, r->text, r->len);
	err = read_object(j, object, to);
	return err ? err : json_end(j);
}

static int say_wrong(const struct json_recording *r,
		     const struct json_reader *j)
{
	msg_error("%s:%" PRIu64 ": byte %zu: %s", r->name, r->line,
		  (size_t)(j->pos - j->start) + 1, j->problem);
	return -EINVAL;
}

static int next_char(struct json_recording *r)
{
	if (!r->head_len)
		return getc_unlocked(r->file);
	r->head_len--;
	return (unsigned char)*r->head++;
}

/* Returns 1 and the next line, or 0 at the end of the file. */
static int next_line(struct json_recording *r)
{
	int c;

	r->len = 0;
	r->whole = false;
	r->line++;
	while (!r->whole && (c = next_char(r)) != EOF) {
		if (r->len == MAX_LINE) {
			msg_error("%s:%" PRIu64
				  ": the line is longer than %lu MiB",
				  r->name, r->line, MAX_LINE >> 20);
			return -EINVAL;
		}
		if (r->len + 1 >= r->room) {
			r->room = r->room ? 2 * r->room : 4096;
			r->text = xreallocarray(r->text, r->room, 1);
		}
		r->whole = c == '\n';
		if (!r->whole)
			r->text[r->len++] = (char)c;
	}
	if (ferror(r->file))
		return msg_error_errno(errno, "cannot read %s", r->name);
	if (!r->whole && !r->len)
		return 0;
	r->text[r->len] = '\0';
	return 1;
}

static int read_header(struct json_recording *r)
{
	struct record_header *h = &r->header;
	struct json_reader j;
	int ret = next_line(r);

	if (ret < 0)
		return ret;
	if (ret == 0) {
		msg_error("%s: it is empty", r->name);
		return -EINVAL;
	}
	ret = parse_line(&j, r, &record_schema_object, h);
	if (!ret && strcmp(h->schema, RECORD_SCHEMA) != 0) {
		msg_error("%s:1: the schema is '%s', expected " RECORD_SCHEMA,
			  r->name, h->schema);
		return -EINVAL;
	}
	if (!ret)
		ret = parse_line(&j, r, &record_header_object, h);
	if (ret) {
		say_wrong(r, &j);
		msg_info("a recording is written by 'verity-memtop record'");
	}
	return ret;
}

int json_recording_open(FILE *file, const char *name, const char *head,
			size_t len, struct json_recording **ret)
{
	struct json_recording *r = xcalloc(1, sizeof(*r));
	int err;

	r->file = file;
	r->name = name;
	r->head = memcpy(r->first, head, len);
	r->head_len = len;
	err = read_header(r);
	if (err) {
		json_recording_close(r);
		return err;
	}
	*ret = r;
	return 0;
}

int json_recording_read(struct json_recording *r, const struct sample *before,
			struct sample *ret)
{
	struct json_reader j;
	int err = next_line(r);

	if (err <= 0)
		return err;
	*ret = (struct sample){ 0 };
	err = parse_line(&j, r, &record_sample_object, ret);
	if (!err)
		err = record_check(&j, ret, before);
	if (!err) {
		if (!*ret->kernel)
			text_copy(ret->kernel, sizeof(ret->kernel),
				  r->header.kernel);
		return 1;
	}
	sample_release(ret);
	if (!j.cut || r->whole)
		return say_wrong(r, &j);
	msg_warning("%s:%" PRIu64 ": this sample is cut short and left out",
		    r->name, r->line);
	return 0;
}

void json_recording_close(struct json_recording *r)
{
	if (!r)
		return;
	free(r->text);
	free(r);
}
