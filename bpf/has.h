/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether the running kernel has a member, or lacks a type. These are constants
 * once a program is loaded, so what they guard may read what is not there: the
 * verifier never comes to it.
 */
#ifndef MEMTOP_HAS_H
#define MEMTOP_HAS_H

#include <bpf/bpf_core_read.h>

#define HAS(type, member) bpf_core_field_exists(struct type, member)
#define LACKS_TYPE(type) (!bpf_core_type_exists(struct type))

/* A member of *@p; 0 where the kernel has none. */
#define READ(p, member) \
	(bpf_core_field_exists((p)->member) ? BPF_CORE_READ(p, member) : 0)

/*
 * Comes first in what a condition with HAS() guards where that has offsets of
 * members in it: or the compiler takes these from before the condition.
 */
static __always_inline void guarded(void)
{
	asm volatile("" ::: "memory");
}

#endif
