// SPDX-License-Identifier: GPL-2.0-only
/*
 * Types of Linux 6.1 that stock.bpf.c reads and that differ in later kernels:
 * buffers of dm-bufio in lists, and their number as a member of the client.
 */
struct list_head {
	struct list_head *next, *prev;
};

struct dm_bufio_client {
	void *bdev;
	unsigned int block_size;
	struct list_head lru[2];
	unsigned long n_buffers[2];
	void *slab_buffer;
	void *slab_cache;
	void *dm_io;
	struct list_head reserved_buffers;
	unsigned int need_reserved_buffers;
} client;
