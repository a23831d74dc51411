/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of the walk, and the records that it writes. There is one run at a
 * time, started by the tool with BPF_PROG_RUN. So the state is in static
 * variables, which the verifier does not follow.
 */
#ifndef MEMTOP_STOCK_WALK_H
#define MEMTOP_STOCK_WALK_H

#include "kernel_facts.h"
#include "stock_kernel.h"
#include "stock_record.h"

#include "order.h"

/* Set before loading. */
const volatile __u64 page_size = 4096;
/* How much room each map has for a pass; it holds two passes. */
const volatile struct stock_numbers room = {};
/* Limit of steps through the tree of devices. */
const volatile __u32 max_steps = 1 << 20;

/* Set for a run: 0 or 1, the half of the maps to fill. */
__u32 pass = 0;
/*
 * Set for a run: a descriptor, in the process that runs the program, of
 * /sys/block/dm-N/dm, and N; below 0: none.
 */
__s32 anchor_fd = 0;
__u32 anchor_minor = 0;
/* Read after a run. */
struct stock_pass passes[2] = {};
/* In the order of STOCK_MEMBERS: 1 if the kernel does not have it. */
__u8 missing[NR_STOCK_MEMBERS] = {};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stock_device);
} devices SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stock_table);
} tables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stock_target);
} targets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stock_lower);
} lower SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stock_pool);
} pools SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stock_wait);
} waits SEC(".maps");

/*
 * Flags for bpf_loop(): none. Unlike a constant, they keep the kernel from
 * replacing the call by instructions, for which it copies all of the program.
 */
__u64 no_flags = 0;

/* The state of the walk. */
static struct {
	struct rb_node *node;
	__u32 from; /* enum from */
	__u32 climbed; /* to the top */
	struct stock_pass done;
	struct dm_table *t;
	__u32 slot; /* of t */
	__u32 unknown; /* of the device: enum stock_unknown */
	__u32 target;
	/* of the current list */
	struct list_head *head;
	struct list_head *entry;
	__u32 listed;
} w;

enum from {
	FROM_ABOVE,
	FROM_LEFT,
	FROM_RIGHT,
};

/*
 * A new record in @map, which counts in @numbers.@what; NULL if there is no
 * room. All are counted.
 */
#define NEW(map, what)                                            \
	({                                                        \
		__u32 __at = w.done.nr.what++;                    \
		void *__new = NULL;                               \
                                                                  \
		if (__at < room.what) {                           \
			__at += pass ? room.what : 0;             \
			__new = bpf_map_lookup_elem(&map, &__at); \
		}                                                 \
		__new;                                            \
	})

/* The last record; NULL if it did not fit. */
#define LAST(map, what)                                            \
	({                                                         \
		__u32 __at = w.done.nr.what - 1;                   \
		void *__last = NULL;                               \
                                                                   \
		if (__at < room.what) {                            \
			__at += pass ? room.what : 0;              \
			__last = bpf_map_lookup_elem(&map, &__at); \
		}                                                  \
		__last;                                            \
	})

/*
 * A function that is not static is verified once, on its own, whatever calls it; a
 * static one again for each call and for each state in which it is reached. So the
 * functions with many callers are not static. Their arguments are numbers, also for
 * addresses.
 */
__noinline int torn(void)
{
	struct stock_device *device = LAST(devices, devices);

	if (device)
		device->torn = 1;
	return 0;
}

/* A member is missing, so @what of the device is unknown: enum stock_unknown. */
static __always_inline void unknown(__u32 what)
{
	w.unknown |= what;
}

/* The types of targets that exist and could not be read: TARGET_TYPES. */
#define UNREAD(X, type) UNREAD_##type,
enum unread { TARGET_TYPES(UNREAD, ) NR_UNREAD };
#undef UNREAD
static __u8 unread_of[NR_UNREAD];

static __always_inline void note_unread(enum unread type)
{
	unknown(STOCK_NO_RESERVES);
	unread_of[type] = 1;
	w.done.unread++;
}

/*
 * @type, or a member of it, is missing: its module was loaded after this
 * program, has no BTF, or is another one.
 */
#define UNREAD(type) note_unread(UNREAD_##type)

/*
 * Reads before this happen before reads after it, so data that is read between
 * two checks existed between the times of the checks. Both checks and data are
 * loads, which arm64 may otherwise perform in any order.
 */
static __u64 reads;

static __always_inline void then(void)
{
	add_in_order(&reads, 1);
}

#define MEMBER(base, type, member) \
	((void *)(base) + bpf_core_field_offset(type, member))

/*
 * Not with w itself: the verifier would take the result for a pointer to a
 * kernel type.
 */
static __always_inline struct list_head *next_of(struct list_head *entry)
{
	return READ(entry, next);
}

#endif
