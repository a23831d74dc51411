/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The columns: what can be shown of a device or a pool. One table each, from
 * which come the table's columns, -o, --sort, --list-columns, help, the keys of
 * the JSON and the metrics.
 */
#ifndef MEMTOP_FIELDS_FIELDS_H
#define MEMTOP_FIELDS_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/counters.h"
#include "model/snapshot.h"

struct delta_device;
struct delta_pool;
struct strbuf;

/* A line of a view. Its members other than what it shows are NULL. */
struct field_row {
	const struct snap_entry *entry; /* a device's table, or a pool's */
	const struct snap_pool *pool;
	const struct snap_sums *sums; /* the entry's own, or of a total */
	const char *total; /* a total's label */
	/* What is known of earlier samples; NULL: nothing. */
	const struct delta_device *was;
	const struct delta_pool *pool_was;
};

enum field_type {
	FIELD_TEXT,
	FIELD_NUMBER,
	FIELD_BYTES,
	FIELD_TIME, /* ns */
	FIELD_BOOL,
	FIELD_RATE, /* thousandths per second */
	FIELD_LIST, /* in JSON an array; else its number or its words */
};

/* For the views, which write the lists in their own way. */
enum field_list {
	LIST_NONE,
	LIST_TARGETS,
	LIST_LOWER,
	LIST_POOLS,
	LIST_WAITERS,
	LIST_HOLDERS,
	LIST_REPAIRS,
	LIST_SHARED,
	LIST_UNKNOWN,
};

/* How a live view draws it. */
enum field_look {
	LOOK_TEXT,
	LOOK_BAR, /* number is millionths of the whole, text stands in it */
	LOOK_LEVELS, /* a history; numbers are thousandths of the whole */
	LOOK_WAITS, /* a history; numbers are rates */
};

enum field_use {
	FIELD_SHOWN, /* by default */
	FIELD_IF_USED, /* by default, where a row has more than 0 or usual */
	FIELD_ON_REQUEST,
};

/* What several pools of one role in one table come to. */
enum metric_fold {
	FOLD_SUM,
	FOLD_MIN,
};

/*
 * The same as a metric, a gauge unless it is a counter. Its unit is that of the
 * column, but for times, which are in seconds. It is the device's, or the pool's
 * by device, slot and role.
 */
struct field_metric {
	const char *name; /* NULL: it is none */
	enum counter counter; /* where it is added up; 0: a gauge */
	enum metric_fold fold;
	bool by_table; /* by device and slot */
};

/*
 * A column. Of the getters, number gives text columns an order other than
 * that of their letters; sums makes a column one that totals have too.
 */
struct field {
	const char *name; /* heading, and how users call it */
	const char *json; /* key, NULL: not in the JSON */
	enum field_type type;
	enum field_use use;
	enum field_list list;
	enum field_look look;
	bool parts; /* of a pool below its device, too; all with a sum are */
	bool key; /* tells rows apart, so a table is not without it */
	const char *help;

	/* MEMTOP_UNKNOWN: unknown. */
	uint64_t (*number)(const struct field_row *row);
	struct snap_sum (*sum)(const struct snap_sums *sums);
	/* Adds the raw text to @sb, or returns false: unknown. */
	bool (*text)(const struct field_row *row, struct strbuf *sb);
	/* For FIELD_IF_USED: whether @row makes the column worth showing. */
	bool (*used)(const struct field_row *row);
	struct field_metric metric;
};

struct field_table {
	const char *what; /* "device" or "pool" */
	const struct field *fields;
	size_t nr;
	const char *usual; /* default columns, NULL: by field.use */
};

/*
 * live_fields: device_fields and, at the end, live_only_fields, which take more
 * than one sample.
 */
extern const struct field_table device_fields, pool_fields;
extern const struct field_table live_fields, live_only_fields;

/* The column called @name, in any case, or NULL. */
const struct field *field_find(const struct field_table *table,
			       const char *name, size_t len);

/* Whether @field holds quantities, to be set right-aligned. */
bool field_is_quantity(const struct field *field);

/* @row's quantity in @field; may be unknown. */
uint64_t field_number(const struct field *field, const struct field_row *row);

/*
 * Adds @row's value in @field to @sb, or returns false: unknown, or nothing
 * that a total has. @exact: bytes and nanoseconds as plain integers. Not
 * escaped yet.
 */
bool field_get(const struct field *field, const struct field_row *row,
	       bool exact, struct strbuf *sb);

/*
 * Adds to @sb what the table shows of @row in @field: as field_get() does, but
 * "-" for unknown, or ">=3" for an unknown sum of which more than 0 is known,
 * if it is a count or the row a total; nothing where a total has no such thing.
 */
void field_show(const struct field *field, const struct field_row *row,
		bool exact, struct strbuf *sb);

/* Chosen columns, in order. */
struct field_choice {
	struct field_chosen {
		const struct field *field;
		bool named; /* asked for, so shown whether used or not */
	} * columns; /* owned */
	size_t nr;
};

/*
 * Chooses by @spec: "A,B", "+A,B" for the default ones and more, NULL for the
 * default ones. Returns 0, or -EINVAL with what is wrong in @problem.
 */
int field_choose(const struct field_table *table, const char *spec,
		 struct field_choice *ret, struct strbuf *problem);
void field_choice_release(struct field_choice *choice);

/* Drops from a choice made by default what no row of @rows uses. */
void field_choice_settle(struct field_choice *choice,
			 const struct field_row *rows, size_t nr);

struct field_order {
	const struct field *field; /* NULL: as the snapshot has them */
	bool descending;
};

/*
 * Parses @spec, "COL", "COL:asc" or "COL:desc"; by default text ascends and
 * quantities descend. Returns as field_choose() does.
 */
int field_order_parse(const struct field_table *table, const char *spec,
		      struct field_order *ret, struct strbuf *problem);

/*
 * Sorts rows; those of equal value keep their order, those of unknown value
 * come last either way.
 */
void field_sort(struct field_row *rows, size_t nr,
		const struct field_order *order);

#endif
