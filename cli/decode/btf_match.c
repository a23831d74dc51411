// SPDX-License-Identifier: GPL-2.0-only
#include "decode/btf_match.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "decode/btf_image.h"

/* Structures inside of structures, and members on the way to one. */
#define MAX_DEPTH 32
/* Bits of a filter that names have to pass, a power of two. */
#define FILTER_BITS 4096

/* A type of the kernel's. */
struct candidate {
	const struct btf_image *image;
	uint32_t id;
};

/* A name that relocations begin with. */
struct wanted {
	const char *name; /* with its flavour */
	size_t len; /* without */
	uint32_t kind;
	/*
	 * Owned. Modules have many in common, like struct dm_target: each has a type of
	 * its own for what vmlinux does not have.
	 */
	struct candidate *candidates;
	size_t nr;
};

struct btf_matcher {
	const struct btf_image *local;
	struct wanted *wanted; /* owned */
	size_t nr_wanted;
	uint32_t *wanted_of; /* owned; by id of a local type: its place + 1 */
	uint8_t filter[FILTER_BITS / 8];
};

/* ---- names ------------------------------------------------------------------------ */

/* "name___flavour" is a name with a flavour, which the kernel does not have. */
static size_t essential_len(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = len; i-- > 4;) {
		if (name[i] != '_' && name[i - 4] != '_' &&
		    memcmp(name + i - 3, "___", 3) == 0)
			return i - 3;
	}
	return len;
}

/* Of the first three characters, which a name of one or two has zeros after. */
static size_t filter_of(const char *name)
{
	size_t hash = (unsigned char)name[0];

	hash = hash * 33 + (unsigned char)name[1];
	if (name[1])
		hash = hash * 33 + (unsigned char)name[2];
	return hash % FILTER_BITS;
}

static bool passes(const struct btf_matcher *m, const char *name)
{
	size_t bit = filter_of(name);

	return m->filter[bit / 8] & 1 << bit % 8;
}

static void add_candidate(struct wanted *w, const struct btf_image *image,
			  uint32_t id)
{
	w->candidates = xgrow(w->candidates, w->nr, sizeof(*w->candidates));
	w->candidates[w->nr++] = (struct candidate){ image, id };
}

/* Adds what @image has to all names but those that are @done. */
static void search(struct btf_matcher *m, const struct btf_image *image,
		   const bool *done)
{
	for (size_t i = 0; i < image->nr_composites; i++) {
		uint32_t id = image->composites[i];
		const struct btf_type *t = btf_image_type(image, id);
		const char *name = btf_image_name(image, t->name_off);
		size_t len;

		if (!passes(m, name))
			continue;
		len = essential_len(name);
		for (size_t j = 0; j < m->nr_wanted; j++) {
			struct wanted *w = &m->wanted[j];

			if (!done[j] && w->len == len &&
			    w->kind == type_kind(t) &&
			    memcmp(w->name, name, len) == 0)
				add_candidate(w, image, id);
		}
	}
}

static void search_all(struct btf_matcher *m, const struct kernel_types *types)
{
	bool *done = xcalloc(m->nr_wanted + 1, sizeof(*done));

	search(m, types->kernel, done);
	for (size_t i = 0; i < m->nr_wanted; i++)
		done[i] = m->wanted[i].nr;
	for (size_t i = 0; i < types->nr_modules; i++)
		search(m, &types->modules[i], done);
	free(done);
}

static int add_wanted(struct btf_matcher *m, uint32_t id)
{
	const struct btf_type *t = btf_image_type(m->local, id);
	const char *name = t ? btf_image_name(m->local, t->name_off) : "";
	size_t bit = filter_of(name);

	/* types of other kinds are not named by any program of ours */
	if (!type_is_composite(t) || !*name)
		return -EOPNOTSUPP;
	m->wanted = xgrow(m->wanted, m->nr_wanted, sizeof(*m->wanted));
	m->wanted[m->nr_wanted++] = (struct wanted){ .name = name,
						     .len = essential_len(name),
						     .kind = type_kind(t) };
	m->wanted_of[id] = (uint32_t)m->nr_wanted;
	m->filter[bit / 8] |= (uint8_t)(1 << bit % 8);
	return 0;
}

