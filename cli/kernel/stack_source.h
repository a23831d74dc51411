/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel stacks of tasks as they are now, symbols resolved by the kernel. */
#ifndef MEMTOP_KERNEL_STACK_SOURCE_H
#define MEMTOP_KERNEL_STACK_SOURCE_H

#include <stddef.h>
#include <stdint.h>

struct doctor_gaps;
struct kernel_types;
struct sample;
struct stack_source;

/*
 * Makes ready; @types: the kernel's, or NULL. Where that fails a watch goes on without
 * stacks.
 */
struct stack_source *stack_source_open(const struct kernel_types *types);

/*
 * Adds to @s the stacks of @pids, of 64 at most, as far as they are to be had
 * within @timeout_ns: the kernel needs memory for it, so another thread asks. As
 * long as that has no answer none are added.
 */
void stack_source_read(struct stack_source *src, const uint32_t *pids,
		       size_t nr, uint64_t timeout_ns, struct sample *s);

/* Adds what the kernel lacks; after the first reading. */
void stack_source_list_gaps(const struct stack_source *src,
			    struct doctor_gaps *to);

/* Frees, unless the kernel has not answered yet; fine on NULL. */
void stack_source_close(struct stack_source *src);

#endif
