/* SPDX-License-Identifier: GPL-2.0-only */
/* Packs samples into chunks of a compact recording. */
#ifndef MEMTOP_RECORDING_RECORD_PACK_H
#define MEMTOP_RECORDING_RECORD_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "sample/sample.h"

struct zstd;

/* A zeroed one begins a recording. */
struct record_packer {
	struct zstd *zstd; /* owned; NULL: nothing is compressed */
	bool no_zstd; /* libzstd is not available */
	bool begun;
	struct sample last; /* owned; the newest sample as written */
	uint32_t part; /* number of the newest one */
	uint32_t in_part; /* samples in the newest part */
	uint64_t part_bytes;
	uint64_t full_bytes; /* size of the part's first sample */
	uint64_t part_ns; /* when the part began */
	uint64_t number; /* of the newest sample */
	struct strbuf raw; /* the chunk that is being written */
};

/*
 * Adds @sample to @to. It begins a part if @full, or if the current part has its full
 * length. @same: devices and pools equal those of the previous sample. Returns whether
 * it begins a part.
 */
bool record_pack(struct record_packer *p, const struct sample *sample,
		 bool same, bool full, struct strbuf *to);

/* Frees everything; fine on a zeroed packer. */
void record_packer_release(struct record_packer *p);

#endif
