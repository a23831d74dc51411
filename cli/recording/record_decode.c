// SPDX-License-Identifier: GPL-2.0-only
#include "recording/record_decode.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "recording/record_tree.h"
#include "recording/record_wire.h"

/* Limit of nested objects: more than needed now, for later versions. */
#define DEEPEST 16
/* A number has one bit for each changed field. */
#define MOST_FIELDS 64
#define MOST_KEY 64

/* The file's description of an object: its fields in order. */
struct shape_field {
	enum wire wire;
	const struct record_field *field; /* NULL: of a later version */
	struct record_shape *of; /* owned; for WIRE_OBJECT and lists */
};

struct record_shape {
	const struct record_object *object; /* NULL: of a later version */
	struct shape_field *fields; /* owned */
	size_t nr;
	uint64_t unknown; /* bits of the object's fields that the file lacks */
};

/* ---- shapes ---------------------------------------------------------------- */

void record_shape_free(struct record_shape *shape)
{
	if (!shape)
		return;
	for (size_t i = 0; i < shape->nr; i++)
		record_shape_free(shape->fields[i].of);
	free(shape->fields);
	free(shape);
}

static const struct record_field *find_field(const struct record_object *object,
					     const char *key, size_t len,
					     uint64_t *bit)
{
	for (size_t i = 0; object && i < object->nr; i++) {
		const char *own =
			object->fields[i].key ? object->fields[i].key : "";

		if (strlen(own) != len || memcmp(own, key, len) != 0)
			continue;
		*bit = 1ULL << i;
		return &object->fields[i];
	}
	return NULL;
}

static int read_shape(struct wire_reader *w, const struct record_object *object,
		      unsigned int depth, struct record_shape **ret);

static int read_shape_field(struct wire_reader *w, struct record_shape *shape,
			    unsigned int depth, struct shape_field *ret)
{
	const char wire = w->pos < w->end ? *w->pos++ : '\0';
	uint64_t bit = 0;
	const char *key;
	size_t len;
	int err;

	if (!wire || !strchr("nbtdDolL", wire))
		return wire_fail(w, "a type of values that is not known");
	err = wire_get_text(w, MOST_KEY, &key, &len);
	if (err)
		return err;
	ret->wire = (enum wire)wire;
	ret->field = find_field(shape->object, key, len, &bit);
	if (ret->field && wire_of(ret->field->type) != ret->wire)
		return wire_fail(w, "\"%s\" in %s has another type",
				 ret->field->key, shape->object->what);
	if (ret->field && !(shape->unknown & bit))
		return wire_fail(w, "\"%s\" twice in %s", ret->field->key,
				 shape->object->what);
	shape->unknown &= ~bit;
	if (!wire_has_objects(ret->wire))
		return 0;
	return read_shape(w, ret->field ? ret->field->of : NULL, depth + 1,
			  &ret->of);
}

/* Checks that no required field is missing. */
static int check_shape(struct wire_reader *w, const struct record_shape *shape)
{
	const struct record_object *object = shape->object;

	for (size_t i = 0; object && i < object->nr; i++) {
		if (shape->unknown & 1ULL << i && !object->fields[i].later)
			return wire_fail(w, "%s ends without \"%s\"",
					 object->what, object->fields[i].key);
	}
	return 0;
}

static int read_shape(struct wire_reader *w, const struct record_object *object,
		      unsigned int depth, struct record_shape **ret)
{
	struct record_shape *shape;
	uint64_t nr;
	int err = wire_get(w, &nr);

	if (err)
		return err;
	if (depth > DEEPEST || !nr || nr > MOST_FIELDS)
		return wire_fail(w, "nested too deeply, or too many values");
	shape = xcalloc(1, sizeof(*shape));
	*ret = shape;
	shape->object = object;
	shape->fields = xcalloc(nr, sizeof(*shape->fields));
	shape->unknown = object ? (1ULL << object->nr) - 1 : 0;
	while (!err && shape->nr < nr) {
		shape->nr++;
		err = read_shape_field(w, shape, depth,
				       &shape->fields[shape->nr - 1]);
	}
	return err ? err : check_shape(w, shape);
}

