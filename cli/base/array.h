/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_BASE_ARRAY_H
#define MEMTOP_BASE_ARRAY_H

/* Elements of the array @a, which is no pointer. */
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
