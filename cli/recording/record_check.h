/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Consistency of a sample: sorted lists, unique numbers, references that exist. All
 * searches in samples rely on it. Collectors of a running kernel guarantee it; a
 * recording may break it.
 */
#ifndef MEMTOP_RECORDING_RECORD_CHECK_H
#define MEMTOP_RECORDING_RECORD_CHECK_H

struct json_reader;
struct sample;

/*
 * Sorts the lists of @s and refuses contradictions: returns -EINVAL with the problem
 * in @j, which has read @s. @before: the run and the time of the previous sample,
 * unknown for the first one.
 */
int record_check(struct json_reader *j, struct sample *s,
		 const struct sample *before);

#endif