int record_shape_read(struct wire_reader *w, struct record_shape **ret)
{
	struct record_shape *shape = NULL;
	int err = read_shape(w, &record_sample_object, 0, &shape);

	if (err) {
		record_shape_free(shape);
		return err;
	}
	*ret = shape;
	return 0;
}

/* ---- objects --------------------------------------------------------------- */

static void set_unknown(const struct record_shape *shape, char *owner)
{
	for (size_t i = 0; shape->unknown && i < shape->object->nr; i++) {
		const struct record_field *field = &shape->object->fields[i];

		if (shape->unknown & 1ULL << i && field->type == RECORD_COUNT)
			memset(owner + field->offset, 0xff, sizeof(uint64_t));
	}
}

void record_shape_begin(const struct record_shape *shape, struct sample *s)
{
	set_unknown(shape, (char *)s);
}

static int read_object(struct wire_reader *w, const struct record_shape *shape,
		       char *owner, size_t *room);

/* ---- lists ----------------------------------------------------------------- */

/* A list that is being built from the previous one. */
struct renewal {
	const struct record_object *of; /* NULL: unknown, skipped */
	struct record_span old; /* owned, with the elements from cursor on */
	size_t cursor;
	char *new; /* the owner owns it, with its first @done elements */
	size_t done;
};

static void drop(struct renewal *r, size_t nr)
{
	for (; nr; nr--, r->cursor++)
		record_free(r->of, r->old.elements + r->cursor * r->of->size);
}

static void keep(struct renewal *r, size_t nr)
{
	memcpy(r->new + r->done * r->of->size,
	       r->old.elements + r->cursor * r->of->size, nr * r->of->size);
	r->cursor += nr;
	r->done += nr;
}

/* Reads the number of unchanged elements, and keeps these. */
static int read_run(struct wire_reader *w, struct renewal *r, uint64_t nr)
{
	uint64_t run;
	int err = wire_get(w, &run);

	if (err)
		return err;
	if (run > nr - r->done || (r->of && run > r->old.nr - r->cursor))
		return wire_fail(w, "more elements than the list before has");
	if (r->of && run)
		keep(r, run);
	else
		r->done += run;
	return 0;
}

/* Checks that each string of an element is set. */
static int check_strings(struct wire_reader *w, const struct record_object *of,
			 const char *element)
{
	for (size_t i = 0; i < of->nr; i++) {
		const char *text;

		if (of->fields[i].type != RECORD_STRING)
			continue;
		memcpy(&text, element + of->fields[i].offset, sizeof(text));
		if (!text)
			return wire_fail(w, "%s ends without \"%s\"", of->what,
					 of->fields[i].key);
	}
	return 0;
}

static int read_element(struct wire_reader *w, const struct record_shape *shape,
			struct renewal *r, char *owner,
			const struct record_field *field, size_t *room)
{
	char *element;
	uint64_t how;
	int err = wire_get(w, &how);

	if (err)
		return err;
	if (!r->of) {
		r->done++;
		return read_object(w, shape, NULL, room);
	}
	if (how > r->old.nr - r->cursor)
		return wire_fail(w, "an element that the list before lacks");
	element = r->new + r->done * r->of->size;
	if (how) {
		drop(r, how - 1);
		keep(r, 1);
	} else {
		set_unknown(shape, element);
		r->done++;
	}
	memcpy(owner + field->other, &r->done, sizeof(r->done));
	err = read_object(w, shape, element, room);
	return err ? err : check_strings(w, r->of, element);
}

/*
 * Checks a list's length: each new element needs at least a byte of the file, and
 * memory from @room.
 */