int btf_matcher_new(const struct btf_image *local,
		    const struct bpf_core_relo *relos, size_t nr,
		    const struct kernel_types *types, struct btf_matcher **ret)
{
	struct btf_matcher *m = xcalloc(1, sizeof(*m));
	int err = 0;

	*ret = m;
	m->local = local;
	m->wanted_of = xcalloc(local->end_id, sizeof(*m->wanted_of));
	for (size_t i = 0; !err && i < nr; i++) {
		uint32_t id = relos[i].type_id;

		if (id >= local->end_id)
			return -EOPNOTSUPP;
		if (!m->wanted_of[id])
			err = add_wanted(m, id);
	}
	if (!err)
		search_all(m, types);
	return err;
}

void btf_matcher_free(struct btf_matcher *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->nr_wanted; i++)
		free(m->wanted[i].candidates);
	free(m->wanted);
	free(m->wanted_of);
	free(m);
}

/* ---- paths ------------------------------------------------------------------------ */

/* A step of a path: into a member, or to an element of an array. */
struct step {
	uint32_t type; /* the structure; or the type of the element */
	uint32_t index;
	const char *name; /* of the member; NULL: an element */
};

/* From a type to a member. */
struct path {
	const struct btf_image *image;
	struct step steps[MAX_DEPTH];
	size_t nr;
	uint64_t bits; /* where it is */
};

static int add_step(struct path *path, struct step step)
{
	if (path->nr == MAX_DEPTH)
		return -EOPNOTSUPP;
	path->steps[path->nr++] = step;
	return 0;
}

/* The type of an element; 0: @id is no array with that element. */
static uint32_t element_of(const struct btf_image *image, uint32_t id,
			   uint32_t index)
{
	const struct btf_type *t = btf_image_type(image, id);
	const struct btf_array *array = (const struct btf_array *)(t + 1);

	/* one without a length is as long as it takes, where it is the last member */
	if (type_kind(t) != BTF_KIND_ARRAY ||
	    (array->nelems && index >= array->nelems))
		return 0;
	return btf_image_skip(image, array->type);
}

/* One number of a program's path. *@id: where it is, and then where it has come to. */
static int take_number(struct path *path, uint32_t *id, uint32_t number)
{
	const struct btf_type *t = btf_image_type(path->image, *id);
	const char *name;

	if (path->nr && type_is_composite(t)) {
		if (number >= BTF_INFO_VLEN(t->info))
			return -EOPNOTSUPP;
		name = btf_image_name(path->image,
				      type_members(t)[number].name_off);
		path->bits += type_member_offset(t, number);
		if (*name && add_step(path, (struct step){ *id, number, name }))
			return -EOPNOTSUPP;
		*id = btf_image_skip(path->image, type_members(t)[number].type);
		return *id ? 0 : -EOPNOTSUPP;
	}
	if (path->nr)
		*id = element_of(path->image, *id, number);
	path->bits += 8 * number * btf_image_size(path->image, *id);
	return *id ? add_step(path, (struct step){ *id, number, NULL }) :
		     -EOPNOTSUPP;
}

/* @text: "0:2:1" */
static int parse_path(const struct btf_image *local, uint32_t id,
		      const char *text, struct path *ret)
{
	*ret = (struct path){ .image = local };
	id = btf_image_skip(local, id);
	if (!id || !*text)
		return -EOPNOTSUPP;
	for (;;) {
		char *end;
		unsigned long number = strtoul(text, &end, 10);
		int err;

		if (end == text || number > UINT32_MAX)
			return -EOPNOTSUPP;
		err = take_number(ret, &id, (uint32_t)number);
		if (err || !*end)
			return err;
		if (*end != ':')
			return -EOPNOTSUPP;
		text = end + 1;
	}
}

/* bpf_core_fields_are_compat(): whether one can stand for the other */
static bool can_stand_for(const struct btf_image *local, uint32_t local_id,
			  const struct btf_image *image, uint32_t id)
{
	for (int i = 0; i < MAX_DEPTH; i++) {
		const struct btf_type *l, *k;
		const char *a, *b;

		local_id = btf_image_skip(local, local_id);
		id = btf_image_skip(image, id);
		l = btf_image_type(local, local_id);
		k = btf_image_type(image, id);
		if (type_is_composite(l) && type_is_composite(k))
			return true;
		if (type_kind(l) != type_kind(k))
			return false;
		switch (type_kind(l)) {
		case BTF_KIND_PTR:
		case BTF_KIND_FLOAT:
			return true;
		case BTF_KIND_INT:
			return !BTF_INT_OFFSET(*(const uint32_t *)(l + 1)) &&
			       !BTF_INT_OFFSET(*(const uint32_t *)(k + 1));
		case BTF_KIND_FWD:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
			a = btf_image_name(local, l->name_off);
			b = btf_image_name(image, k->name_off);
			return !*a || !*b ||
			       (essential_len(a) == essential_len(b) &&
				strncmp(a, b, essential_len(a)) == 0);
		case BTF_KIND_ARRAY:
			local_id = ((const struct btf_array *)(l + 1))->type;
			id = ((const struct btf_array *)(k + 1))->type;
			break;
		default:
			return false;
		}
	}
	return false;
}

