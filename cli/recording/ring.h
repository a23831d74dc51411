/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A recording that is limited by size or age: a directory of files, each of which
 * can be read alone. The oldest are removed.
 */
#ifndef MEMTOP_RECORDING_RING_H
#define MEMTOP_RECORDING_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct place;
struct ring;

/*
 * Opens the directory at @place, @path in messages, or makes it. Nobody else may
 * write to it meanwhile. @bytes, @keep_ns: the limits; 0: none. All of these return
 * 0 or -errno, the reason already said.
 */
int ring_open(const struct place *place, const char *path, uint64_t bytes,
	      uint64_t keep_ns, struct ring **ret);

/* Whether what is written next should begin a file, at @now_ns, since 1970. */
bool ring_wants_file(const struct ring *ring, uint64_t now_ns);

/*
 * Writes @bytes, @len of them, after removing what is beyond the limits. If @begins,
 * they begin a part, and if ring_wants_file() a file as well.
 */
int ring_write(struct ring *ring, const char *bytes, size_t len, bool begins,
	       uint64_t now_ns);

/* Fine on NULL. */
int ring_close(struct ring *ring);

#endif
