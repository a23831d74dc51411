/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types as BTF has them (Documentation/bpf/btf.rst of the kernel), in memory: those of
 * the kernel, those of a module, which go on where the kernel's end, and those of a
 * program. Anything that is not as it should be is an error: there may be new kinds.
 */
#ifndef MEMTOP_BTF_IMAGE_H
#define MEMTOP_BTF_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/btf.h>

struct btf_image {
	const struct btf_image *base; /* whose types come before; or NULL */
	const char *types;
	const char *names;
	uint32_t types_len;
	uint32_t names_len;
	uint32_t first_name; /* where names begin: as many are in base */
	uint32_t first_id;
	uint32_t end_id; /* after the last one */
	uint32_t *at; /* owned; where in types each one is */
	uint32_t *composites; /* owned; ids of structures and unions with a name */
	size_t nr_composites;
};

/*
 * Reads @len bytes at @data, which stay the caller's, and @base are to live as long.
 * Returns 0 or -EOPNOTSUPP; release it either way.
 */
int btf_image_read(const void *data, size_t len, const struct btf_image *base,
		   struct btf_image *ret);

void btf_image_release(struct btf_image *image);

/* NULL for void, and if there is none. */
const struct btf_type *btf_image_type(const struct btf_image *image,
				      uint32_t id);

/* "" if there is none. */
const char *btf_image_name(const struct btf_image *image, uint32_t offset);

/* The type that @id stands for, without typedefs, const and the like. */
uint32_t btf_image_skip(const struct btf_image *image, uint32_t id);

/* In bytes; 0: it has none. */
uint64_t btf_image_size(const struct btf_image *image, uint32_t id);

static inline uint32_t type_kind(const struct btf_type *t)
{
	return t ? BTF_INFO_KIND(t->info) : BTF_KIND_UNKN;
}

static inline bool type_is_composite(const struct btf_type *t)
{
	return type_kind(t) == BTF_KIND_STRUCT ||
	       type_kind(t) == BTF_KIND_UNION;
}

static inline const struct btf_member *type_members(const struct btf_type *t)
{
	return (const struct btf_member *)(t + 1);
}

/* In bits. */
static inline uint32_t type_member_offset(const struct btf_type *t, uint32_t i)
{
	uint32_t offset = type_members(t)[i].offset;

	return BTF_INFO_KFLAG(t->info) ? BTF_MEMBER_BIT_OFFSET(offset) : offset;
}

/* How many bits it has as a bit field; 0: it is none. */
static inline uint32_t type_member_bits(const struct btf_type *t, uint32_t i)
{
	uint32_t offset = type_members(t)[i].offset;

	return BTF_INFO_KFLAG(t->info) ? BTF_MEMBER_BITFIELD_SIZE(offset) : 0;
}

#endif
