/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeps the program running while memory is exhausted or the disk with its
 * binary hangs: everything that it needs later is read and allocated first.
 */
#ifndef MEMTOP_SYSTEM_LOCK_MEMORY_H
#define MEMTOP_SYSTEM_LOCK_MEMORY_H

/*
 * Call this before anything else is set up. Pages that are touched from now on
 * stay in memory; the program, the libraries of its loop, and the stack are
 * touched at once. Returns 0 or -errno, if they could not be locked; they are
 * touched anyway.
 */
int lock_memory_begin(void);

/*
 * Call this before CAP_IPC_LOCK is dropped: later pages are locked as well. If
 * RLIMIT_MEMLOCK does not permit that, neither they nor the present ones are
 * locked, which is reported.
 */
void lock_memory_keep(void);

/*
 * Call this at the end of the setup: returns memory that only the setup needed,
 * and keeps a heap with room for the rest.
 */
void lock_memory_settle(void);

#endif
