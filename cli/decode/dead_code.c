// SPDX-License-Identifier: GPL-2.0-only
#include "decode/dead_code.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define NR_REGISTERS 11

/* The values that registers are known to have before an instruction. */
struct state {
	uint16_t known; /* bit by bit */
	uint64_t values[NR_REGISTERS];
};

/* Of each instruction. */
struct place {
	struct state state; /* on every way that leads here */
	bool reached;
	bool queued;
	bool kept;
	uint32_t to; /* its place once code is removed */
};

struct work {
	const struct dead_code *code;
	struct place *places; /* owned */
	uint32_t *queue; /* owned; a stack */
	uint32_t nr_queued;
	int err;
};

enum decision { UNDECIDED, TAKEN, NOT_TAKEN };

/* ---- instructions ------------------------------------------------------------- */

static bool is_wide(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_IMM | BPF_DW);
}

static bool is_jump(const struct bpf_insn *insn)
{
	return BPF_CLASS(insn->code) == BPF_JMP ||
	       BPF_CLASS(insn->code) == BPF_JMP32;
}

static bool is_goto(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_JA);
}

static bool is_call(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL);
}

static bool is_exit(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_EXIT);
}

static bool is_condition(const struct bpf_insn *insn)
{
	return is_jump(insn) && !is_goto(insn) && !is_call(insn) &&
	       !is_exit(insn);
}

/* Whether it has the number of a function of the program, counted from itself. */
static bool names_function(const struct bpf_insn *insn)
{
	return (is_call(insn) && insn->src_reg == BPF_PSEUDO_CALL) ||
	       (is_wide(insn) && insn->src_reg == BPF_PSEUDO_FUNC);
}

static bool is_known_kind(const struct bpf_insn *insn)
{
	/* a goto that has its distance elsewhere, and what may come */
	if (is_jump(insn) && BPF_OP(insn->code) == BPF_JA)
		return is_goto(insn);
	if (BPF_CLASS(insn->code) == BPF_JMP32)
		return BPF_OP(insn->code) != BPF_CALL &&
		       BPF_OP(insn->code) != BPF_EXIT;
	return BPF_OP(insn->code) <= BPF_JSLE ||
	       BPF_CLASS(insn->code) != BPF_JMP;
}

/* ---- values -------------------------------------------------------------------- */

static bool knows(const struct state *s, unsigned int reg)
{
	return reg < NR_REGISTERS && s->known & 1U << reg;
}

static void forget(struct state *s, unsigned int reg)
{
	s->known &= (uint16_t) ~(1U << reg);
}

static void learn(struct state *s, unsigned int reg, uint64_t value)
{
	if (reg >= NR_REGISTERS)
		return;
	s->known |= (uint16_t)(1U << reg);
	s->values[reg] = value;
}

/* The second operand. Returns whether it is known. */
static bool operand(const struct state *s, const struct bpf_insn *insn,
		    uint64_t *ret)
{
	if (BPF_SRC(insn->code) == BPF_K) {
		*ret = (uint64_t)(int64_t)insn->imm;
		return true;
	}
	*ret = knows(s, insn->src_reg) ? s->values[insn->src_reg] : 0;
	return knows(s, insn->src_reg);
}

static void calculate(struct state *s, const struct bpf_insn *insn)
{
	bool wide = BPF_CLASS(insn->code) == BPF_ALU64;
	uint64_t value = 0, with;
	bool known = operand(s, insn, &with);

	if (knows(s, insn->dst_reg))
		value = s->values[insn->dst_reg];
	else
		known &= BPF_OP(insn->code) == BPF_MOV;
	/* one that extends the sign */
	if (!known || insn->off) {
		forget(s, insn->dst_reg);
		return;
	}
	switch (BPF_OP(insn->code)) {
	case BPF_MOV:
		value = with;
		break;
	case BPF_ADD:
		value += with;
		break;
	case BPF_AND:
		value &= with;
		break;
	case BPF_OR:
		value |= with;
		break;
	case BPF_XOR:
		value ^= with;
		break;
	default:
		forget(s, insn->dst_reg);
		return;
	}
	learn(s, insn->dst_reg, wide ? value : (uint32_t)value);
}

static enum decision decide(const struct state *s, const struct bpf_insn *insn)
{
	uint64_t value, with;
	bool taken;

	if (BPF_CLASS(insn->code) != BPF_JMP || !knows(s, insn->dst_reg) ||
	    !operand(s, insn, &with))
		return UNDECIDED;
	value = s->values[insn->dst_reg];
	switch (BPF_OP(insn->code)) {
	case BPF_JEQ:
		taken = value == with;
		break;
	case BPF_JNE:
		taken = value != with;
		break;
	case BPF_JGT:
		taken = value > with;
		break;
	case BPF_JGE:
		taken = value >= with;
		break;
	case BPF_JLT:
		taken = value < with;
		break;
	case BPF_JLE:
		taken = value <= with;
		break;
	default:
		return UNDECIDED;
	}
	return taken ? TAKEN : NOT_TAKEN;
}

/* The state after an instruction that is no jump but may be a call. */
static void apply(struct state *s, const struct bpf_insn *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		calculate(s, insn);
		break;
	case BPF_LDX:
		forget(s, insn->dst_reg);
		break;
	case BPF_STX:
		/* an atomic operation may return a value in either */
		if (BPF_MODE(insn->code) != BPF_MEM) {
			forget(s, insn->src_reg);
			forget(s, BPF_REG_0);
		}
		break;
	case BPF_LD:
		if (is_wide(insn) && !insn->src_reg)
			learn(s, insn->dst_reg,
			      (uint32_t)insn[0].imm |
				      (uint64_t)(uint32_t)insn[1].imm << 32);
		else
			forget(s, insn->dst_reg);
		break;
	case BPF_JMP:
		if (is_call(insn))
			s->known &= (uint16_t)~0x3fU;
		break;
	default:
		break;
	}
}

