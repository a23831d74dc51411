/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Order of memory accesses in programs.
 *
 * The only instruction of BPF that orders accesses is an atomic operation which
 * returns a value: the kernel's JITs make it a full barrier, as
 * Documentation/atomic_t.txt requires of such operations (arm64: LDADDAL, or
 * LDXR/STLXR and DMB ISH). One whose value is not used becomes BPF_XADD, which
 * orders nothing (arm64: STADD). Clang emits the first kind only from -mcpu=v3
 * on, and programs built with that are not the ones tested on old kernels;
 * hence the instruction by number.
 */
#ifndef MEMTOP_ORDER_H
#define MEMTOP_ORDER_H

/*
 * Adds @n to *@counter. Writes before it in the program are visible to all
 * CPUs before the new value, and reads after it come after it.
 */
static __always_inline void add_in_order(__u64 *counter, __u64 n)
{
	/* r0 = atomic_fetch_add((u64 *)(r1 + 0), r0) */
	asm volatile("r1 = %0\n"
		     "r0 = %1\n"
		     ".byte 0xdb, 0x01, 0, 0, 0x01, 0, 0, 0\n"
		     :
		     : "r"(counter), "r"(n)
		     : "r0", "r1", "memory");
}

/* At most this many others change a counter between its reading and writing. */
#define MAX_CHANGES 16

/* Makes *@counter at least @n, whatever other CPUs do at the same time. */
static __always_inline void raise_in_order(__u64 *counter, __u64 n)
{
	__u64 was = *(volatile __u64 *)counter, is;

	for (int i = 0; i < MAX_CHANGES && was < n; i++, was = is) {
		/* r0 = atomic_cmpxchg((u64 *)(r1 + 0), r0, r2) */
		asm volatile("r1 = %1\n"
			     "r2 = %2\n"
			     "r0 = %3\n"
			     ".byte 0xdb, 0x21, 0, 0, 0xf1, 0, 0, 0\n"
			     "%0 = r0\n"
			     : "=r"(is)
			     : "r"(counter), "r"(n), "r"(was)
			     : "r0", "r1", "r2", "memory");
		if (is == was)
			return;
	}
}

#endif
