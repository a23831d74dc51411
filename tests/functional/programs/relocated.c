// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads each program that walks over the kernel's structures three times and compares
 * the results of the verifier: relocated by the kernel, relocated by the tool, which
 * has to give the same instructions, and without the dead code that the tool removes
 * then, which has to give some of them in the same order. The verifier has removed by
 * then whatever depends on members that the kernel does not have.
 *
 * usage: memtop-relocated
 *
 * Prints how many instructions were compared.
 */
#include <bpf/bpf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "decode/dead_code.h"
#include "kernel/btf_files.h"
#include "kernel/program.h"

struct code {
	__u32 verified; /* instructions that the verifier looked at */
	struct bpf_insn *insns; /* owned */
	size_t nr;
};

static bool keeps_dead_code;

int __real_dead_code_remove(struct dead_code *code);
int __wrap_dead_code_remove(struct dead_code *code);

int __wrap_dead_code_remove(struct dead_code *code)
{
	return keeps_dead_code ? 0 : __real_dead_code_remove(code);
}

static struct code code_of(int fd)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);
	struct code code = { 0 };

	if (bpf_obj_get_info_by_fd(fd, &info, &len) || !info.xlated_prog_len)
		return code;
	code.nr = info.xlated_prog_len / sizeof(*code.insns);
	code.insns = calloc(code.nr, sizeof(*code.insns));
	code.verified = info.verified_insns;
	memset(&info, 0, sizeof(info));
	info.xlated_prog_len = (__u32)(code.nr * sizeof(*code.insns));
	info.xlated_prog_insns = (uintptr_t)code.insns;
	if (!code.insns || bpf_obj_get_info_by_fd(fd, &info, &len))
		code.nr = 0;
	/* each has maps of its own, with other numbers */
	for (size_t i = 0; i < code.nr; i++) {
		if (code.insns[i].code == (BPF_LD | BPF_IMM | BPF_DW) &&
		    code.insns[i].src_reg)
			code.insns[i].imm = 0;
	}
	return code;
}

static int load(enum program_kind kind, const struct kernel_types *types,
		struct code *ret)
{
	struct program_params params = { .kind = kind, .nr_cpus = 2 };
	struct program_refusal why;
	struct program p;
	int err;

	for (size_t i = 0; i < PROGRAM_MAX_MAPS; i++)
		params.room[i] = 16;
	err = program_load(&params, types, &p, &why);
	if (err)
		fprintf(stderr, "program %d: %s %s %s\n", kind, strerror(-err),
			why.member, why.words);
	else
		*ret = code_of(p.prog);
	program_close(&p);
	return err;
}

static bool is_same(const struct code *ours, const struct code *theirs)
{
	if (!ours->nr || ours->nr != theirs->nr) {
		fprintf(stderr, "%zu instructions, not %zu\n", ours->nr,
			theirs->nr);
		return false;
	}
	for (size_t i = 0; i < ours->nr; i++) {
		if (memcmp(&ours->insns[i], &theirs->insns[i],
			   sizeof(*ours->insns)) == 0)
			continue;
		fprintf(stderr, "instruction %zu: %#x %d, not %#x %d\n", i,
			ours->insns[i].code, ours->insns[i].imm,
			theirs->insns[i].code, theirs->insns[i].imm);
		return false;
	}
	return true;
}

/* Ignores the distances of jumps and calls. */
static bool is_like(const struct bpf_insn *a, const struct bpf_insn *b)
{
	bool is_jump = BPF_CLASS(a->code) == BPF_JMP ||
		       BPF_CLASS(a->code) == BPF_JMP32;
	bool is_call = a->code == (BPF_JMP | BPF_CALL) &&
		       a->src_reg == BPF_PSEUDO_CALL;

	return a->code == b->code && a->dst_reg == b->dst_reg &&
	       a->src_reg == b->src_reg && (is_jump || a->off == b->off) &&
	       (is_call || a->imm == b->imm);
}

static bool is_part(const struct code *ours, const struct code *theirs)
{
	size_t at = 0;

	for (size_t i = 0; i < theirs->nr && at < ours->nr; i++)
		at += is_like(&ours->insns[at], &theirs->insns[i]);
	if (at < ours->nr)
		fprintf(stderr, "instruction %zu is in no place\n", at);
	return ours->nr && at == ours->nr;
}

static bool compare(enum program_kind kind, const struct kernel_types *types)
{
	struct code ours = { 0 }, theirs = { 0 }, shorter = { 0 };
	bool same = !load(kind, NULL, &theirs);

	keeps_dead_code = true;
	same = same && !load(kind, types, &ours) && is_same(&ours, &theirs);
	keeps_dead_code = false;
	same = same && !load(kind, types, &shorter) &&
	       is_part(&shorter, &theirs);
	printf("program %d: %zu instructions, %zu without dead code, %u verified\n",
	       kind, ours.nr, shorter.nr, shorter.verified);
	free(ours.insns);
	free(theirs.insns);
	free(shorter.insns);
	return same;
}

int main(void)
{
	struct btf_files *files = btf_files_read();
	bool same = files;

	/* a debug message reports that the kernel has to relocate itself */
	msg_set_level(MSG_DEBUG);
	for (int kind = 0; kind < NR_PROGRAMS; kind++)
		same &= compare((enum program_kind)kind,
				btf_files_types(files));
	btf_files_free(files);
	return same ? 0 : 1;
}
