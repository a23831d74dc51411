// SPDX-License-Identifier: GPL-2.0-only
#include "decode/dead_code.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <string.h>

#include "unit.h"

#define MAX_INSNS 64

#define MOV(dst, value)                                          \
	((struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K, \
			    .dst_reg = dst,                      \
			    .imm = value })
#define COPY(dst, src)                                           \
	((struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_X, \
			    .dst_reg = dst,                      \
			    .src_reg = src })
#define LOAD(dst)                                               \
	((struct bpf_insn){ .code = BPF_LDX | BPF_MEM | BPF_DW, \
			    .dst_reg = dst,                     \
			    .src_reg = 10 })
#define IF(op, dst, value, distance)                      \
	((struct bpf_insn){ .code = BPF_JMP | op | BPF_K, \
			    .dst_reg = dst,               \
			    .imm = value,                 \
			    .off = distance })
#define GOTO(distance) \
	((struct bpf_insn){ .code = BPF_JMP | BPF_JA, .off = distance })
#define HELPER(number) \
	((struct bpf_insn){ .code = BPF_JMP | BPF_CALL, .imm = number })
#define CALL(distance)                                  \
	((struct bpf_insn){ .code = BPF_JMP | BPF_CALL, \
			    .src_reg = BPF_PSEUDO_CALL, \
			    .imm = distance })
#define WIDE(dst, src, value)                                  \
	((struct bpf_insn){ .code = BPF_LD | BPF_IMM | BPF_DW, \
			    .dst_reg = dst,                    \
			    .src_reg = src,                    \
			    .imm = value }),                   \
		((struct bpf_insn){ 0 })
#define EXIT ((struct bpf_insn){ .code = BPF_JMP | BPF_EXIT })

struct program {
	struct bpf_insn insns[MAX_INSNS];
	struct bpf_func_info funcs[4];
	struct dead_code code;
};

static int shorten(struct program *p, const struct bpf_insn *insns, size_t nr)
{
	memcpy(p->insns, insns, nr * sizeof(*insns));
	p->code.insns = p->insns;
	p->code.nr_insns = (uint32_t)nr;
	p->code.funcs = p->funcs;
	if (!p->code.nr_funcs)
		p->code.nr_funcs = 1;
	return dead_code_remove(&p->code);
}

#define BECOMES(from, to)                                                      \
	do {                                                                   \
		struct program p = { 0 };                                      \
                                                                               \
		assert_int_equal(                                              \
			shorten(&p, from, sizeof(from) / sizeof(from[0])), 0); \
		assert_int_equal(p.code.nr_insns, sizeof(to) / sizeof(to[0])); \
		assert_memory_equal(p.insns, to, sizeof(to));                  \
	} while (0)

static void a_member_that_is_there(void **state)
{
	const struct bpf_insn from[] = { MOV(1, 1), IF(BPF_JEQ, 1, 0, 1),
					 HELPER(7), MOV(0, 0), EXIT };
	const struct bpf_insn to[] = { MOV(1, 1), HELPER(7), MOV(0, 0), EXIT };

	(void)state;
	BECOMES(from, to);
}

static void a_member_that_is_not(void **state)
{
	const struct bpf_insn from[] = { MOV(1, 0), IF(BPF_JEQ, 1, 0, 2),
					 HELPER(7), HELPER(8),
					 MOV(0, 0), EXIT };
	const struct bpf_insn to[] = { MOV(1, 0), MOV(0, 0), EXIT };

	(void)state;
	BECOMES(from, to);
}

static void otherwise(void **state)
{
	const struct bpf_insn from[] = { MOV(1, 0), IF(BPF_JNE, 1, 0, 2),
					 HELPER(7), GOTO(1),
					 HELPER(8), MOV(0, 0),
					 EXIT };
	const struct bpf_insn to[] = { MOV(1, 0), HELPER(7), MOV(0, 0), EXIT };

	(void)state;
	BECOMES(from, to);
}

