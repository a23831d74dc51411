/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A compact recording consists of chunks, one for each sample. A part begins with a
 * chunk that has all of a sample and can be read alone; the others have what changed.
 */
#ifndef MEMTOP_RECORDING_RECORD_CHUNK_H
#define MEMTOP_RECORDING_RECORD_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHUNK_HEADER 48

/* The last of the four bytes that a chunk begins with; there may be more later. */
enum chunk_kind {
	CHUNK_FULL = 'F',
	CHUNK_CHANGES = 'C',
};

struct chunk {
	enum chunk_kind kind;
	bool compressed;
	uint32_t part; /* from 1, in what one run has recorded */
	uint32_t number; /* of the sample, likewise */
	uint64_t boottime_ns; /* of the sample */
	uint64_t realtime_ns;
	uint32_t stored; /* bytes that follow the header */
	uint32_t raw; /* bytes that these are when expanded */
};

/*
 * What a recording may be at most. A chunk that expands to more than CHUNK_RATIO times
 * its size is refused, whatever it has, and written without compression.
 */
#define CHUNK_MAX_RAW (256U << 20)
#define CHUNK_RATIO 1000U

/* Whether @bytes, four of them, can begin a chunk; one of them may be damaged. */
bool chunk_begins(const unsigned char bytes[static 4]);

/* Writes the header of @chunk for the bytes that follow it. */
void chunk_write_header(char to[static CHUNK_HEADER], const struct chunk *chunk,
			const char *stored);

/* Whether @bytes are a header; @ret is what it has. */
bool chunk_read_header(const char bytes[static CHUNK_HEADER],
		       struct chunk *ret);

/* Whether the bytes after the header are those that it was written for. */
bool chunk_is_whole(const char header[static CHUNK_HEADER], const char *stored,
		    size_t len);

/* What the header needs to be read at all; another one is of a later version. */
#define CHUNK_VERSION 1
unsigned int chunk_version(const char bytes[static CHUNK_HEADER]);

#endif
