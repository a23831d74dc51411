/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a relocation of a program comes to in the kernel: the types of the kernel that
 * go by the name of a program's type, and the member that goes by the same path.
 */
#ifndef MEMTOP_BTF_MATCH_H
#define MEMTOP_BTF_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bpf_core_relo;
struct btf_image;
struct btf_matcher;

/* The running kernel's types. */
struct kernel_types {
	const struct btf_image *kernel;
	const struct btf_image *modules;
	size_t nr_modules;
};

struct btf_value {
	uint64_t local; /* in the program's own types */
	uint64_t kernel;
	bool same_size; /* the members at these two offsets have one size */
	bool validate; /* the instruction has to have the local one */
	bool invalid; /* there is nothing in the kernel to take a value of */
};

/*
 * Finds the types for all of @relos, once for each name. @local are the program's. All
 * of it has to live as long. Returns 0 or -EOPNOTSUPP.
 */
int btf_matcher_new(const struct btf_image *local,
		    const struct bpf_core_relo *relos, size_t nr,
		    const struct kernel_types *types, struct btf_matcher **ret);

/* Returns 0, or -EOPNOTSUPP where it is not clear, as between two types. */
int btf_matcher_value(const struct btf_matcher *matcher,
		      const struct bpf_core_relo *relo, struct btf_value *ret);

void btf_matcher_free(struct btf_matcher *matcher);

#endif