static void by_size(void **state)
{
	const struct bpf_insn from[] = { MOV(1, 80), MOV(2, 0),
					 COPY(3, 1), IF(BPF_JGT, 3, 88, 1),
					 HELPER(7),  MOV(0, 0),
					 EXIT };
	const struct bpf_insn to[] = { MOV(1, 80), MOV(2, 0), COPY(3, 1),
				       HELPER(7),  MOV(0, 0), EXIT };

	(void)state;
	BECOMES(from, to);
}

static void a_value_that_is_read(void **state)
{
	const struct bpf_insn from[] = {
		MOV(1, 0), LOAD(1),   IF(BPF_JEQ, 1, 0, 1),
		HELPER(7), MOV(0, 0), EXIT
	};

	(void)state;
	BECOMES(from, from);
}

static void two_ways_with_other_values(void **state)
{
	const struct bpf_insn from[] = { LOAD(2),
					 MOV(1, 0),
					 IF(BPF_JEQ, 2, 0, 1),
					 MOV(1, 1),
					 IF(BPF_JEQ, 1, 0, 1),
					 HELPER(7),
					 MOV(0, 0),
					 EXIT };

	(void)state;
	BECOMES(from, from);
}

static void two_ways_with_the_same_value(void **state)
{
	const struct bpf_insn from[] = { LOAD(2),
					 MOV(1, 1),
					 IF(BPF_JEQ, 2, 0, 1),
					 MOV(1, 1),
					 IF(BPF_JEQ, 1, 0, 1),
					 HELPER(7),
					 MOV(0, 0),
					 EXIT };
	const struct bpf_insn to[] = {
		LOAD(2),   MOV(1, 1), IF(BPF_JEQ, 2, 0, 1),
		MOV(1, 1), HELPER(7), MOV(0, 0),
		EXIT
	};

	(void)state;
	BECOMES(from, to);
}

static void after_a_call(void **state)
{
	const struct bpf_insn from[] = { MOV(1, 0), MOV(6, 0),
					 HELPER(7), IF(BPF_JEQ, 1, 0, 1),
					 HELPER(8), IF(BPF_JEQ, 6, 0, 1),
					 HELPER(9), MOV(0, 0),
					 EXIT };
	/* which keeps only some registers */
	const struct bpf_insn to[] = { MOV(1, 0), MOV(6, 0),
				       HELPER(7), IF(BPF_JEQ, 1, 0, 1),
				       HELPER(8), MOV(0, 0),
				       EXIT };

	(void)state;
	BECOMES(from, to);
}

static void a_loop(void **state)
{
	const struct bpf_insn from[] = { MOV(1, 0), IF(BPF_JEQ, 1, 3, 3),
					 HELPER(7), LOAD(1),
					 GOTO(-4),  MOV(0, 0),
					 EXIT };

	(void)state;
	BECOMES(from, from);
}

static void a_wide_instruction(void **state)
{
	const struct bpf_insn from[] = {
		MOV(1, 0),     WIDE(2, 1, 5), IF(BPF_JEQ, 1, 0, 2),
		WIDE(3, 1, 6), LOAD(4),	      IF(BPF_JEQ, 4, 0, 2),
		WIDE(5, 1, 7), MOV(0, 0),     EXIT
	};
	const struct bpf_insn to[] = { MOV(1, 0),     WIDE(2, 1, 5),
				       LOAD(4),	      IF(BPF_JEQ, 4, 0, 2),
				       WIDE(5, 1, 7), MOV(0, 0),
				       EXIT };

	(void)state;
	BECOMES(from, to);
}

