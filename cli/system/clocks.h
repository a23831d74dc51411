/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSTEM_CLOCKS_H
#define MEMTOP_SYSTEM_CLOCKS_H

#include <stdint.h>

/* CLOCK_BOOTTIME now, in ns: the clock of the kernel's events. */
uint64_t boottime_now(void);

/* CLOCK_REALTIME now, in ns since 1970, UTC: the wall clock. */
uint64_t realtime_now(void);

#endif
