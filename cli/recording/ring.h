/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A recording that is limited by size or age: a directory of files, each of which
 * can be read alone. The oldest files are removed.
 */
#ifndef MEMTOP_RECORDING_RING_H
#define MEMTOP_RECORDING_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct place;
struct ring;

/*
 * Opens or creates the directory at @place, which messages call @path, and locks it
 * against other writers. @bytes, @keep_ns: the limits; 0: none. These functions return
 * 0, or -errno after reporting the reason.
 */
int ring_open(const struct place *place, const char *path, uint64_t bytes,
	      uint64_t keep_ns, struct ring **ret);

/* Whether the next write should begin a file. @now_ns: since 1970. */
bool ring_wants_file(const struct ring *ring, uint64_t now_ns);

/*
 * Removes files that exceed the limits, and writes the @len bytes at @bytes. @begins:
 * they begin a part, and also a file if ring_wants_file().
 */
int ring_write(struct ring *ring, const char *bytes, size_t len, bool begins,
	       uint64_t now_ns);

/* Fine on NULL. */
int ring_close(struct ring *ring);

#endif
