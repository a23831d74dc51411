/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSTEM_BOOTTIME_H
#define MEMTOP_SYSTEM_BOOTTIME_H

#include <stdint.h>

/* CLOCK_BOOTTIME now, in ns: the kernel's events have their times in it. */
uint64_t boottime_now(void);

#endif
