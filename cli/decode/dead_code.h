/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Removes the code of a relocated program that no run can reach, as it depends on a
 * member that the kernel does not have. The kernel removes it, too, but moves the
 * whole program for each gap.
 */
#ifndef MEMTOP_DEAD_CODE_H
#define MEMTOP_DEAD_CODE_H

#include <stddef.h>
#include <stdint.h>

struct bpf_func_info;
struct bpf_insn;

/* A program, and where its functions begin. */
struct dead_code {
	struct bpf_insn *insns;
	uint32_t nr_insns;
	struct bpf_func_info *funcs;
	uint32_t nr_funcs;
};

/*
 * Returns 0, or -EOPNOTSUPP for an instruction that is not known here; then nothing has
 * changed.
 */
int dead_code_remove(struct dead_code *code);

#endif
