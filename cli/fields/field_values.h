/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values of columns that both devices and pools have, and parts of their text.
 * Only for *_fields.c.
 */
#ifndef MEMTOP_FIELDS_FIELD_VALUES_H
#define MEMTOP_FIELDS_FIELD_VALUES_H

#include "fields/fields.h"

/* Most tasks that a cell names. */
#define VALUE_MOST_TASKS 4

/* Of the row's table. */
bool value_name(const struct field_row *row, struct strbuf *sb);
bool value_dev(const struct field_row *row, struct strbuf *sb);
uint64_t value_devno(const struct field_row *row); /* for sorting */
bool value_slot_used(const struct field_row *row);

/* From a row's or a total's sums. */
struct snap_sum value_reserved(const struct snap_sums *sums);
struct snap_sum value_cached(const struct snap_sums *sums);
struct snap_sum value_waits(const struct snap_sums *sums);
struct snap_sum value_waiters(const struct snap_sums *sums);

/*
 * Durations of waits, of the row's pool or of all pools of its table, as a bar of ASCII
 * characters: "8.2us _.:# 131us".
 */
bool value_durations(const struct field_row *row, struct strbuf *sb);

/* Whether @n is known and not 0. */
bool value_is_some(uint64_t n);

void value_add_devno(struct strbuf *sb, struct sample_devno dev);

/* Add the known values, and return whether there are any. */
bool value_add_known(struct strbuf *sb, const char *s);
bool value_add_slot(struct strbuf *sb, enum sample_slot slot);

/* Adds "dd[12] 1.5s". */
void value_add_task(struct strbuf *sb, const struct field_row *row,
		    const char *comm, uint32_t pid, uint64_t since_ns);

#endif
