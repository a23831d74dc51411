// SPDX-License-Identifier: GPL-2.0-only
#include "decode/relocate.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "decode/btf_image.h"
#include "decode/btf_match.h"
#include "decode/dead_code.h"

/* A light skeleton's data is aligned so (add_data(), gen_loader.c). */
#define ALIGNMENT 8
/* An instruction that the verifier refuses once it gets there, as libbpf's. */
#define INVALID_CALL 195896080

/* A program in a blob. */
struct target {
	struct btf_image types; /* its own */
	union bpf_attr *attr;
	struct bpf_insn *insns;
	struct bpf_func_info *funcs;
	const struct bpf_core_relo *relos;
};

static size_t aligned(size_t size)
{
	return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* The types come before everything that refers to them. */
static int find_types(const char *blob, size_t len, struct btf_image *ret)
{
	for (size_t at = 0; at + sizeof(struct btf_header) < len;
	     at += ALIGNMENT) {
		struct btf_header h;

		memcpy(&h, blob + at, sizeof(h));
		if (h.magic == BTF_MAGIC && h.version == BTF_VERSION &&
		    h.hdr_len == sizeof(h))
			return btf_image_read(blob + at, len - at, NULL, ret);
	}
	return -EOPNOTSUPP;
}

/* What the loader program hands to bpf(2) for the program of that name. */
static union bpf_attr *find_attr(char *blob, size_t len, const char *name)
{
	const size_t least =
		offsetof(union bpf_attr, core_relo_rec_size) + sizeof(__u32);
	const size_t room = sizeof(((union bpf_attr *)NULL)->prog_name);

	for (size_t at = 0; at + least <= len; at += ALIGNMENT) {
		union bpf_attr *attr = (union bpf_attr *)(blob + at);

		if (strncmp(attr->prog_name, name, room) == 0 &&
		    attr->core_relo_rec_size == sizeof(struct bpf_core_relo) &&
		    attr->insn_cnt && !attr->insns)
			return attr;
	}
	return NULL;
}

/* Before it are the instructions, functions, lines and relocations, in this order. */
static int find_parts(char *blob, struct target *t)
{
	const union bpf_attr *attr = t->attr;
	size_t insns = aligned(attr->insn_cnt * sizeof(struct bpf_insn));
	size_t relos =
		aligned(attr->core_relo_cnt * sizeof(struct bpf_core_relo));
	size_t funcs =
		aligned((size_t)attr->func_info_cnt * attr->func_info_rec_size);
	size_t lines =
		aligned((size_t)attr->line_info_cnt * attr->line_info_rec_size);
	size_t room = (size_t)((char *)t->attr - blob);

	if (insns > room || relos > room || funcs > room || lines > room ||
	    insns + funcs + lines + relos > room)
		return -EOPNOTSUPP;
	t->relos = (const void *)((char *)t->attr - relos);
	t->funcs = (void *)((char *)t->relos - lines - funcs);
	t->insns = (void *)((char *)t->funcs - insns);
	/* The licence comes before the instructions. */
	if ((char *)t->insns < blob + ALIGNMENT ||
	    strcmp((char *)t->insns - ALIGNMENT, "GPL") != 0)
		return -EOPNOTSUPP;
	return 0;
}

static int find_target(char *blob, size_t len, const char *name,
		       struct target *ret)
{
	int err = find_types(blob, len, &ret->types);

	if (err)
		return err;
	ret->attr = find_attr(blob, len, name);
	return ret->attr ? find_parts(blob, ret) : -EOPNOTSUPP;
}

/* ---- instructions ------------------------------------------------------------ */

static void make_invalid(struct bpf_insn *insn)
{
	*insn = (struct bpf_insn){ .code = BPF_JMP | BPF_CALL,
				   .imm = INVALID_CALL };
}

static bool is_ldimm64(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_IMM | BPF_DW);
}

static int put(struct bpf_insn *insn, uint64_t value)
{
	if (BPF_CLASS(insn->code) == BPF_LDX) {
		if (value > INT16_MAX)
			return -EOPNOTSUPP;
		insn->off = (int16_t)value;
		return 0;
	}
	if (is_ldimm64(insn))
		insn[1].imm = (int32_t)(value >> 32);
	else if (value > INT32_MAX)
		return -EOPNOTSUPP;
	insn->imm = (int32_t)value;
	return 0;
}

/* @room: instructions from there on */
static int patch(struct bpf_insn *insn, size_t room,
		 const struct btf_value *value)
{
	uint64_t is;

	if (is_ldimm64(insn)) {
		if (room < 2)
			return -EOPNOTSUPP;
		is = (uint32_t)insn[0].imm | (uint64_t)insn[1].imm << 32;
	} else if ((BPF_CLASS(insn->code) == BPF_ALU ||
		    BPF_CLASS(insn->code) == BPF_ALU64) &&
		   BPF_SRC(insn->code) == BPF_K) {
		is = (uint32_t)insn->imm;
	} else if (BPF_CLASS(insn->code) == BPF_LDX &&
		   BPF_MODE(insn->code) == BPF_MEM) {
		/* of another size it would have to be another instruction */
		if (!value->invalid && !value->same_size)
			return -EOPNOTSUPP;
		is = (uint16_t)insn->off;
	} else {
		return -EOPNOTSUPP;
	}
	if (value->invalid) {
		if (is_ldimm64(insn))
			make_invalid(insn + 1);
		make_invalid(insn);
		return 0;
	}
	/* what the compiler has put there is what its own types have */
	if (value->validate && is != value->local)
		return -EOPNOTSUPP;
	return put(insn, value->kernel);
}

static int relocate_all(const struct target *t, struct btf_matcher *matcher)
{
	int err = 0;

	for (size_t i = 0; !err && i < t->attr->core_relo_cnt; i++) {
		const struct bpf_core_relo *relo = &t->relos[i];
		size_t at = relo->insn_off / sizeof(struct bpf_insn);
		struct btf_value value;

		if (at >= t->attr->insn_cnt ||
		    relo->insn_off % sizeof(struct bpf_insn))
			return -EOPNOTSUPP;
		err = btf_matcher_value(matcher, relo, &value);
		if (!err)
			err = patch(&t->insns[at], t->attr->insn_cnt - at,
				    &value);
	}
	return err;
}

/* Without lines of the source, which only the verifier's log has use for. */
static int shorten(const struct target *t)
{
	union bpf_attr *attr = t->attr;
	struct dead_code code = { t->insns, attr->insn_cnt, t->funcs,
				  attr->func_info_cnt };
	int err = attr->func_info_rec_size == sizeof(*t->funcs) ?
			  dead_code_remove(&code) :
			  -EOPNOTSUPP;

	if (err)
		return err;
	attr->insn_cnt = code.nr_insns;
	attr->func_info_cnt = code.nr_funcs;
	attr->line_info_cnt = 0;
	return 0;
}

int relocate_program(void *blob, size_t len, const char *name,
		     const struct kernel_types *types)
{
	struct btf_matcher *matcher = NULL;
	struct target t = { 0 };
	int err = find_target(blob, len, name, &t);

	if (!err)
		err = btf_matcher_new(&t.types, t.relos, t.attr->core_relo_cnt,
				      types, &matcher);
	if (!err)
		err = relocate_all(&t, matcher);
	if (!err)
		err = shorten(&t);
	if (!err)
		t.attr->core_relo_cnt = 0;
	btf_matcher_free(matcher);
	btf_image_release(&t.types);
	return err;
}
