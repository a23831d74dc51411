// SPDX-License-Identifier: GPL-2.0-only
#include "decode/btf_image.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* No typedef of a typedef and so on is longer. */
#define MAX_STEPS 32

static uint64_t pointer_size(void)
{
	return sizeof(void *);
}

/* What follows a type's description; SIZE_MAX: this kind is not known here. */
static size_t size_of_rest(uint32_t info)
{
	size_t nr = BTF_INFO_VLEN(info);

	switch (BTF_INFO_KIND(info)) {
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPE_TAG:
		return 0;
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return sizeof(uint32_t);
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return nr * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return nr * sizeof(struct btf_enum);
	case BTF_KIND_FUNC_PROTO:
		return nr * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return nr * sizeof(struct btf_var_secinfo);
	case BTF_KIND_ENUM64:
		return nr * sizeof(struct btf_enum64);
	default:
		return SIZE_MAX;
	}
}

/* Notes where each type is: there are a hundred thousand and more of them. */
static int note_types(struct btf_image *image)
{
	/* none is shorter than its description, most are longer */
	uint32_t most = image->types_len / sizeof(struct btf_type);
	const char *pos = image->types, *end = pos + image->types_len;
	uint32_t *at = xcalloc(most + 1, sizeof(*at)), *next = at;
	uint32_t *composite = xcalloc(most + 1, sizeof(*composite));

	image->at = at;
	image->composites = composite;
	while (end - pos >= (ptrdiff_t)sizeof(struct btf_type)) {
		const struct btf_type *t = (const struct btf_type *)pos;
		size_t rest = size_of_rest(t->info);

		if (rest > (size_t)(end - pos) - sizeof(*t))
			return -EOPNOTSUPP;
		if (type_is_composite(t) && t->name_off)
			*composite++ = image->first_id + (uint32_t)(next - at);
		*next++ = (uint32_t)(pos - image->types);
		pos += sizeof(*t) + rest;
	}
	image->nr_composites = (size_t)(composite - image->composites);
	image->end_id = image->first_id + (uint32_t)(next - at);
	return pos == end ? 0 : -EOPNOTSUPP;
}

int btf_image_read(const void *data, size_t len, const struct btf_image *base,
		   struct btf_image *ret)
{
	const char *bytes = data;
	struct btf_header h;

	*ret = (struct btf_image){ .base = base };
	if (len < sizeof(h))
		return -EOPNOTSUPP;
	memcpy(&h, bytes, sizeof(h));
	/* Where a program asks for the parts of BTF, they are aligned. */
	if (h.magic != BTF_MAGIC || h.version != BTF_VERSION ||
	    h.hdr_len < sizeof(h) || h.hdr_len > len || h.hdr_len % 4 ||
	    h.type_off % 4 || (uintptr_t)bytes % 4)
		return -EOPNOTSUPP;
	len -= h.hdr_len;
	if (h.type_off > len || h.type_len > len - h.type_off ||
	    h.str_off > len || h.str_len > len - h.str_off)
		return -EOPNOTSUPP;
	ret->types = bytes + h.hdr_len + h.type_off;
	ret->types_len = h.type_len;
	ret->names = bytes + h.hdr_len + h.str_off;
	ret->names_len = h.str_len;
	ret->first_name = base ? base->first_name + base->names_len : 0;
	ret->first_id = base ? base->end_id : 1;
	/* or a name would not end */
	if (ret->names_len && ret->names[ret->names_len - 1])
		return -EOPNOTSUPP;
	return note_types(ret);
}

void btf_image_release(struct btf_image *image)
{
	free(image->at);
	free(image->composites);
	*image = (struct btf_image){ 0 };
}

const struct btf_type *btf_image_type(const struct btf_image *image,
				      uint32_t id)
{
	if (id < image->first_id)
		return image->base ? btf_image_type(image->base, id) : NULL;
	if (id >= image->end_id)
		return NULL;
	return (const struct btf_type *)(image->types +
					 image->at[id - image->first_id]);
}

const char *btf_image_name(const struct btf_image *image, uint32_t offset)
{
	if (offset < image->first_name)
		return image->base ? btf_image_name(image->base, offset) : "";
	offset -= image->first_name;
	return offset < image->names_len ? image->names + offset : "";
}

uint32_t btf_image_skip(const struct btf_image *image, uint32_t id)
{
	for (int i = 0; i < MAX_STEPS; i++) {
		const struct btf_type *t = btf_image_type(image, id);

		switch (type_kind(t)) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_CONST:
		case BTF_KIND_RESTRICT:
		case BTF_KIND_TYPE_TAG:
			id = t->type;
			break;
		default:
			return id;
		}
	}
	return 0;
}

uint64_t btf_image_size(const struct btf_image *image, uint32_t id)
{
	uint64_t nr = 1;

	for (int i = 0; i < MAX_STEPS; i++) {
		const struct btf_type *t =
			btf_image_type(image, btf_image_skip(image, id));
		const struct btf_array *array;

		switch (type_kind(t)) {
		case BTF_KIND_INT:
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
		case BTF_KIND_FLOAT:
			return nr * t->size;
		case BTF_KIND_PTR:
			return nr * pointer_size();
		case BTF_KIND_ARRAY:
			array = (const struct btf_array *)(t + 1);
			nr *= array->nelems;
			id = array->type;
			break;
		default:
			return 0;
		}
	}
	return 0;
}
