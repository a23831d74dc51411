/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The figures of one sample for a monitoring system, their ranges, and the
 * resulting status.
 */
#ifndef MEMTOP_MODEL_CHECK_H
#define MEMTOP_MODEL_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct findings;
struct snapshot;
struct strbuf;

/* The level of reserves with fewer elements does not count. */
#define CHECK_LEAST_RESERVE 4

/* The numbers in the guidelines of monitoring plugins. */
enum check_status {
	CHECK_OK,
	CHECK_WARNING,
	CHECK_CRITICAL,
	CHECK_UNKNOWN,
	NR_CHECK_STATUSES,
};

enum check_unit {
	CHECK_COUNT,
	CHECK_NS, /* shown in seconds */
	CHECK_PERCENT,
	CHECK_BYTES,
};

enum check_figure {
	FIGURE_WAIT_AGE, /* the longest one */
	FIGURE_WAITS, /* number of findings of each kind */
	FIGURE_STALLS,
	FIGURE_POSSIBLE_DEADLOCKS,
	FIGURE_DEADLOCKS,
	FIGURE_CORRUPTED, /* devices that have found a corrupted block */
	FIGURE_LOWEST, /* lowest level of the larger reserves */
	FIGURE_DEVICE_BYTES, /* reserved by the device that reserves the most */
	FIGURE_TOTAL_BYTES,
	FIGURE_DEVICES,
	FIGURE_UNKNOWN_DEVICES, /* of these, with unknown reserves */
	FIGURE_POOLS,
	FIGURE_RISKS, /* hits of static rules */
	FIGURE_LOST,
	NR_FIGURES,
};

struct check_figure_info {
	const char *name; /* the label in performance data; never changes */
	enum check_unit unit;
	const char *warning; /* default ranges; NULL: any value is OK */
	const char *critical;
	const char *text; /* what a value is of */
};

extern const struct check_figure_info check_figure_infos[NR_FIGURES];
extern const char *const check_status_names[NR_CHECK_STATUSES];

/* A range of values, both ends included. */
struct check_range {
	bool set; /* otherwise any value is OK */
	bool by_default; /* a default range */
	bool inside; /* values inside are not OK, otherwise those outside */
	uint64_t start;
	uint64_t end; /* UINT64_MAX: none */
	const char *text; /* unchanged; not owned */
};

struct check_limits {
	struct check_range warning[NR_FIGURES];
	struct check_range critical[NR_FIGURES];
	uint64_t min_devices; /* fewer devices are UNKNOWN */
};

/*
 * Parses a range of the guidelines, "10", "10:", "~:10", "10:20", "@10:20", in
 * seconds, percent or bytes. Returns 0 or -EINVAL.
 */
int check_range_parse(const char *text, enum check_unit unit,
		      struct check_range *ret);

/* The default limits. */
struct check_limits check_limits_default(void);

/*
 * Parses "RANGE", for wait_age, or "FIGURE=RANGE" into @ranges, one of the two
 * of a struct check_limits. Returns 0, or -EINVAL with the reason in @problem.
 */
int check_limits_take(struct check_range *ranges, const char *word,
		      struct strbuf *problem);

struct check_result {
	enum check_status status; /* of all */
	uint64_t value[NR_FIGURES]; /* in ns, percent, bytes; may be unknown */
	enum check_status figure[NR_FIGURES];
	/* lower bound of a sum; 0 for other figures */
	uint64_t least[NR_FIGURES];
	bool incomplete; /* some may be invisible */
	bool limited; /* the search was incomplete */
	bool few; /* there are fewer devices than min_devices */
	uint64_t unknown_blocks; /* devices with perhaps corrupted blocks */
};

/* Evaluates @snap and its findings; @risks: hits of the static rules. */
void check_judge(const struct snapshot *snap, const struct findings *found,
		 size_t risks, const struct check_limits *limits,
		 struct check_result *ret);

/*
 * Parses a @list of static rules, "shared,parameter", "all" or "none", into
 * @rules by enum static_rule. Returns 0, or -EINVAL with the reason in
 * @problem.
 */
int check_rules_take(bool *rules, const char *list, struct strbuf *problem);

#endif
