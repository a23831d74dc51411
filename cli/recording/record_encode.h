/* SPDX-License-Identifier: GPL-2.0-only */
/* Encodes samples as changes since the previous one, for a compact recording. */
#ifndef MEMTOP_RECORDING_RECORD_ENCODE_H
#define MEMTOP_RECORDING_RECORD_ENCODE_H

#include <stdbool.h>

struct sample;
struct strbuf;

/* Adds the description of the objects of a sample and of their fields. */
void record_encode_shape(struct strbuf *to);

/*
 * Adds the changes from @before to @now, and makes @before equal to @now. If @before is
 * zeroed, these are the whole sample. @same: the devices and pools are known to be
 * equal.
 */
void record_encode(struct strbuf *to, struct sample *before,
		   const struct sample *now, bool same);

#endif
