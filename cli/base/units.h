/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_BASE_UNITS_H
#define MEMTOP_BASE_UNITS_H

#include <stdint.h>

struct strbuf;

/*
 * Adds @bytes for people, in IEC units (1KiB is 1024B): "512B", "128KiB",
 * "7.4MiB". At most four digits; a decimal only below ten and only if the
 * figure is not whole. No space, so that a cell is one word.
 */
void units_add_bytes(struct strbuf *sb, uint64_t bytes);

/*
 * Adds a time of @ns for people: "350us", "1.2s", "2m05s", "3h02m", "4d01h".
 * Below a minute the same as sizes, with a decimal only below ten; above that
 * two units, the rest cut off. No space either.
 */
void units_add_time(struct strbuf *sb, uint64_t ns);

#endif
