// SPDX-License-Identifier: GPL-2.0-only
/*
 * Relocations against kernels made up with libbpf, which writes types independently of
 * the tested code.
 */
#include "decode/relocate.h"

#include <bpf/btf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/strbuf.h"
#include "decode/btf_image.h"
#include "decode/btf_match.h"
#include "unit.h"

/* The types of a program, of a kernel and of one module of it. */
struct world {
	struct btf *local, *kernel, *module;
	struct btf_image local_image, kernel_image, module_image;
	int id; /* the program's structure, whose members are relocated */
};

static void add(struct btf *btf, const char *name, uint32_t size)
{
	assert_true(btf__add_struct(btf, name, size) > 0);
}

static void add_member(struct btf *btf, const char *name, int type,
		       uint32_t bits)
{
	assert_int_equal(btf__add_field(btf, name, type, bits, 0), 0);
}

/* A "pool" with the int "level" at this bit. */
static void add_pool(struct btf *btf, uint32_t size, uint32_t bits)
{
	add(btf, "pool", size);
	add_member(btf, "level", 1, bits);
}

static struct world world_new(void)
{
	struct world w = { .local = btf__new_empty(),
			   .kernel = btf__new_empty() };

	/* 1 and 2 everywhere */
	assert_int_equal(btf__add_int(w.local, "int", 4, BTF_INT_SIGNED), 1);
	assert_int_equal(btf__add_ptr(w.local, 0), 2);
	assert_int_equal(btf__add_int(w.kernel, "int", 4, BTF_INT_SIGNED), 1);
	assert_int_equal(btf__add_ptr(w.kernel, 0), 2);
	return w;
}

/* The program's structure has "level" at 0 and "data" at 8. */
static struct world world_with(const char *name)
{
	struct world w = world_new();

	w.id = btf__add_struct(w.local, name, 16);
	add_member(w.local, "level", 1, 0);
	add_member(w.local, "data", 2, 64);
	return w;
}

static void read_image(const struct btf *btf, const struct btf_image *base,
		       struct btf_image *ret)
{
	uint32_t len;
	const void *data = btf__raw_data(btf, &len);

	assert_int_equal(btf_image_read(data, len, base, ret), 0);
}

static void world_free(struct world *w)
{
	btf_image_release(&w->local_image);
	btf_image_release(&w->kernel_image);
	btf_image_release(&w->module_image);
	btf__free(w->module);
	btf__free(w->local);
	btf__free(w->kernel);
}

/* What a relocation of member @path comes to; the world is freed. */
static int try_value(struct world *w, const char *path,
		     enum bpf_core_relo_kind kind, struct btf_value *ret)
{
	struct bpf_core_relo relo = { .type_id = (uint32_t)w->id,
				      .kind = kind };
	struct kernel_types types = { .kernel = &w->kernel_image,
				      .modules = &w->module_image,
				      .nr_modules = w->module ? 1 : 0 };
	struct btf_matcher *matcher;
	int err;

	relo.access_str_off = (uint32_t)btf__add_str(w->local, path);
	read_image(w->local, NULL, &w->local_image);
	read_image(w->kernel, NULL, &w->kernel_image);
	if (w->module)
		read_image(w->module, &w->kernel_image, &w->module_image);
	err = btf_matcher_new(&w->local_image, &relo, 1, &types, &matcher);
	if (!err)
		err = btf_matcher_value(matcher, &relo, ret);
	btf_matcher_free(matcher);
	world_free(w);
	return err;
}

static struct btf_value value(struct world *w, const char *path,
			      enum bpf_core_relo_kind kind)
{
	struct btf_value value;

	assert_int_equal(try_value(w, path, kind, &value), 0);
	return value;
}

static void is_at(struct world *w, const char *path, uint64_t offset)
{
	struct btf_value at = value(w, path, BPF_CORE_FIELD_BYTE_OFFSET);

	assert_false(at.invalid);
	assert_int_equal(at.kernel, offset);
}

static void a_member_elsewhere(void **state)
{
	struct world w = world_with("pool");
	struct btf_value at;

	(void)state;
	add(w.kernel, "pool", 48);
	add_member(w.kernel, "data", 2, 256);
	add_member(w.kernel, "level", 1, 320);
	at = value(&w, "0:1", BPF_CORE_FIELD_BYTE_OFFSET);
	assert_int_equal(at.local, 8);
	assert_int_equal(at.kernel, 32);
	assert_true(at.validate);
	assert_true(at.same_size);
	assert_false(at.invalid);
}

