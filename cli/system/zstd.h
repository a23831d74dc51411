/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libzstd, loaded by the commands that write or read recordings. A program can be
 * built without it (make ZSTD=no): it writes recordings that are not compressed.
 */
#ifndef MEMTOP_SYSTEM_ZSTD_H
#define MEMTOP_SYSTEM_ZSTD_H

#include <stdbool.h>
#include <stddef.h>

struct zstd;

/* Whether this program was built with it. */
bool zstd_is_built_in(void);

/* Returns 0, or -errno with the reason reported: "cannot @purpose: ...". */
int zstd_open(const char *purpose, struct zstd **ret);

/*
 * Compresses @len bytes into less than @room. Returns how many there are, or 0 if
 * they do not fit, or if there is no memory for it.
 */
size_t zstd_compress(struct zstd *z, void *to, size_t room, const void *from,
		     size_t len);

/*
 * Expands @len bytes to exactly @room. Returns 0 or -EINVAL. Writes and allocates no
 * more than that, whatever they are.
 */
int zstd_expand(struct zstd *z, void *to, size_t room, const void *from,
		size_t len);

/* Fine on NULL. */
void zstd_close(struct zstd *z);

#endif
