/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Relocates a program of a light skeleton: writes into its instructions where the
 * kernel's structures have the members that it reads, and which of them there are.
 *
 * The kernel does that, too, while it loads a program, and searches all of its types
 * for each structure: most of what a sample without tracepoints would cost. The rules
 * are the kernel's (tools/lib/bpf/relo_core.c); what differs is that a name that
 * vmlinux lacks is sought in the modules given, and in no other one.
 */
#ifndef MEMTOP_RELOCATE_H
#define MEMTOP_RELOCATE_H

#include <stddef.h>

struct kernel_types;

/*
 * Relocates the program @name in @blob, the @len bytes that a light skeleton has the
 * kernel's loader program work on (libbpf's gen_loader.c). Returns 0, with nothing left
 * for the kernel to relocate, or -EOPNOTSUPP for whatever is not clear: then @blob is
 * of no use, and a copy that was not changed is to be loaded.
 */
int relocate_program(void *blob, size_t len, const char *name,
		     const struct kernel_types *types);

#endif
