/* SPDX-License-Identifier: GPL-2.0-only */
/* Units of time, in nanoseconds. */
#ifndef MEMTOP_BASE_TIMES_H
#define MEMTOP_BASE_TIMES_H

#include <stdint.h>

#define MS UINT64_C(1000000)
#define SECOND UINT64_C(1000000000)

#endif
