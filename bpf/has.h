/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether the running kernel has a member, or lacks a type. These are constants
 * once a program is loaded, so the guarded code may read missing members: the
 * verifier never reaches it.
 */
#ifndef MEMTOP_HAS_H
#define MEMTOP_HAS_H

#include <bpf/bpf_core_read.h>

#define HAS(type, member) bpf_core_field_exists(struct type, member)
#define LACKS_TYPE(type) (!bpf_core_type_exists(struct type))

/* A member of *@p; 0 if the kernel does not have it. */
#define READ(p, member) \
	(bpf_core_field_exists((p)->member) ? BPF_CORE_READ(p, member) : 0)

/*
 * Must come first in code that a condition with HAS() guards, if that uses
 * offsets of members; otherwise the compiler may compute these before the
 * condition.
 */
static __always_inline void guarded(void)
{
	asm volatile("" ::: "memory");
}

#endif
