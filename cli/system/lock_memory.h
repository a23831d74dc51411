/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Going on where memory or the disk with our own binary is stuck: nothing that
 * is needed from then on has to be read or allocated first.
 */
#ifndef MEMTOP_SYSTEM_LOCK_MEMORY_H
#define MEMTOP_SYSTEM_LOCK_MEMORY_H

/*
 * Before anything else is set up: what is touched from now on stays in memory,
 * and the program, the libraries that its loop needs, and the stack are touched.
 * Returns 0 or -errno, if it could not be locked; it is touched nevertheless.
 */
int lock_memory_begin(void);

/*
 * Before CAP_IPC_LOCK is given up: what comes later stays in memory all the same,
 * or, where RLIMIT_MEMLOCK does not allow that, is not locked, and neither is what
 * there is; this is said.
 */
void lock_memory_keep(void);

/*
 * When all is set up: gives back what only that took, and keeps a heap that has
 * room for the rest.
 */
void lock_memory_settle(void);

#endif