static void functions(void **state)
{
	const struct bpf_insn insns[] = {
		MOV(1, 0),
		IF(BPF_JEQ, 1, 0, 1),
		CALL(2),
		CALL(3),
		EXIT,
		/* called by dead code only */
		MOV(0, 5),
		EXIT,
		MOV(0, 7),
		WIDE(2, BPF_PSEUDO_FUNC, 3),
		MOV(3, 3),
		EXIT,
		MOV(0, 12),
		EXIT,
	};
	const struct bpf_insn left[] = {
		MOV(1, 0),
		CALL(1),
		EXIT,
		MOV(0, 7),
		WIDE(2, BPF_PSEUDO_FUNC, 3),
		MOV(3, 3),
		EXIT,
		MOV(0, 12),
		EXIT,
	};
	struct program p = {
		.funcs = { { 0, 10 }, { 5, 11 }, { 7, 12 }, { 12, 13 } },
		.code.nr_funcs = 4
	};

	(void)state;
	assert_int_equal(shorten(&p, insns, sizeof(insns) / sizeof(insns[0])),
			 0);
	assert_int_equal(p.code.nr_insns, sizeof(left) / sizeof(left[0]));
	assert_memory_equal(p.insns, left, sizeof(left));
	assert_int_equal(p.code.nr_funcs, 3);
	assert_int_equal(p.funcs[1].insn_off, 3);
	assert_int_equal(p.funcs[1].type_id, 12);
	assert_int_equal(p.funcs[2].insn_off, 8);
	assert_int_equal(p.funcs[2].type_id, 13);
}

