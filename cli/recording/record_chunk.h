/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A compact recording consists of chunks, one for each sample. A part begins with a
 * chunk that contains a whole sample and can be read alone; the other chunks contain
 * the changes since the previous sample.
 */
#ifndef MEMTOP_RECORDING_RECORD_CHUNK_H
#define MEMTOP_RECORDING_RECORD_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHUNK_HEADER 48

/* The fourth byte of a chunk. Later versions may add others. */
enum chunk_kind {
	CHUNK_FULL = 'F',
	CHUNK_CHANGES = 'C',
};

struct chunk {
	enum chunk_kind kind;
	bool compressed;
	uint32_t part; /* from 1, counted in each run */
	uint32_t number; /* of the sample, from 1, counted in each run */
	uint64_t boottime_ns; /* of the sample */
	uint64_t realtime_ns;
	uint32_t stored; /* bytes that follow the header */
	uint32_t raw; /* their size when expanded */
};

/*
 * Limits of a chunk. The reader refuses one that expands to more than CHUNK_RATIO times
 * its size, so the writer does not compress such a chunk.
 */
#define CHUNK_MAX_RAW (256U << 20)
#define CHUNK_RATIO 1000U

/* Whether these four bytes can begin a chunk; one of them may be damaged. */
bool chunk_begins(const unsigned char bytes[static 4]);

/* Writes the header of @chunk for the bytes that follow it. */
void chunk_write_header(char to[static CHUNK_HEADER], const struct chunk *chunk,
			const char *stored);

/* Parses a header into @ret; returns whether @bytes are one. */
bool chunk_read_header(const char bytes[static CHUNK_HEADER],
		       struct chunk *ret);

/* Whether the checksum in the header matches the bytes after it. */
bool chunk_is_whole(const char header[static CHUNK_HEADER], const char *stored,
		    size_t len);

/* The version of the format. A chunk with another one is from a later version. */
#define CHUNK_VERSION 1
unsigned int chunk_version(const char bytes[static CHUNK_HEADER]);

#endif