static int check_length(struct wire_reader *w, const struct renewal *r,
			uint64_t nr, size_t *room)
{
	uint64_t more = nr > r->old.nr ? nr - r->old.nr : 0;

	/* the size of a skipped list's elements is unknown */
	if (!r->of)
		return 0;
	if (more > (size_t)(w->end - w->pos))
		return wire_fail(w, "a list longer than the sample");
	if (more > *room / r->of->size)
		return wire_fail(
			w, "too many elements for the size of the recording");
	*room -= more * r->of->size;
	return 0;
}

static int read_elements(struct wire_reader *w,
			 const struct record_shape *shape, struct renewal *r,
			 char *owner, const struct record_field *field,
			 size_t *room)
{
	uint64_t nr;
	int err = wire_get(w, &nr);

	if (!err)
		err = check_length(w, r, nr, room);
	if (err)
		return err;
	if (r->of && nr) {
		r->new = xcalloc(nr, r->of->size);
		memcpy(owner + field->offset, &r->new, sizeof(r->new));
	}
	while (!err && r->done < nr) {
		err = read_run(w, r, nr);
		if (!err && r->done < nr)
			err = read_element(w, shape, r, owner, field, room);
	}
	if (r->of)
		memcpy(owner + field->other, &r->done, sizeof(r->done));
	return err;
}

/* @owner is NULL if the list is skipped. */
static int read_list(struct wire_reader *w, const struct shape_field *sf,
		     char *owner, size_t *room)
{
	const struct record_field *field = sf->field;
	struct renewal r = { .of = field ? field->of : NULL };
	const char *none = NULL;
	const size_t nr = 0;
	bool known = true;
	int err = 0;

	if (sf->wire == WIRE_MAYBE_LIST)
		err = wire_get_bool(w, &known);
	if (err)
		return err;
	if (r.of) {
		r.old = record_span_of(field, owner);
		memcpy(owner + field->offset, &none, sizeof(none));
		memcpy(owner + field->other, &nr, sizeof(nr));
	}
	if (r.of && sf->wire == WIRE_MAYBE_LIST)
		memcpy(owner + field->known, &known, sizeof(known));
	if (known)
		err = read_elements(w, sf->of, &r, owner, field, room);
	if (r.of)
		drop(&r, r.old.nr - r.cursor);
	free(r.old.elements);
	return err;
}

/* ---- other values ---------------------------------------------------------- */

static int set_number(struct wire_reader *w, const struct record_field *field,
		      char *at, uint64_t difference)
{
	const uint64_t more = difference & 1 ? ~(difference >> 1) :
					       difference >> 1;
	uint64_t n;
	uint32_t narrow;

	if (field->type == RECORD_COUNT) {
		memcpy(&n, at, sizeof(n));
		n += more;
		memcpy(at, &n, sizeof(n));
		return 0;
	}
	memcpy(&narrow, at, sizeof(narrow));
	n = narrow;
	if (field->type == RECORD_INDEX && narrow == SAMPLE_NO_TARGET)
		n = MEMTOP_UNKNOWN;
	n += more;
	if (field->type == RECORD_INDEX && n == MEMTOP_UNKNOWN)
		n = SAMPLE_NO_TARGET;
	else if (n > UINT32_MAX - (field->type == RECORD_INDEX))
		return wire_fail(w, "not an integer from 0 to %" PRIu32,
				 UINT32_MAX);
	narrow = (uint32_t)n;
	memcpy(at, &narrow, sizeof(narrow));
	return 0;
}

static int read_number(struct wire_reader *w, const struct record_field *field,
		       char *owner)
{
	uint64_t n;
	int err = wire_get(w, &n);

	return err || !field ? err :
			       set_number(w, field, owner + field->offset, n);
}

static int read_bool(struct wire_reader *w, const struct record_field *field,
		     char *owner)
{
	bool value;
	int err = wire_get_bool(w, &value);

	if (!err && field)
		memcpy(owner + field->offset, &value, sizeof(value));
	return err;
}

