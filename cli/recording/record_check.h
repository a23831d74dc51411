/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of a sample have to be to one another. Whatever searches a
 * sample relies on it; the collectors of a running kernel fill samples that way.
 */
#ifndef MEMTOP_RECORDING_RECORD_CHECK_H
#define MEMTOP_RECORDING_RECORD_CHECK_H

struct json_reader;
struct sample;

/*
 * Puts the lists of @s in order and refuses what contradicts itself: returns
 * -EINVAL with the problem said in @j, which has read @s. @before: the run
 * and the time of the sample before, which is unknown if there is none.
 */
int record_check(struct json_reader *j, struct sample *s,
		 const struct sample *before);

#endif