static void a_flavour(void **state)
{
	struct world w = world_with("pool___old");

	(void)state;
	add_pool(w.kernel, 16, 96);
	is_at(&w, "0:0", 12);
}

static void a_name_that_only_looks_like_a_flavour(void **state)
{
	struct world w = world_with("pool____old");

	(void)state;
	add_pool(w.kernel, 16, 96);
	assert_int_equal(value(&w, "0", BPF_CORE_TYPE_EXISTS).kernel, 0);
}

static void in_unnamed_structs(void **state)
{
	struct world w = world_with("pool");
	int inner = btf__add_union(w.kernel, "", 8);

	(void)state;
	add_member(w.kernel, "other", 1, 0);
	add_member(w.kernel, "data", 2, 0);
	add(w.kernel, "pool", 48);
	add_member(w.kernel, "first", 1, 0);
	add_member(w.kernel, NULL, inner, 192);
	is_at(&w, "0:1", 24);
}

static void through_structs_unnamed_here(void **state)
{
	struct world w = world_new();
	int inner = btf__add_struct(w.local, NULL, 16);

	(void)state;
	add_member(w.local, "a", 1, 0);
	add_member(w.local, "b", 1, 32);
	w.id = btf__add_struct(w.local, "pool", 16);
	add_member(w.local, NULL, inner, 0);
	add(w.kernel, "pool", 48);
	add_member(w.kernel, "b", 1, 128);
	is_at(&w, "0:0:1", 16);
}

static void an_element_of_an_array(void **state)
{
	struct world w = world_new();
	int inner, array;

	(void)state;
	inner = btf__add_struct(w.local, "list", 4);
	add_member(w.local, "count", 1, 0);
	array = btf__add_array(w.local, 1, inner, 2);
	w.id = btf__add_struct(w.local, "pool", 8);
	add_member(w.local, "lists", array, 0);

	inner = btf__add_struct(w.kernel, "other_name", 24);
	add_member(w.kernel, "count", 1, 64);
	array = btf__add_array(w.kernel, 1, inner, 2);
	add(w.kernel, "pool", 64);
	add_member(w.kernel, "lists", array, 128);
	is_at(&w, "0:0:1:0", 16 + 24 + 8);
}

static void behind_typedefs(void **state)
{
	struct world w = world_with("pool");
	int type = btf__add_typedef(w.kernel, "level_t", 1);

	(void)state;
	type = btf__add_volatile(w.kernel, btf__add_const(w.kernel, type));
	add(w.kernel, "pool", 16);
	add_member(w.kernel, "level", type, 64);
	is_at(&w, "0:0", 8);
}

