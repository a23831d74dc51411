/* SPDX-License-Identifier: GPL-2.0-only */
/* Samples as what changed since the one before, for a compact recording. */
#ifndef MEMTOP_RECORDING_RECORD_ENCODE_H
#define MEMTOP_RECORDING_RECORD_ENCODE_H

#include <stdbool.h>

struct sample;
struct strbuf;

/* Adds which objects there are in a sample, and what they have. */
void record_encode_shape(struct strbuf *to);

/*
 * Adds what has to be changed in @before, a zeroed sample for all of it, to have
 * @now, and changes it. @same: the devices and pools are known to be equal.
 */
void record_encode(struct strbuf *to, struct sample *before,
		   const struct sample *now, bool same);

#endif
