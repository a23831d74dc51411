// SPDX-License-Identifier: GPL-2.0-only
/*
 * Types of Linux 6.18 to 7.0 that stock.bpf.c reads and that differ from 6.12:
 * a mempool is struct mempool (6.19), a bio set has no pools for integrity
 * payloads, and error correction has a pool for its state and none for extra
 * buffers (7.0).
 */
struct list_head {
	struct list_head *next, *prev;
};

struct wait_queue_head {
	int lock;
	struct list_head head;
};

struct mempool {
	int lock;
	int min_nr;
	int curr_nr;
	void **elements;
	void *pool_data;
	void *alloc;
	void *free;
	struct wait_queue_head wait;
};

struct bio_set {
	void *bio_slab;
	unsigned int front_pad;
	struct mempool bio_pool;
	struct mempool bvec_pool;
} set;

struct dm_verity_fec {
	void *dev;
	void *data_bufio;
	void *bufio;
	unsigned long blocks;
	struct mempool fio_pool;
	struct mempool rs_pool;
	struct mempool prealloc_pool;
	struct mempool output_pool;
} fec;
