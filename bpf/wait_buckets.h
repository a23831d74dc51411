/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buckets of a histogram of waits, on both sides: powers of two of nanoseconds.
 * Include <linux/types.h> (or vmlinux.h) before.
 */
#ifndef MEMTOP_WAIT_BUCKETS_H
#define MEMTOP_WAIT_BUCKETS_H

#define WAIT_BUCKETS 32 /* a power of two */
/* The first bucket has waits of up to 2^WAIT_BUCKETS_FIRST ns. */
#define WAIT_BUCKETS_FIRST 10

/*
 * The place of a wait of @ns. Bucket N has waits of up to 2^(WAIT_BUCKETS_FIRST + N) ns
 * that are longer than those of the bucket before; the last one has no upper bound.
 */
static inline __attribute__((always_inline)) __u32 wait_bucket_of(__u64 ns)
{
	__u64 left = (ns ? ns - 1 : 0) >> WAIT_BUCKETS_FIRST;
	__u32 place = 0;

	/* the number of bits of the rest; without a loop, for the verifier */
	if (left >> WAIT_BUCKETS)
		return WAIT_BUCKETS - 1;
	if (left >> 16) {
		place += 16;
		left >>= 16;
	}
	if (left >> 8) {
		place += 8;
		left >>= 8;
	}
	if (left >> 4) {
		place += 4;
		left >>= 4;
	}
	if (left >> 2) {
		place += 2;
		left >>= 2;
	}
	place += left >= 2 ? 2 : left;
	return place < WAIT_BUCKETS ? place : WAIT_BUCKETS - 1;
}

#endif
