// SPDX-License-Identifier: GPL-2.0-only
#include "collect/slab_layout.h"

#include <bpf/btf.h>
#include <errno.h>
#include <string.h>

#include "util/msg.h"

static uint32_t member_offset(const struct btf *btf, const char *type_name,
			      const char *member_name)
{
	int id = btf__find_by_name_kind(btf, type_name, BTF_KIND_STRUCT);
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;
	const struct btf_member *member;

	if (!type)
		return 0;
	member = btf_members(type);
	for (int i = 0; i < btf_vlen(type); i++, member++) {
		const char *name = btf__name_by_offset(btf, member->name_off);

		if (name && strcmp(name, member_name) == 0)
			return btf_member_bit_offset(type, i) / 8;
	}
	return 0;
}

uint32_t slab_layout_size_offset(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	uint32_t offset;

	if (!btf) {
		msg_debug(
			"no BTF of the kernel (%s): the size of slab objects is unknown",
			strerror(errno));
		return 0;
	}
	offset = member_offset(btf, "kmem_cache", "size");
	if (!offset)
		msg_debug(
			"the kernel's BTF has no kmem_cache.size: the size of slab objects is unknown");
	btf__free(btf);
	return offset;
}
