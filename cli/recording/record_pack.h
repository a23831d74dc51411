/* SPDX-License-Identifier: GPL-2.0-only */
/* Samples as chunks of a compact recording. */
#ifndef MEMTOP_RECORDING_RECORD_PACK_H
#define MEMTOP_RECORDING_RECORD_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "sample/sample.h"

struct zstd;

/* All zero, it begins a recording. */
struct record_packer {
	struct zstd *zstd; /* owned; NULL: nothing is compressed */
	bool no_zstd; /* it cannot be had */
	bool begun;
	struct sample last; /* owned; as it was written */
	uint32_t part; /* number of the newest one */
	uint32_t in_part; /* samples that it has */
	uint64_t part_bytes;
	uint64_t full_bytes; /* of its first sample */
	uint64_t part_ns; /* when it began */
	uint64_t number; /* of the newest sample */
	struct strbuf raw; /* what is being written */
};

/*
 * Adds @sample to @to. A part begins if @full, and if the one before is long enough.
 * @same: devices and pools are equal to those of the sample before. Returns whether a
 * part begins with it.
 */
bool record_pack(struct record_packer *p, const struct sample *sample,
		 bool same, bool full, struct strbuf *to);

/* Nothing is left; fine on one that is all zero. */
void record_packer_release(struct record_packer *p);

#endif