static int set_word(struct wire_reader *w, enum record_type type, char *at,
		    const char *text, size_t len)
{
	const char *const *words;
	size_t nr;

	words = record_words(type, &nr);
	for (unsigned int i = 0; i < nr; i++) {
		const char *word = words[i] ? words[i] : "";

		if (strlen(word) != len || memcmp(word, text, len) != 0)
			continue;
		memcpy(at, &i, sizeof(i));
		return 0;
	}
	return wire_fail(w, "unknown value '%.*s'", (int)(len > 32 ? 32 : len),
			 text);
}

static int read_text(struct wire_reader *w, const struct record_field *field,
		     char *owner)
{
	size_t room = field && field->room ? field->room : RECORD_MAX_STRING;
	const char *text;
	char *at, *own;
	size_t len;
	int err = wire_get_text(w, field ? room : SIZE_MAX, &text, &len);

	if (err || !field)
		return err;
	at = owner + field->offset;
	if (field->type == RECORD_TEXT || field->type == RECORD_MAYBE_TEXT) {
		memset(at, 0, room);
		memcpy(at, text, len);
	} else if (field->type == RECORD_STRING) {
		memcpy(&own, at, sizeof(own));
		free(own);
		own = xcalloc(len + 1, 1);
		memcpy(own, text, len);
		memcpy(at, &own, sizeof(own));
	} else {
		return set_word(w, field->type, at, text, len);
	}
	return 0;
}

static int read_dev(struct wire_reader *w, const struct shape_field *sf,
		    char *owner)
{
	uint64_t major = 0, minor = 0;
	struct sample_devno dev;
	bool known = true;
	int err = 0;

	if (sf->wire == WIRE_MAYBE_DEV)
		err = wire_get_bool(w, &known);
	if (!err && known)
		err = wire_get(w, &major);
	if (!err && known)
		err = wire_get(w, &minor);
	if (err)
		return err;
	if (major > UINT32_MAX || minor > UINT32_MAX)
		return wire_fail(
			w, "expected a device number, for example \"254:0\"");
	dev = (struct sample_devno){ (uint32_t)major, (uint32_t)minor };
	if (!sf->field)
		return 0;
	memcpy(owner + sf->field->offset, &dev, sizeof(dev));
	if (sf->wire == WIRE_MAYBE_DEV)
		memcpy(owner + sf->field->other, &known, sizeof(known));
	return 0;
}

static int read_field(struct wire_reader *w, const struct shape_field *sf,
		      char *owner, size_t *room)
{
	switch (sf->wire) {
	case WIRE_NUMBER:
		return read_number(w, sf->field, owner);
	case WIRE_BOOL:
		return read_bool(w, sf->field, owner);
	case WIRE_TEXT:
		return read_text(w, sf->field, owner);
	case WIRE_DEV:
	case WIRE_MAYBE_DEV:
		return read_dev(w, sf, owner);
	case WIRE_OBJECT:
		return read_object(w, sf->of,
				   sf->field ? owner + sf->field->offset : NULL,
				   room);
	case WIRE_LIST:
	case WIRE_MAYBE_LIST:
		return read_list(w, sf, sf->field ? owner : NULL, room);
	}
	return wire_fail(w, "a type of values that is not known");
}

static int read_object(struct wire_reader *w, const struct record_shape *shape,
		       char *owner, size_t *room)
{
	uint64_t bits;
	int err = wire_get(w, &bits);

	for (size_t i = 0; !err && bits && i < shape->nr; i++, bits >>= 1) {
		if (bits & 1)
			err = read_field(w, &shape->fields[i], owner, room);
	}
	if (!err && bits)
		err = wire_fail(w, "a change of a value that does not exist");
	return err;
}

int record_decode(struct wire_reader *w, const struct record_shape *shape,
		  struct sample *s, size_t *room)
{
	int err = read_object(w, shape, (char *)s, room);

	if (!err && w->pos < w->end)
		err = wire_fail(w, "bytes after the end of the sample");
	return err;
}
