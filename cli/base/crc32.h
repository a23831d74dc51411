/* SPDX-License-Identifier: GPL-2.0-only */
/* The CRC-32 of IEEE 802.3, as zlib and many file formats have it. */
#ifndef MEMTOP_BASE_CRC32_H
#define MEMTOP_BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32_of(const void *bytes, size_t len);

#endif
