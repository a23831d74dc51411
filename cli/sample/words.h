/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The word for each value of a sample's enums: the same in recordings, JSON,
 * metrics, tables and options.
 */
#ifndef MEMTOP_SAMPLE_WORDS_H
#define MEMTOP_SAMPLE_WORDS_H

#include "sample/sample.h"
#include "sample/source_choice.h"

extern const char *const sample_source_words[NR_SAMPLE_SOURCES];
extern const char *const source_choice_words[NR_SOURCE_CHOICES];
extern const char *const sample_slot_words[NR_SAMPLE_SLOTS]; /* unknown: NULL */
extern const char *const sample_op_words[NR_SAMPLE_OP_KINDS];
extern const char *const sample_link_words[NR_SAMPLE_LINK_KINDS];

#endif
