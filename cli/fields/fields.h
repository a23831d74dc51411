/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The columns: figures of a device or a pool. One table for each defines the
 * table's columns, -o, --sort, --list-columns, help, the keys of the JSON and
 * the metrics.
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

/* A line of a view. Members that do not apply are NULL. */
struct field_row {
	const struct snap_entry *entry; /* a device's table, or a pool's */
	const struct snap_pool *pool;
	const struct snap_sums *sums; /* the entry's own, or of a total */
	const char *total; /* a total's label */
	/* Facts from earlier samples; NULL: none. */
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
	FIELD_LIST, /* in JSON an array; otherwise its number or its words */
};

/* For the views, which write the lists in different ways. */
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
	LIST_OWNER,
	LIST_WAIT_HISTOGRAM,
	LIST_BACKING,
	LIST_MOUNTS,
};

/* How the live view draws it. */
enum field_look {
	LOOK_TEXT,
	LOOK_BAR, /* number is millionths of the whole, text is in the bar */
	LOOK_LEVELS, /* a history; numbers are thousandths of the whole */
	LOOK_WAITS, /* a history; numbers are rates */
};

enum field_use {
	FIELD_SHOWN, /* by default */
	FIELD_IF_USED, /* by default, if a row has more than 0 or usual */
	FIELD_IN_TREE, /* the same in a tree only */
	FIELD_ON_REQUEST,
};

/* How the values of several pools of one role in one table are combined. */
enum metric_fold {
	FOLD_SUM,
	FOLD_MIN,
};

/*
 * The same value as a metric: a gauge unless it is a counter. Its unit is that
 * of the column, except that times are in seconds. It belongs to a device, or
 * to a pool by device, slot and role.
 */
struct field_metric {
	const char *name; /* NULL: not a metric */
	/* of a pool: the sums over a device and over a role; NULL: none */
	const char *of_device, *of_role;
	enum counter counter; /* where it is accumulated; 0: a gauge */
	enum metric_fold fold;
	bool by_table; /* by device and slot */
};

/*
 * A column. Of the getters, number sorts text columns in another order than
 * alphabetically; sums makes it a column that totals have, too.
 */
struct field {
	const char *name; /* heading, and name for users */
	const char *json; /* key; NULL: not in the JSON */
	enum field_type type;
	enum field_use use;
	enum field_list list;
	enum field_look look;
	bool share; /* has a text, and its number is millionths of the whole */
	bool parts; /* of a pool below its device, too; as are all with a sum */
	bool key; /* identifies rows, so a table always has it */
	const char *help;

	/* MEMTOP_UNKNOWN: unknown. */
	uint64_t (*number)(const struct field_row *row);
	struct snap_sum (*sum)(const struct snap_sums *sums);
	/* Adds the raw text to @sb, or returns false: unknown. */
	bool (*text)(const struct field_row *row, struct strbuf *sb);
	/*
	 * The text for a line of a tree that is not a row: a device below, @dev of @s.
	 * NULL: never known.
	 */
	bool (*below)(const struct sample *s, struct sample_devno dev,
		      struct strbuf *sb);
	/*
	 * For FIELD_IF_USED and FIELD_IN_TREE: whether @row has a value that makes the column
	 * worth showing.
	 */
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
 * live_fields: device_fields and, at the end, live_only_fields, which need more
 * than one sample.
 */
extern const struct field_table device_fields, pool_fields;
extern const struct field_table live_fields, live_only_fields;

/* The column named @name, in any case, or NULL. */
const struct field *field_find(const struct field_table *table,
			       const char *name, size_t len);

/*
 * The column that the first @len bytes of @name name, as field_find(). Returns
 * 0, or -EINVAL with the reason in @problem.
 */
int field_require(const struct field_table *table, const char *name, size_t len,
		  const struct field **ret, struct strbuf *problem);

/* Whether @field holds quantities, to be set right-aligned. */
bool field_is_quantity(const struct field *field);

/* The quantity in @field of @row; may be unknown. */
uint64_t field_number(const struct field *field, const struct field_row *row);

/*
 * Adds the value in @field of @row to @sb, or returns false: unknown, or not
 * available for a total. @exact: bytes and nanoseconds as plain integers. Not
 * escaped.
 */
bool field_get(const struct field *field, const struct field_row *row,
	       bool exact, struct strbuf *sb);

/*
 * Adds to @sb the table's cell for @field of @row: as field_get(), but "-" for
 * unknown, or ">=3" for the known part of an unknown sum if that is more than 0
 * and a count or a total; empty if a total has no such value.
 */
void field_show(const struct field *field, const struct field_row *row,
		bool exact, struct strbuf *sb);

/*
 * Adds to @sb the text of @field for the device @dev of @s, which has no row; returns
 * false if it has none. Not escaped.
 */
bool field_show_below(const struct field *field, const struct sample *s,
		      struct sample_devno dev, struct strbuf *sb);

/* Chosen columns, in order. */
struct field_choice {
	struct field_chosen {
		const struct field *field;
		bool named; /* requested, so shown whether used or not */
	} * columns; /* owned */
	size_t nr;
};

/*
 * Chooses columns by @spec: "A,B"; "all"; "+A,-B", which begins with a sign, for
 * the default ones with A and without B; NULL for the default ones, of a tree if
 * @tree. Returns 0, or -EINVAL with the reason in @problem.
 */
int field_choose(const struct field_table *table, const char *spec, bool tree,
		 struct field_choice *ret, struct strbuf *problem);
void field_choice_release(struct field_choice *choice);

/* Drops default columns that no row of @rows uses. */
void field_choice_settle(struct field_choice *choice,
			 const struct field_row *rows, size_t nr);

/* Columns to sort by. */
#define FIELD_MOST_KEYS 8

struct field_order {
	struct field_key {
		const struct field *field;
		bool descending;
	} keys[FIELD_MOST_KEYS];
	size_t nr; /* 0: the order of the snapshot */
};

/*
 * Parses @spec, a list of columns with commas between them. A column is "COL",
 * by which text ascends and quantities descend; "+COL" or "COL:asc"; or "-COL"
 * or "COL:desc". Returns 0, or -EINVAL with the reason in @problem; then @ret
 * is unchanged.
 */
int field_order_parse(const struct field_table *table, const char *spec,
		      struct field_order *ret, struct strbuf *problem);

/* Whether it depends on a column with this list. */
bool field_order_uses(const struct field_order *order, enum field_list list);

/* Sorts by @field alone; NULL: the order of the snapshot. */
void field_order_set(struct field_order *order, const struct field *field,
		     bool descending);

/*
 * Sorts rows by the first column, those with equal values by the next one, and
 * so on; rows with equal values in all keep their order. Unknown values come
 * last in either order.
 */
void field_sort(struct field_row *rows, size_t nr,
		const struct field_order *order);

#endif
