/* SPDX-License-Identifier: GPL-2.0-only */
/* Made by make-header from the kernel's BTF: see README.md. */
#ifndef __VMLINUX_H__
#define __VMLINUX_H__

typedef unsigned char __u8;

typedef short unsigned int __u16;

typedef unsigned int __u32;

typedef long long unsigned int __u64;

typedef int __s32;

typedef long long int __s64;

typedef __u16 __be16;

typedef __u32 __be32;

typedef __u32 __wsum;

enum {
	BPF_MAP_TYPE_HASH = 1,
};

enum {
	BPF_MAP_TYPE_ARRAY = 2,
};

enum {
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
};

enum {
	BPF_MAP_TYPE_RINGBUF = 27,
};

enum {
	BPF_F_NO_PREALLOC = 1,
};

enum {
	BPF_F_MMAPABLE = 1024,
};

enum {
	BPF_ANY = 0,
};

enum {
	BPF_NOEXIST = 1,
};

struct bpf_raw_tracepoint_args {
	__u64 args[0];
};

typedef __u16 u16;

typedef __s32 s32;

typedef __u64 u64;

typedef __u32 u32;

struct dm_pool_event {
	u16 version;
	u16 slot;
	s32 target;
	u64 id;
	u64 table;
	u32 major;
	u32 minor;
	u32 min_nr;
	u32 curr_nr;
	u32 object_size;
	u32 alloc_size;
	u64 cache;
	u64 data_cache;
	u32 nr_cached;
	u32 n;
	u32 of;
	u32 pad;
	char type[16];
	char role[24];
};

struct dm_pool_bind_event {
	u16 version;
	u16 pad;
	u32 major;
	u32 minor;
	u32 pad2;
	u64 table;
	u64 old_table;
};

struct dm_pool_use_event {
	struct dm_pool_event pool;
	u64 element;
	u64 op;
	u64 since;
	u64 ns;
	u64 io_sector;
	u32 io_sectors;
	u32 io_major;
	u32 io_minor;
	u32 tid;
	u32 slept;
	u32 pad;
	char comm[16];
};

struct dm_verity_op_event {
	u16 version;
	u16 metadata;
	s32 target;
	u64 op;
	u64 table;
	u32 major;
	u32 minor;
	u64 block;
	u64 io_sector;
	u32 io_sectors;
	u32 io_major;
	u32 io_minor;
	s32 result;
	u64 since;
	u64 ns;
	u32 tid;
	u32 pad;
	char comm[16];
};

#endif /* __VMLINUX_H__ */
