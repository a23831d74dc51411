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

/*
 * Parses all of @s as bytes, in the form of units_add_bytes() or with a letter:
 * "4096", "64K", "64KiB", "1.5MiB"; a factor of 1024 each, in any case. Returns
 * 0, -EINVAL, or -ERANGE if it does not fit.
 */
int units_parse_bytes(const char *s, uint64_t *ret);

/*
 * Parses all of @s as a time into ns, in the form of units_add_time(): "350us",
 * "1.2s", "2m05s"; a number without a unit is seconds. Returns as above.
 */
int units_parse_time(const char *s, uint64_t *ret);

#endif