/* ---- ways through the program ---------------------------------------------------- */

/* One more way leads to instruction @at, with @s. */
static void reach(struct work *w, int64_t at, const struct state *s)
{
	struct place *p;
	uint16_t known;

	if (at < 0 || at >= w->code->nr_insns) {
		w->err = -EOPNOTSUPP;
		return;
	}
	p = &w->places[at];
	known = p->state.known;
	if (!p->reached) {
		p->state = *s;
	} else {
		for (unsigned int i = 0; i < NR_REGISTERS; i++) {
			if (!knows(s, i) || s->values[i] != p->state.values[i])
				forget(&p->state, i);
		}
	}
	if (p->reached && known == p->state.known)
		return;
	p->reached = true;
	if (p->queued)
		return;
	p->queued = true;
	w->queue[w->nr_queued++] = (uint32_t)at;
}

static void follow(struct work *w, uint32_t at)
{
	const struct bpf_insn *insn = &w->code->insns[at];
	const struct state nothing = { 0 };
	struct state s = w->places[at].state;
	enum decision decision = UNDECIDED;
	int64_t next = (int64_t)at + 1;

	if (!is_known_kind(insn) ||
	    (is_wide(insn) && next == w->code->nr_insns))
		w->err = -EOPNOTSUPP;
	if (w->err || is_exit(insn))
		return;
	if (names_function(insn))
		reach(w, next + insn->imm, &nothing);
	if (is_goto(insn)) {
		reach(w, next + insn->off, &s);
		return;
	}
	if (is_condition(insn)) {
		decision = decide(&s, insn);
		if (decision != NOT_TAKEN)
			reach(w, next + insn->off, &s);
	} else {
		apply(&s, insn);
	}
	if (decision != TAKEN)
		reach(w, next + is_wide(insn), &s);
}

/* Whether from @from on there is nothing but removed code until @to. */
static bool leads_nowhere(const struct work *w, uint32_t from, int64_t to)
{
	for (; from < to; from++) {
		if (w->places[from].kept)
			return false;
	}
	return from == to;
}

/* Marks the instructions that stay; from the end, for jumps over nothing. */
static void choose(struct work *w)
{
	for (uint32_t i = w->code->nr_insns; i-- > 0;) {
		struct bpf_insn *insn = &w->code->insns[i];
		struct place *p = &w->places[i];
		enum decision decision = UNDECIDED;

		if (!p->reached)
			continue;
		if (is_condition(insn))
			decision = decide(&p->state, insn);
		if (decision == TAKEN)
			*insn = (struct bpf_insn){ .code = BPF_JMP | BPF_JA,
						   .off = insn->off };
		p->kept =
			decision != NOT_TAKEN &&
			!(is_goto(insn) && insn->off >= 0 &&
			  leads_nowhere(w, i + 1, (int64_t)i + 1 + insn->off));
		if (is_wide(insn))
			w->places[i + 1].kept = true;
	}
}

/* ---- the program without it ------------------------------------------------------- */

/* The new distance of a jump at @at that was @distance instructions long. */
static int32_t new_distance(const struct work *w, uint32_t at, int32_t distance)
{
	int64_t to = (int64_t)at + 1 + distance;

	return (int32_t)w->places[to].to - (int32_t)w->places[at].to - 1;
}

static void move(struct work *w, struct dead_code *code)
{
	uint32_t nr = 0, nr_funcs = 0;

	/* a removed instruction has the place of the next one that stays */
	for (uint32_t i = 0; i < code->nr_insns; i++) {
		w->places[i].to = nr;
		nr += w->places[i].kept;
	}
	for (uint32_t i = 0; i < code->nr_insns; i++) {
		struct bpf_insn insn = code->insns[i];

		if (!w->places[i].kept)
			continue;
		if (names_function(&insn))
			insn.imm = new_distance(w, i, insn.imm);
		else if (is_goto(&insn) || is_condition(&insn))
			insn.off = (int16_t)new_distance(w, i, insn.off);
		code->insns[w->places[i].to] = insn;
	}
	for (uint32_t i = 0; i < code->nr_funcs; i++) {
		struct bpf_func_info func = code->funcs[i];
		const struct place *begin = &w->places[func.insn_off];

		/* nothing calls it any more */
		if (!begin->reached)
			continue;
		func.insn_off = begin->to;
		code->funcs[nr_funcs++] = func;
	}
	code->nr_insns = nr;
	code->nr_funcs = nr_funcs;
}

int dead_code_remove(struct dead_code *code)
{
	struct work w = { .code = code };
	const struct state nothing = { 0 };

	for (uint32_t i = 0; i < code->nr_funcs; i++) {
		if (code->funcs[i].insn_off >= code->nr_insns)
			return -EOPNOTSUPP;
	}
	w.places = xcalloc(code->nr_insns, sizeof(*w.places));
	w.queue = xcalloc(code->nr_insns, sizeof(*w.queue));
	reach(&w, 0, &nothing);
	while (w.nr_queued && !w.err) {
		uint32_t at = w.queue[--w.nr_queued];

		w.places[at].queued = false;
		follow(&w, at);
	}
	if (!w.err) {
		choose(&w);
		move(&w, code);
	}
	free(w.places);
	free(w.queue);
	return w.err;
}
