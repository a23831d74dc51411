/* SPDX-License-Identifier: GPL-2.0-only */
/* Current kernel stacks of tasks, with symbols resolved by the kernel. */
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
 * Adds the stacks of @pids, of at most 64, to @s, as far as the kernel returns
 * them within @timeout_ns: it needs memory for that, so another thread asks.
 * Until it has an answer, no further ones are added.
 */
void stack_source_read(struct stack_source *src, const uint32_t *pids,
		       size_t nr, uint64_t timeout_ns, struct sample *s);

/* Adds the members that the kernel lacks; after the first reading. */
void stack_source_list_gaps(const struct stack_source *src,
			    struct doctor_gaps *to);

/* Frees, unless the kernel has not answered yet; safe on NULL. */
void stack_source_close(struct stack_source *src);

#endif
