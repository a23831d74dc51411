/* SPDX-License-Identifier: GPL-2.0-only */
/* The source that a command is to use: options and the collector share it. */
#ifndef MEMTOP_SAMPLE_SOURCE_CHOICE_H
#define MEMTOP_SAMPLE_SOURCE_CHOICE_H

#include "sample/sample.h"

enum source_choice {
	SOURCE_BEST, /* that this kernel and these privileges permit */
	SOURCE_TRACEPOINTS,
	SOURCE_STOCK,
	NR_SOURCE_CHOICES,
};

/* The choice of exactly this source. */
static inline enum source_choice source_choice_of(enum sample_source source)
{
	static const enum source_choice choices[NR_SAMPLE_SOURCES] = {
		[SAMPLE_TRACEPOINTS] = SOURCE_TRACEPOINTS,
		[SAMPLE_STOCK] = SOURCE_STOCK,
	};

	return choices[source];
}

#endif
