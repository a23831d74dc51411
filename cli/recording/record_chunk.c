// SPDX-License-Identifier: GPL-2.0-only
#include "recording/record_chunk.h"

#include <endian.h>
#include <string.h>

#include "base/crc32.h"

#define COMPRESSED 1

/* The header in the file, little endian; docs/record-format.md describes it. */
struct header {
	unsigned char magic[4];
	unsigned char version;
	unsigned char flags;
	unsigned char reserved[2];
	uint32_t part;
	uint32_t number;
	uint64_t boottime_ns;
	uint64_t realtime_ns;
	uint32_t stored;
	uint32_t raw;
	uint32_t stored_crc;
	uint32_t header_crc; /* checksum of all members before it */
};

_Static_assert(sizeof(struct header) == CHUNK_HEADER, "no padding");

#define CRC_AT offsetof(struct header, header_crc)

/* 0x93 cannot begin a UTF-8 text. */
static const unsigned char magic[3] = { 0x93, 'M', 'T' };

bool chunk_begins(const unsigned char bytes[static 4])
{
	unsigned int same = bytes[3] == CHUNK_FULL || bytes[3] == CHUNK_CHANGES;

	for (size_t i = 0; i < sizeof(magic); i++)
		same += bytes[i] == magic[i];
	return same >= 3;
}

/* Fuzzers cannot guess a checksum, so it is not verified there. */
static bool is_sum(uint32_t sum, uint32_t right)
{
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
	return true;
#endif
	return sum == right;
}

void chunk_write_header(char to[static CHUNK_HEADER], const struct chunk *chunk,
			const char *stored)
{
	struct header h = {
		.version = CHUNK_VERSION,
		.flags = chunk->compressed ? COMPRESSED : 0,
		.part = htole32(chunk->part),
		.number = htole32(chunk->number),
		.boottime_ns = htole64(chunk->boottime_ns),
		.realtime_ns = htole64(chunk->realtime_ns),
		.stored = htole32(chunk->stored),
		.raw = htole32(chunk->raw),
		.stored_crc = htole32(crc32_of(stored, chunk->stored)),
	};

	memcpy(h.magic, magic, sizeof(magic));
	h.magic[3] = (unsigned char)chunk->kind;
	h.header_crc = htole32(crc32_of(&h, CRC_AT));
	memcpy(to, &h, sizeof(h));
}

bool chunk_read_header(const char bytes[static CHUNK_HEADER], struct chunk *ret)
{
	struct header h;

	memcpy(&h, bytes, sizeof(h));
	if (memcmp(h.magic, magic, sizeof(magic)) != 0 ||
	    !is_sum(le32toh(h.header_crc), crc32_of(&h, CRC_AT)))
		return false;
	*ret = (struct chunk){
		.kind = (enum chunk_kind)h.magic[3],
		.compressed = h.flags & COMPRESSED,
		.part = le32toh(h.part),
		.number = le32toh(h.number),
		.boottime_ns = le64toh(h.boottime_ns),
		.realtime_ns = le64toh(h.realtime_ns),
		.stored = le32toh(h.stored),
		.raw = le32toh(h.raw),
	};
	return true;
}

bool chunk_is_whole(const char header[static CHUNK_HEADER], const char *stored,
		    size_t len)
{
	struct header h;

	memcpy(&h, header, sizeof(h));
	return is_sum(le32toh(h.stored_crc), crc32_of(stored, len));
}

unsigned int chunk_version(const char bytes[static CHUNK_HEADER])
{
	return (unsigned char)bytes[offsetof(struct header, version)];
}
