/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_BASE_ARRAY_H
#define MEMTOP_BASE_ARRAY_H

/* Number of elements of the array @a, which must not be a pointer. */
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