/* A member of a program's structure, to be found by its name. */
struct sought {
	const struct btf_image *local;
	const char *name;
	uint32_t type;
};

/*
 * Goes to the member in *@id, also through members without a name. Returns 1, 0 if
 * the member is not there, or -errno.
 */
static int go_to_member(const struct sought *sought, struct path *path,
			uint32_t *id, int depth)
{
	uint32_t in = btf_image_skip(path->image, *id);
	const struct btf_type *t = btf_image_type(path->image, in);
	int found = 0;

	if (depth == MAX_DEPTH)
		return -EOPNOTSUPP;
	if (!type_is_composite(t))
		return 0;
	for (uint32_t i = 0; !found && i < BTF_INFO_VLEN(t->info); i++) {
		const struct btf_member *m = &type_members(t)[i];
		const char *name = btf_image_name(path->image, m->name_off);
		uint64_t before = path->bits;

		path->bits += type_member_offset(t, i);
		*id = m->type;
		if (!*name) {
			found = go_to_member(sought, path, id, depth + 1);
		} else if (strcmp(name, sought->name) == 0) {
			if (!can_stand_for(sought->local, sought->type,
					   path->image, m->type))
				return 0;
			found = add_step(path, (struct step){ in, i, name }) ?:
									       1;
		}
		if (!found)
			path->bits = before;
	}
	return found;
}

/* The same as a program's path, from a type of the kernel's. Returns 1, 0 or -errno. */
static int follow(const struct path *local, const struct candidate *from,
		  struct path *ret)
{
	uint32_t id = btf_image_skip(from->image, from->id);

	*ret = (struct path){ .image = from->image };
	for (size_t i = 0; i < local->nr; i++) {
		const struct step *step = &local->steps[i];
		int found;

		if (step->name) {
			const struct btf_type *t =
				btf_image_type(local->image, step->type);
			const struct sought sought = {
				local->image, step->name,
				type_members(t)[step->index].type
			};

			found = go_to_member(&sought, ret, &id, 0);
			if (found <= 0)
				return found;
			continue;
		}
		id = btf_image_skip(from->image, id);
		if (i)
			id = element_of(from->image, id, step->index);
		if (!id)
			return 0;
		ret->bits += 8 * step->index * btf_image_size(from->image, id);
		if (add_step(ret, (struct step){ id, step->index, NULL }))
			return -EOPNOTSUPP;
	}
	return 1;
}

/* ---- values ------------------------------------------------------------------------ */

/* The bytes that a member is read from: more than its own for a bit field. */
struct place {
	uint64_t offset;
	uint64_t size;
	uint64_t bits_before; /* in it */
	uint64_t bits;
	bool is_bits;
	bool is_signed;
};

static bool is_signed(const struct btf_type *t)
{
	if (type_kind(t) == BTF_KIND_ENUM || type_kind(t) == BTF_KIND_ENUM64)
		return BTF_INFO_KFLAG(t->info);
	return type_kind(t) == BTF_KIND_INT &&
	       BTF_INT_ENCODING(*(const uint32_t *)(t + 1)) & BTF_INT_SIGNED;
}

static int place_of(const struct path *path, struct place *ret)
{
	const struct step *last = &path->steps[path->nr - 1];
	const struct btf_type *t = btf_image_type(path->image, last->type);
	uint32_t id = last->type;

	*ret = (struct place){ 0 };
	if (last->name) {
		id = type_members(t)[last->index].type;
		ret->bits = type_member_bits(t, last->index);
	}
	ret->is_bits = ret->bits;
	ret->size = btf_image_size(path->image, id);
	ret->is_signed = is_signed(
		btf_image_type(path->image, btf_image_skip(path->image, id)));
	if (!ret->size)
		return ret->is_bits ? -EOPNOTSUPP : 0;
	if (!ret->is_bits) {
		ret->offset = path->bits / 8;
		ret->bits = 8 * ret->size;
		return 0;
	}
	for (;; ret->size *= 2) {
		if (ret->size > 8)
			return -EOPNOTSUPP;
		ret->offset = path->bits / 8 / ret->size * ret->size;
		ret->bits_before = path->bits - 8 * ret->offset;
		if (ret->bits_before + ret->bits <= 8 * ret->size)
			return 0;
	}
}

