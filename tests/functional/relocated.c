// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads each program that walks over the kernel's structures twice: relocated by the
 * tool, and by the kernel. What the verifier makes of the two has to be the same,
 * instruction by instruction: it has taken out by then whatever depends on members that
 * the kernel does not have.
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
#include "kernel/btf_files.h"
#include "kernel/program.h"

struct code {
	struct bpf_insn *insns; /* owned */
	size_t nr;
};

static struct code code_of(int fd)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);
	struct code code = { 0 };

	if (bpf_obj_get_info_by_fd(fd, &info, &len) || !info.xlated_prog_len)
		return code;
	code.nr = info.xlated_prog_len / sizeof(*code.insns);
	code.insns = calloc(code.nr, sizeof(*code.insns));
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
	struct program_wish wish = { .kind = kind, .nr_cpus = 2 };
	struct program_refusal why;
	struct program p;
	int err;

	for (size_t i = 0; i < PROGRAM_MAX_MAPS; i++)
		wish.room[i] = 16;
	err = program_load(&wish, types, &p, &why);
	if (err)
		fprintf(stderr, "program %d: %s %s %s\n", kind, strerror(-err),
			why.member, why.words);
	else
		*ret = code_of(p.prog);
	program_close(&p);
	return err;
}

static bool compare(enum program_kind kind, const struct kernel_types *types)
{
	struct code ours = { 0 }, theirs = { 0 };
	bool same;

	if (load(kind, types, &ours) || load(kind, NULL, &theirs))
		return false;
	same = ours.nr && ours.nr == theirs.nr;
	for (size_t i = 0; same && i < ours.nr; i++) {
		same = memcmp(&ours.insns[i], &theirs.insns[i],
			      sizeof(*ours.insns)) == 0;
		if (!same)
			fprintf(stderr,
				"program %d, instruction %zu: %#x %d, the kernel has %#x %d\n",
				kind, i, ours.insns[i].code, ours.insns[i].imm,
				theirs.insns[i].code, theirs.insns[i].imm);
	}
	if (ours.nr != theirs.nr)
		fprintf(stderr, "program %d: %zu instructions, not %zu\n", kind,
			ours.nr, theirs.nr);
	printf("program %d: %zu instructions\n", kind, ours.nr);
	free(ours.insns);
	free(theirs.insns);
	return same;
}

int main(void)
{
	struct btf_files *files = btf_files_read();
	bool same = files;

	/* that the kernel has to do it itself is said by a message for debugging */
	msg_set_level(MSG_DEBUG);
	for (int kind = 0; kind < NR_PROGRAMS; kind++)
		same &= compare((enum program_kind)kind,
				btf_files_types(files));
	btf_files_free(files);
	return same ? 0 : 1;
}
