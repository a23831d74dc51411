// SPDX-License-Identifier: GPL-2.0-only
#include "sample/words.h"

const char *const sample_source_words[NR_SAMPLE_SOURCES] = {
	[SAMPLE_TRACEPOINTS] = "tracepoints",
	[SAMPLE_STOCK] = "stock",
};

const char *const source_choice_words[NR_SOURCE_CHOICES] = {
	[SOURCE_BEST] = "best",
	[SOURCE_TRACEPOINTS] = "tracepoints",
	[SOURCE_STOCK] = "stock",
};

const char *const sample_slot_words[NR_SAMPLE_SLOTS] = {
	[SAMPLE_SLOT_LIVE] = "live",
	[SAMPLE_SLOT_INACTIVE] = "inactive",
};

const char *const sample_op_words[NR_SAMPLE_OP_KINDS] = {
	[SAMPLE_RECHECK] = "recheck",
	[SAMPLE_DECODE] = "decode",
};

const char *const sample_link_words[NR_SAMPLE_LINK_KINDS] = {
	[SAMPLE_LINK_DATA] = "data", [SAMPLE_LINK_HASH] = "hash",
	[SAMPLE_LINK_FEC] = "fec",   [SAMPLE_LINK_OTHER] = "other",
	[SAMPLE_LINK_FILE] = "file", [SAMPLE_LINK_PARTITION] = "partition",
};
