// SPDX-License-Identifier: GPL-2.0-only
#include "recording/record_pack.h"

#include <string.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/times.h"
#include "base/version.h"
#include "recording/record_chunk.h"
#include "recording/record_encode.h"
#include "recording/record_wire.h"
#include "system/zstd.h"

/*
 * Limits of a part. Damage costs at most a part, and a sample can only be read with its
 * part, so a part must not be long. Short parts make the file larger: a full sample of
 * 61 devices has about 4 KiB.
 */
#define PART_SAMPLES 600
#define PART_NS (3600 * SECOND)
#define PART_BYTES (64U << 10)
#define PART_RATIO 8 /* or this many times the size of its first sample */

/* Shorter texts do not compress. */
#define LEAST_TO_COMPRESS 128

static bool is_part_full(const struct record_packer *p, const struct sample *s)
{
	const uint64_t bytes = p->full_bytes * PART_RATIO > PART_BYTES ?
				       p->full_bytes * PART_RATIO :
				       PART_BYTES;

	/* if the clock was set back, the difference is a large number as well */
	return p->in_part == PART_SAMPLES || p->part_bytes > bytes ||
	       s->boottime_ns - p->part_ns > PART_NS;
}

static void begin_part(struct record_packer *p, const struct sample *s)
{
	sample_release(&p->last);
	p->begun = true;
	p->part++;
	p->in_part = 0;
	p->part_bytes = 0;
	p->part_ns = s->boottime_ns;
}

/* Without libzstd, recordings are not compressed. */
static struct zstd *zstd_of(struct record_packer *p)
{
	if (p->zstd || p->no_zstd || !zstd_is_built_in())
		return p->zstd;
	p->no_zstd = zstd_open("compress recordings", &p->zstd) != 0;
	return p->zstd;
}

/* Adds the bytes of @chunk, compressed if that makes them shorter. */
static void add_stored(struct record_packer *p, struct chunk *chunk,
		       struct strbuf *to)
{
	const size_t start = to->len, len = p->raw.len;
	struct zstd *zstd = len < LEAST_TO_COMPRESS ? NULL : zstd_of(p);
	size_t nr = 0;

	chunk->raw = (uint32_t)len;
	/* leave room for the header in front */
	strbuf_add(to, strbuf_text(&p->raw), len);
	if (zstd)
		nr = zstd_compress(zstd, to->text + start, len, p->raw.text,
				   len);
	/* the failed attempt has overwritten it */
	if (zstd && (!nr || len / CHUNK_RATIO >= nr)) {
		memcpy(to->text + start, p->raw.text, len);
		nr = 0;
	}
	chunk->compressed = nr != 0;
	if (nr) {
		to->len = start + nr;
		to->text[to->len] = '\0';
	}
	chunk->stored = (uint32_t)(to->len - start);
}

bool record_pack(struct record_packer *p, const struct sample *sample,
		 bool same, bool full, struct strbuf *to)
{
	const char room[CHUNK_HEADER] = { 0 };
	const size_t start = to->len;
	struct chunk chunk = { .kind = CHUNK_CHANGES,
			       .boottime_ns = sample->boottime_ns,
			       .realtime_ns = sample->realtime_ns };

	strbuf_reset(&p->raw);
	if (!p->begun || full || is_part_full(p, sample)) {
		begin_part(p, sample);
		chunk.kind = CHUNK_FULL;
		same = false;
		wire_put(&p->raw, strlen(version_number));
		strbuf_addstr(&p->raw, version_number);
		record_encode_shape(&p->raw);
	}
	record_encode(&p->raw, &p->last, sample, same);
	chunk.part = p->part;
	chunk.number = (uint32_t)++p->number;
	strbuf_add(to, room, sizeof(room));
	add_stored(p, &chunk, to);
	chunk_write_header(to->text + start, &chunk,
			   to->text + start + CHUNK_HEADER);
	p->in_part++;
	p->part_bytes += to->len - start;
	if (chunk.kind == CHUNK_FULL)
		p->full_bytes = to->len - start;
	return chunk.kind == CHUNK_FULL;
}

void record_packer_release(struct record_packer *p)
{
	sample_release(&p->last);
	strbuf_release(&p->raw);
	zstd_close(p->zstd);
	*p = (struct record_packer){ 0 };
}
