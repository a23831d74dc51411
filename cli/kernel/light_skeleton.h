/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Include it before a light skeleton, instead of libbpf's header for skeletons. Programs
 * are then relocated by the tool as far as possible, and by the kernel otherwise.
 */
#ifndef MEMTOP_KERNEL_LIGHT_SKELETON_H
#define MEMTOP_KERNEL_LIGHT_SKELETON_H

#include <errno.h>

#include <bpf/skel_internal.h>

struct kernel_types;

struct light_load {
	const char *const
		*programs; /* the names of those with relocations, then NULL */
	const struct kernel_types *types; /* NULL: the kernel is to relocate */
	char *log; /* for the verifier; NULL: it is not asked */
	__u32 log_size;
};

/* A skeleton has room for it, where the kernel's loader program has its log. */
static inline void light_load_set(struct bpf_loader_ctx *ctx,
				  const struct light_load *load)
{
	ctx->log_buf = (uintptr_t)load;
}

/*
 * A copy of the data that is relocated, @opts->data_sz bytes, to be freed; or NULL if
 * the kernel has to do it.
 */
void *light_load_relocate(const struct light_load *load,
			  const struct bpf_load_and_run_opts *opts);

/* Stands for bpf_load_and_run() in a skeleton. */
static inline int light_load_and_run(struct bpf_load_and_run_opts *opts)
{
	const struct light_load *load =
		(const struct light_load *)(uintptr_t)opts->ctx->log_buf;
	void *relocated = light_load_relocate(load, opts);
	int err;

	opts->ctx->log_level = load->log ? 1 : 0;
	opts->ctx->log_size = load->log_size;
	opts->ctx->log_buf = (uintptr_t)load->log;
	if (relocated)
		opts->data = relocated;
	err = bpf_load_and_run(opts);
	free(relocated);
	return err;
}
#define bpf_load_and_run light_load_and_run

#endif