static void not_known(void **state)
{
	const struct bpf_insn cases[][3] = {
		/* a goto with its distance in the other member */
		{ { .code = BPF_JMP32 | BPF_JA, .imm = 1 }, MOV(0, 0), EXIT },
		/* a jump and a wide instruction out of the program */
		{ GOTO(2), MOV(0, 0), EXIT },
		{ GOTO(-2), MOV(0, 0), EXIT },
		{ IF(BPF_JEQ, 1, 0, 7), MOV(0, 0), EXIT },
		{ CALL(9), MOV(0, 0), EXIT },
		{ MOV(0, 0), MOV(0, 0), { .code = BPF_LD | BPF_IMM | BPF_DW } },
		/* no end */
		{ MOV(0, 0), MOV(0, 0), MOV(0, 0) },
		/* an invalid conditional operation */
		{ { .code = BPF_JMP | 0xe0 }, MOV(0, 0), EXIT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct program p = { 0 };

		assert_int_equal(shorten(&p, cases[i], 3), -EOPNOTSUPP);
		assert_memory_equal(p.insns, cases[i], sizeof(cases[i]));
	}
}

/* ---- any program ---------------------------------------------------------------- */

/* What a program does, as far as it can be seen: its loads and calls, and its result. */
struct trace {
	uint64_t seen[MAX_INSNS + 1];
	size_t nr;
};

static bool holds(uint8_t op, uint64_t a, uint64_t b)
{
	switch (op) {
	case BPF_JEQ:
		return a == b;
	case BPF_JNE:
		return a != b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	case BPF_JLT:
		return a < b;
	default:
		return a <= b;
	}
}

static uint64_t result(uint8_t code, uint64_t a, uint64_t b)
{
	switch (BPF_OP(code)) {
	case BPF_ADD:
		a += b;
		break;
	case BPF_AND:
		a &= b;
		break;
	case BPF_OR:
		a |= b;
		break;
	case BPF_XOR:
		a ^= b;
		break;
	default:
		a = b;
	}
	return BPF_CLASS(code) == BPF_ALU ? (uint32_t)a : a;
}

/* Jumps go forward only, so it ends. */
static struct trace run(const struct dead_code *code, uint64_t input)
{
	uint64_t r[11] = { 0 };
	struct trace t = { { 0 }, 0 };

	for (uint32_t at = 0; code->insns[at].code != (BPF_JMP | BPF_EXIT);
	     at++) {
		const struct bpf_insn *i = &code->insns[at];
		uint64_t with = BPF_SRC(i->code) == BPF_X ?
					r[i->src_reg] :
					(uint64_t)(int64_t)i->imm;

		if (BPF_CLASS(i->code) == BPF_LDX) {
			r[i->dst_reg] = input & 1;
			input >>= 1;
			t.seen[t.nr++] = 1000 + i->dst_reg;
		} else if (i->code == (BPF_JMP | BPF_CALL)) {
			t.seen[t.nr++] = (uint64_t)i->imm;
			for (int j = 0; j < 6; j++)
				r[j] = (uint64_t)i->imm + (uint64_t)j;
		} else if (i->code == (BPF_JMP | BPF_JA)) {
			at += (uint32_t)i->off;
		} else if (BPF_CLASS(i->code) == BPF_JMP) {
			if (holds(BPF_OP(i->code), r[i->dst_reg], with))
				at += (uint32_t)i->off;
		} else {
			r[i->dst_reg] = result(i->code, r[i->dst_reg], with);
		}
	}
	t.seen[t.nr++] = r[0];
	return t;
}

static uint32_t dice(uint32_t *state, uint32_t sides)
{
	*state = *state * 1664525 + 1013904223;
	return (*state >> 8) % sides;
}

static struct bpf_insn random_insn(uint32_t *seed, uint32_t left)
{
	static const uint8_t alu[] = { BPF_MOV, BPF_MOV, BPF_MOV, BPF_ADD,
				       BPF_AND, BPF_OR,	 BPF_XOR };
	static const uint8_t jumps[] = { BPF_JEQ, BPF_JNE, BPF_JGT,
					 BPF_JGE, BPF_JLT, BPF_JLE };
	struct bpf_insn insn = { .dst_reg = dice(seed, 4) & 0xf,
				 .src_reg = 0,
				 .imm = (int32_t)dice(seed, 4) - 1 };
	bool by_register = dice(seed, 3) == 0;

	if (by_register) {
		insn.src_reg = dice(seed, 4) & 0xf;
		insn.imm = 0;
	}
	switch (dice(seed, 8)) {
	case 0:
		return LOAD(insn.dst_reg);
	case 1:
		return HELPER((int)dice(seed, 50));
	case 2:
		return GOTO((int16_t)dice(seed, left));
	case 3:
	case 4:
	case 5:
		insn.code = BPF_JMP | jumps[dice(seed, 6)];
		insn.off = (int16_t)dice(seed, left);
		break;
	default:
		insn.code = (dice(seed, 3) ? BPF_ALU64 : BPF_ALU) |
			    alu[dice(seed, 7)];
	}
	insn.code |= by_register ? BPF_X : BPF_K;
	return insn;
}

static void any_program(void **state)
{
	uint32_t seed = 1;
	size_t shorter = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct bpf_insn insns[MAX_INSNS];
		struct program p = { 0 }, again = { 0 };
		struct dead_code before = { .insns = insns };
		uint32_t nr = 2 + dice(&seed, 30);

		for (uint32_t i = 0; i < nr; i++)
			insns[i] = random_insn(&seed, nr - i);
		insns[nr++] = EXIT;
		assert_int_equal(shorten(&p, insns, nr), 0);
		shorter += p.code.nr_insns < nr;
		for (uint64_t input = 0; input < 16; input++) {
			struct trace was = run(&before, input);
			struct trace is = run(&p.code, input);

			assert_memory_equal(&was, &is, sizeof(was));
		}
		/* nothing is left that could be removed without a new look */
		assert_int_equal(shorten(&again, p.insns, p.code.nr_insns), 0);
		assert_true(again.code.nr_insns <= p.code.nr_insns);
	}
	/* or it shows nothing */
	assert_true(shorter > 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_member_that_is_there),
		cmocka_unit_test(a_member_that_is_not),
		cmocka_unit_test(otherwise),
		cmocka_unit_test(by_size),
		cmocka_unit_test(a_value_that_is_read),
		cmocka_unit_test(two_ways_with_other_values),
		cmocka_unit_test(two_ways_with_the_same_value),
		cmocka_unit_test(after_a_call),
		cmocka_unit_test(a_loop),
		cmocka_unit_test(a_wide_instruction),
		cmocka_unit_test(functions),
		cmocka_unit_test(not_known),
		cmocka_unit_test(any_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
