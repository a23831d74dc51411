// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes chosen allocations fail, for tests: see inject.c.
 *
 * A kernel with CONFIG_FAILSLAB and CONFIG_FAIL_PAGE_ALLOC asks two functions
 * whether an allocation shall fail; programs of type fmod_ret answer.
 *
 * Allocations of an interrupt count for the interrupted task.
 */
#include "vmlinux.h"
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* include/linux/gfp_types.h: the caller may wait until memory is reclaimed */
#define GFP_DIRECT_RECLAIM 0x400

#define ENOMEM 12

struct kmem_cache {
	const char *name;
} __attribute__((preserve_access_index));

/* Which allocations fail: set before loading, 0 and "" for any. */
const volatile bool sleeping_too = false;
const volatile bool in_functions = false;
const volatile __u32 process = 0;
const volatile char comm[16] = "";
const volatile char cache_prefix[32] = "";
const volatile __s32 page_order = -1;
const volatile __u64 first = 0;
const volatile __u64 every = 1;

/* Read at the end. */
__u64 failed_slab = 0;
__u64 failed_pages = 0;
__u64 entered = 0;
__u64 returned = 0;

/* Chosen allocations, counted from the first. */
__u64 chosen = 0;

/* Tasks that are inside one of the functions, and how many times. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u32);
} inside SEC(".maps");

static __always_inline bool is_comm(void)
{
	char name[16] = "";

	if (!comm[0])
		return true;
	bpf_get_current_comm(name, sizeof(name));
	for (int i = 0; i < sizeof(name); i++) {
		if (name[i] != comm[i])
			return false;
		if (!name[i])
			break;
	}
	return true;
}

static __always_inline bool is_cache(const struct kmem_cache *s)
{
	char name[sizeof(cache_prefix)] = "";

	if (!cache_prefix[0])
		return true;
	bpf_probe_read_kernel_str(name, sizeof(name), s->name);
	for (int i = 0; i < sizeof(name) && cache_prefix[i]; i++)
		if (name[i] != cache_prefix[i])
			return false;
	return true;
}

static __always_inline bool shall_fail(__u32 gfp)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u32 tid = id;
	__u64 n;

	if ((gfp & GFP_DIRECT_RECLAIM) && !sleeping_too)
		return false;
	if (process && id >> 32 != process)
		return false;
	if (in_functions && !bpf_map_lookup_elem(&inside, &tid))
		return false;
	if (!is_comm())
		return false;
	n = __sync_fetch_and_add(&chosen, 1);
	return n % every == 0 && (!first || n / every < first);
}

SEC("fmod_ret/should_failslab")
int BPF_PROG(slab, struct kmem_cache *s, __u32 gfp, int ret)
{
	if (ret || !is_cache(s) || !shall_fail(gfp))
		return ret;
	__sync_fetch_and_add(&failed_slab, 1);
	return -ENOMEM;
}

SEC("fmod_ret/should_fail_alloc_page")
int BPF_PROG(pages, __u32 gfp, __u32 order, int ret)
{
	if (ret || (page_order >= 0 && order != page_order) || !shall_fail(gfp))
		return ret;
	__sync_fetch_and_add(&failed_pages, 1);
	return 1;
}

SEC("kprobe")
int enter(void *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u32 one = 1, *depth = bpf_map_lookup_elem(&inside, &tid);

	if (depth)
		++*depth;
	else if (bpf_map_update_elem(&inside, &tid, &one, BPF_NOEXIST))
		return 0;
	__sync_fetch_and_add(&entered, 1);
	return 0;
}

SEC("kretprobe")
int leave(void *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u32 *depth = bpf_map_lookup_elem(&inside, &tid);

	/* it may have entered before the program was attached */
	if (!depth)
		return 0;
	if (!--*depth)
		bpf_map_delete_elem(&inside, &tid);
	__sync_fetch_and_add(&returned, 1);
	return 0;
}
