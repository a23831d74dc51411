/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSTEM_CLOCKS_H
#define MEMTOP_SYSTEM_CLOCKS_H

#include <stdint.h>

/* CLOCK_BOOTTIME now, in ns: the kernel's events have their times in it. */
uint64_t boottime_now(void);

/* CLOCK_REALTIME now, in ns since 1970, UTC: what people's clocks show. */
uint64_t realtime_now(void);

#endif