/* Of one side: of a program's own types, or of the kernel's. */
struct value {
	uint64_t value;
	uint64_t size; /* of the member; 0: unknown */
	bool validate;
};

/* What a relocation of @kind takes of a member. */
static int value_of_member(const struct path *path, uint32_t kind,
			   struct value *ret)
{
	const struct step *last = &path->steps[path->nr - 1];
	struct place place;
	int err = place_of(path, &place);

	if (err)
		return err;
	ret->validate = !place.is_bits;
	ret->size = place.size;
	switch (kind) {
	case BPF_CORE_FIELD_BYTE_OFFSET:
		ret->value = place.is_bits ? place.offset : path->bits / 8;
		return 0;
	case BPF_CORE_FIELD_BYTE_SIZE:
		ret->value = place.size;
		return place.size ? 0 : -EOPNOTSUPP;
	default:
		break;
	}
	/* no program asks that of an element */
	if (!last->name || !place.size)
		return -EOPNOTSUPP;
	ret->validate = true;
	switch (kind) {
	case BPF_CORE_FIELD_SIGNED:
		ret->value = place.is_signed;
		return 0;
	case BPF_CORE_FIELD_LSHIFT_U64:
		ret->validate = !place.is_bits;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		ret->value = 64 - (place.bits_before + place.bits);
#else
		ret->value = (8 - place.size) * 8 + place.bits_before;
#endif
		return 0;
	case BPF_CORE_FIELD_RSHIFT_U64:
		ret->value = 64 - place.bits;
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

static bool is_of_type(uint32_t kind)
{
	return kind == BPF_CORE_TYPE_EXISTS || kind == BPF_CORE_TYPE_SIZE;
}

static bool is_of_member(uint32_t kind)
{
	return kind <= BPF_CORE_FIELD_RSHIFT_U64;
}

/* @path: NULL: there is none */
static int value_of(const struct path *path, uint32_t kind, struct value *ret)
{
	*ret = (struct value){ .value = path != NULL, .validate = true };
	if (kind == BPF_CORE_FIELD_EXISTS || kind == BPF_CORE_TYPE_EXISTS ||
	    (kind == BPF_CORE_TYPE_SIZE && !path))
		return 0;
	if (kind == BPF_CORE_TYPE_SIZE) {
		ret->value = btf_image_size(path->image, path->steps[0].type);
		return ret->value ? 0 : -EOPNOTSUPP;
	}
	return value_of_member(path, kind, ret);
}

/* The path from one of the kernel's types; several have to come to the same. */
static int find_kernel_path(const struct wanted *w, uint32_t kind,
			    const struct path *local, bool *found,
			    struct path *ret)
{
	*found = false;
	for (size_t i = 0; i < w->nr; i++) {
		struct value value, before;
		struct path path;
		int err = follow(local, &w->candidates[i], &path);

		if (err < 0)
			return err;
		if (err == 0)
			continue;
		if (!*found) {
			*ret = path;
			*found = true;
			continue;
		}
		if (path.bits != ret->bits || value_of(&path, kind, &value) ||
		    value_of(ret, kind, &before) ||
		    value.value != before.value || value.size != before.size)
			return -EOPNOTSUPP;
	}
	return 0;
}

int btf_matcher_value(const struct btf_matcher *m,
		      const struct bpf_core_relo *relo, struct btf_value *ret)
{
	const struct wanted *w = &m->wanted[m->wanted_of[relo->type_id] - 1];
	struct value own = { 0 }, found = { 0 };
	struct path local, kernel;
	bool there, answers;
	int err;

	if (!is_of_member(relo->kind) && !is_of_type(relo->kind))
		return -EOPNOTSUPP;
	err = parse_path(m->local, relo->type_id,
			 btf_image_name(m->local, relo->access_str_off),
			 &local);
	/* a type's path is "0" */
	if (err || (is_of_type(relo->kind) && local.nr != 1))
		return -EOPNOTSUPP;
	err = find_kernel_path(w, relo->kind, &local, &there, &kernel);
	if (!err)
		err = value_of(&local, relo->kind, &own);
	/* that there is none is an answer to some of the questions only */
	answers = there || is_of_type(relo->kind) ||
		  relo->kind == BPF_CORE_FIELD_EXISTS;
	if (!err && answers)
		err = value_of(there ? &kernel : NULL, relo->kind, &found);
	*ret = (struct btf_value){
		.local = own.value,
		.kernel = found.value,
		.same_size = own.size && own.size == found.size,
		.validate = own.validate,
		.invalid = !answers,
	};
	return err;
}