static void no_such_member(void **state)
{
	const struct {
		enum bpf_core_relo_kind kind;
		bool invalid;
	} cases[] = { { BPF_CORE_FIELD_BYTE_OFFSET, true },
		      { BPF_CORE_FIELD_BYTE_SIZE, true },
		      { BPF_CORE_FIELD_EXISTS, false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct world w = world_with("pool");
		struct btf_value none;

		add_pool(w.kernel, 16, 0);
		none = value(&w, "0:1", cases[i].kind);
		assert_int_equal(none.invalid, cases[i].invalid);
		assert_int_equal(none.kernel, 0);
	}
}

static void a_member_of_another_kind_is_none(void **state)
{
	struct world w = world_with("pool");

	(void)state;
	add(w.kernel, "pool", 16);
	add_member(w.kernel, "level", 2, 0);
	assert_int_equal(value(&w, "0:0", BPF_CORE_FIELD_EXISTS).kernel, 0);
}

static void a_type(void **state)
{
	struct world w = world_with("pool");
	struct btf_value size;

	(void)state;
	add(w.kernel, "pool", 72);
	add_member(w.kernel, "x", 1, 0);
	size = value(&w, "0", BPF_CORE_TYPE_SIZE);
	assert_int_equal(size.local, 16);
	assert_int_equal(size.kernel, 72);
}

static void no_such_type(void **state)
{
	struct world w = world_with("pool");
	struct btf_value size;

	(void)state;
	/* of that name, but no structure */
	btf__add_union(w.kernel, "pool", 16);
	size = value(&w, "0", BPF_CORE_TYPE_SIZE);
	assert_int_equal(size.kernel, 0);
	assert_false(size.invalid);
}

static void bits(void **state)
{
	const struct {
		enum bpf_core_relo_kind kind;
		uint64_t kernel;
		bool validate;
	} cases[] = { { BPF_CORE_FIELD_BYTE_OFFSET, 4, false },
		      { BPF_CORE_FIELD_BYTE_SIZE, 4, false },
		      { BPF_CORE_FIELD_SIGNED, 0, true },
		      { BPF_CORE_FIELD_LSHIFT_U64, 64 - 12, false },
		      { BPF_CORE_FIELD_RSHIFT_U64, 64 - 3, true } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct world w = world_new();
		struct btf_value at;
		int number;

		number = btf__add_int(w.local, "unsigned int", 4, 0);
		w.id = btf__add_struct(w.local, "verity", 4);
		btf__add_field(w.local, "failed", number, 0, 1);
		number = btf__add_int(w.kernel, "unsigned int", 4, 0);
		add(w.kernel, "verity", 8);
		/* bits 9 to 11 of the second word */
		btf__add_field(w.kernel, "failed", number, 32 + 9, 3);
		at = value(&w, "0:0", cases[i].kind);
		assert_int_equal(at.kernel, cases[i].kernel);
		assert_int_equal(at.validate, cases[i].validate);
	}
}

static void two_types(void **state)
{
	(void)state;
	/* that agree, and that do not */
	for (uint32_t second = 64; second <= 128; second += 64) {
		struct world w = world_with("pool");
		struct btf_value at;
		int err;

		add_pool(w.kernel, 16, 64);
		add_pool(w.kernel, 32, second);
		/* one without the member does not count */
		add(w.kernel, "pool", 4);
		add_member(w.kernel, "other", 1, 0);
		err = try_value(&w, "0:0", BPF_CORE_FIELD_BYTE_OFFSET, &at);
		assert_int_equal(err, second == 64 ? 0 : -EOPNOTSUPP);
	}
}

static void many_types_that_agree(void **state)
{
	struct world w = world_with("pool");

	(void)state;
	for (int i = 0; i < 100; i++)
		add_pool(w.kernel, 16, 64);
	is_at(&w, "0:0", 8);
}

static void a_module(void **state)
{
	struct world w = world_with("pool");

	(void)state;
	add(w.kernel, "another", 16);
	w.module = btf__new_empty_split(w.kernel);
	/* its int is the kernel's */
	add_pool(w.module, 16, 32);
	is_at(&w, "0:0", 4);
}

static void the_kernel_comes_before_a_module(void **state)
{
	struct world w = world_with("pool");

	(void)state;
	add_pool(w.kernel, 16, 64);
	w.module = btf__new_empty_split(w.kernel);
	add_pool(w.module, 16, 32);
	is_at(&w, "0:0", 8);
}

static void unclear(void **state)
{
	const struct {
		const char *path;
		enum bpf_core_relo_kind kind;
	} cases[] = { { "0:2", BPF_CORE_FIELD_BYTE_OFFSET },
		      { "0:x", BPF_CORE_FIELD_BYTE_OFFSET },
		      { "", BPF_CORE_FIELD_BYTE_OFFSET },
		      { "0:0:0", BPF_CORE_FIELD_BYTE_OFFSET },
		      { "0:0", BPF_CORE_TYPE_EXISTS },
		      { "0", BPF_CORE_TYPE_ID_TARGET },
		      { "0", BPF_CORE_TYPE_MATCHES },
		      { "0:0", BPF_CORE_ENUMVAL_VALUE } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct world w = world_with("pool");
		struct btf_value none;

		add_pool(w.kernel, 16, 64);
		assert_int_equal(try_value(&w, cases[i].path, cases[i].kind,
					   &none),
				 -EOPNOTSUPP);
	}
}

/* ---- a whole program ----------------------------------------------------------- */

#define ATTR_SIZE                                       \
	(offsetof(union bpf_attr, core_relo_rec_size) + \
	 sizeof(((union bpf_attr *)0)->core_relo_rec_size))

static void add_aligned(struct strbuf *to, const void *bytes, size_t len)
{
	static const char zeros[8];

	strbuf_add(to, bytes, len);
	strbuf_add(to, zeros, (8 - len % 8) % 8);
}

/* As libbpf's gen_loader.c makes it; the relocation is of the second instruction. */
static void make_blob(struct strbuf *blob, const struct btf *local, int id,
		      const char *name, const struct bpf_insn *insns, size_t nr)
{
	const struct bpf_func_info func = { 0 };
	const struct bpf_line_info lines[2] = { { 0 } };
	struct bpf_core_relo relo = { .insn_off = 8,
				      .type_id = (uint32_t)id,
				      .kind = BPF_CORE_FIELD_BYTE_OFFSET };
	union bpf_attr attr;
	uint32_t len;
	const void *types;

	memset(&attr, 0, sizeof(attr));
	relo.access_str_off =
		(uint32_t)btf__find_str((struct btf *)local, "0:1");
	types = btf__raw_data(local, &len);
	add_aligned(blob, "loader's own", 13);
	add_aligned(blob, types, len);
	add_aligned(blob, "GPL", 4);
	add_aligned(blob, insns, nr * sizeof(*insns));
	add_aligned(blob, &func, sizeof(func));
	add_aligned(blob, lines, sizeof(lines));
	add_aligned(blob, &relo, sizeof(relo));
	attr.insn_cnt = (uint32_t)nr;
	attr.func_info_rec_size = sizeof(func);
	attr.func_info_cnt = 1;
	attr.line_info_rec_size = sizeof(lines[0]);
	attr.line_info_cnt = 2;
	attr.core_relo_rec_size = sizeof(relo);
	attr.core_relo_cnt = 1;
	strcpy(attr.prog_name, name);
	add_aligned(blob, &attr, ATTR_SIZE);
}

/* A program that reads "data" of a pool, which the kernel has @bits from its start. */
struct program {
	struct world w;
	struct strbuf blob;
	struct bpf_insn insn; /* the second one, once it is relocated */
	uint32_t left; /* relocations for the kernel */
};

static int relocate(struct program *p, struct bpf_insn insn, int bits)
{
	const struct bpf_insn insns[] = { { .code = BPF_ALU64 | BPF_MOV },
					  insn,
					  { .code = 0 },
					  { .code = BPF_JMP | BPF_EXIT } };
	struct kernel_types types = { .kernel = &p->w.kernel_image };
	const char *attr;
	int err;

	p->w = world_with("pool");
	p->blob = (struct strbuf){ 0 };
	btf__add_str(p->w.local, "0:1");
	add(p->w.kernel, "pool", 1 << 20);
	if (bits >= 0)
		add_member(p->w.kernel, "data", 2, (uint32_t)bits);
	read_image(p->w.kernel, NULL, &p->w.kernel_image);
	make_blob(&p->blob, p->w.local, p->w.id, "reads_pools", insns, 4);
	err = relocate_program(p->blob.text, p->blob.len, "reads_pools",
			       &types);
	attr = p->blob.text + p->blob.len - (ATTR_SIZE + 7) / 8 * 8;
	memcpy(&p->left, attr + offsetof(union bpf_attr, core_relo_cnt),
	       sizeof(p->left));
	/* before it are one relocation, two lines and one function */
	memcpy(&p->insn, attr - 16 - 32 - 8 - 3 * sizeof(p->insn),
	       sizeof(p->insn));
	return err;
}

static void program_free(struct program *p)
{
	world_free(&p->w);
	strbuf_release(&p->blob);
}

static const struct bpf_insn add_offset = { .code = BPF_ALU64 | BPF_ADD | BPF_K,
					    .dst_reg = 1,
					    .imm = 8 };

static void an_instruction(void **state)
{
	struct program p;

	(void)state;
	assert_int_equal(relocate(&p, add_offset, 320), 0);
	assert_int_equal(p.left, 0);
	assert_int_equal(p.insn.code, add_offset.code);
	assert_int_equal(p.insn.imm, 40);
	program_free(&p);
}

static void a_load(void **state)
{
	const struct bpf_insn load = { .code = BPF_LDX | BPF_MEM | BPF_DW,
				       .dst_reg = 1,
				       .src_reg = 2,
				       .off = 8 };
	struct program p;

	(void)state;
	assert_int_equal(relocate(&p, load, 320), 0);
	assert_int_equal(p.insn.off, 40);
	program_free(&p);
	/* too far for one */
	assert_int_equal(relocate(&p, load, 8 * 32768), -EOPNOTSUPP);
	program_free(&p);
}

static void a_wide_instruction(void **state)
{
	const struct bpf_insn wide = { .code = BPF_LD | BPF_IMM | BPF_DW,
				       .dst_reg = 1,
				       .imm = 8 };
	struct program p;

	(void)state;
	assert_int_equal(relocate(&p, wide, 320), 0);
	assert_int_equal(p.insn.imm, 40);
	program_free(&p);
}

static void nothing_to_read(void **state)
{
	struct program p;

	(void)state;
	assert_int_equal(relocate(&p, add_offset, -1), 0);
	assert_int_equal(p.insn.code, BPF_JMP | BPF_CALL);
	assert_int_equal(p.insn.imm, 195896080);
	program_free(&p);
}

static void an_instruction_that_is_not_as_expected(void **state)
{
	struct bpf_insn other = add_offset;
	struct program p;

	(void)state;
	other.imm = 9;
	assert_int_equal(relocate(&p, other, 320), -EOPNOTSUPP);
	program_free(&p);
	other = add_offset;
	other.code = BPF_ALU64 | BPF_ADD | BPF_X;
	assert_int_equal(relocate(&p, other, 320), -EOPNOTSUPP);
	program_free(&p);
}

/* Each byte of it wrong, and each length: never out of bounds. */
static void damaged(void **state)
{
	struct program p;
	size_t len, types = 0;
	char *copy;

	(void)state;
	assert_int_equal(relocate(&p, add_offset, 320), 0);
	len = p.blob.len;
	for (size_t i = 0; i < len; i++) {
		struct kernel_types with = { .kernel = &p.w.kernel_image };

		for (int bit = 0; bit < 8; bit++) {
			copy = malloc(len);
			memcpy(copy, p.blob.text, len);
			copy[i] = (char)(copy[i] ^ 1 << bit);
			relocate_program(copy, len, "reads_pools", &with);
			free(copy);
		}
		copy = malloc(i ? i : 1);
		memcpy(copy, p.blob.text, i);
		types += relocate_program(copy, i, "reads_pools", &with) == 0;
		free(copy);
	}
	assert_int_equal(types, 0);
	program_free(&p);
}

static void damaged_types(void **state)
{
	struct world w = world_new();
	uint32_t len;
	const void *data;

	(void)state;
	add_pool(w.kernel, 16, 64);
	data = btf__raw_data(w.kernel, &len);
	for (uint32_t i = 0; i < len; i++) {
		struct btf_image image;
		char *copy = malloc(i ? i : 1);

		memcpy(copy, data, i);
		assert_int_equal(btf_image_read(copy, i, NULL, &image),
				 -EOPNOTSUPP);
		btf_image_release(&image);
		free(copy);
	}
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_member_elsewhere),
		cmocka_unit_test(a_flavour),
		cmocka_unit_test(a_name_that_only_looks_like_a_flavour),
		cmocka_unit_test(in_unnamed_structs),
		cmocka_unit_test(through_structs_unnamed_here),
		cmocka_unit_test(an_element_of_an_array),
		cmocka_unit_test(behind_typedefs),
		cmocka_unit_test(no_such_member),
		cmocka_unit_test(a_member_of_another_kind_is_none),
		cmocka_unit_test(a_type),
		cmocka_unit_test(no_such_type),
		cmocka_unit_test(bits),
		cmocka_unit_test(two_types),
		cmocka_unit_test(many_types_that_agree),
		cmocka_unit_test(a_module),
		cmocka_unit_test(the_kernel_comes_before_a_module),
		cmocka_unit_test(unclear),
		cmocka_unit_test(an_instruction),
		cmocka_unit_test(a_load),
		cmocka_unit_test(a_wide_instruction),
		cmocka_unit_test(nothing_to_read),
		cmocka_unit_test(an_instruction_that_is_not_as_expected),
		cmocka_unit_test(damaged),
		cmocka_unit_test(damaged_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
