/* SPDX-License-Identifier: GPL-2.0-only */
/* What the options ask of the collector. */
#ifndef MEMTOP_STREAM_WISH_H
#define MEMTOP_STREAM_WISH_H

#include "kernel/collect.h"

struct options;

/* The source that @options name, for @span; with devices below if @lower. */
struct collect_wish wish_make(const struct options *options,
			      enum collect_span span, bool lower);

#endif
