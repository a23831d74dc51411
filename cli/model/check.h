/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a monitoring system is told of one look: figures, ranges that they have
 * to be in, and what follows from that.
 */
#ifndef MEMTOP_MODEL_CHECK_H
#define MEMTOP_MODEL_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct findings;
struct snapshot;
struct strbuf;

/* Reserves of fewer elements are not looked at for how full they are. */
#define CHECK_LEAST_RESERVE 4

/* As the guidelines of monitoring plugins number them. */
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
	FIGURE_WAIT_AGE, /* of who waits longest */
	FIGURE_WAITS, /* findings of each kind */
	FIGURE_STALLS,
	FIGURE_POSSIBLE_DEADLOCKS,
	FIGURE_DEADLOCKS,
	FIGURE_CORRUPTED, /* devices that have met a bad block */
	FIGURE_LOWEST, /* what is left in the emptiest reserve of some size */
	FIGURE_DEVICE_BYTES, /* reserved by the device that reserves most */
	FIGURE_TOTAL_BYTES,
	FIGURE_DEVICES,
	FIGURE_UNKNOWN_DEVICES, /* of these, not all reserves are known */
	FIGURE_POOLS,
	FIGURE_RISKS, /* what static rules object to */
	FIGURE_LOST,
	NR_FIGURES,
};

struct check_figure_info {
	const char *name; /* the label in performance data; never changes */
	enum check_unit unit;
	const char *warning; /* ranges by default; NULL: any value is fine */
	const char *critical;
	const char *text; /* what a value is of */
};

extern const struct check_figure_info check_figure_infos[NR_FIGURES];
extern const char *const check_status_names[NR_CHECK_STATUSES];

/* A range of values, both ends included. */
struct check_range {
	bool set; /* else any value is fine */
	bool by_default; /* nobody asked for it */
	bool inside; /* values in it are not fine, else those outside */
	uint64_t start;
	uint64_t end; /* UINT64_MAX: none */
	const char *text; /* as it was given; not owned */
};

struct check_limits {
	struct check_range warning[NR_FIGURES];
	struct check_range critical[NR_FIGURES];
	uint64_t min_devices; /* fewer are too few to say that all is well */
};

/*
 * Parses a range as the guidelines have it, "10", "10:", "~:10", "10:20",
 * "@10:20", in seconds, percent or bytes. Returns 0 or -EINVAL.
 */
int check_range_parse(const char *text, enum check_unit unit,
		      struct check_range *ret);

/* The limits that there are by default. */
struct check_limits check_limits_default(void);

/*
 * Takes "RANGE", of wait_age, or "FIGURE=RANGE" into @ranges, one of the two of a
 * struct check_limits. Returns 0, or -EINVAL with what is wrong in @problem.
 */
int check_limits_take(struct check_range *ranges, const char *word,
		      struct strbuf *problem);

struct check_result {
	enum check_status status; /* of all */
	uint64_t value[NR_FIGURES]; /* in ns, percent, bytes; may be unknown */
	enum check_status figure[NR_FIGURES];
	/* what a sum is at least; 0 of all that is no sum */
	uint64_t least[NR_FIGURES];
	bool incomplete; /* not all could be seen */
	bool limited; /* not all that was seen was looked at */
	bool few; /* there are fewer devices than min_devices */
	uint64_t unknown_blocks; /* devices that may have met a bad block */
};

/* Judges what is in @snap and was found in it; @risks: what rules object to. */
void check_judge(const struct snapshot *snap, const struct findings *found,
		 size_t risks, const struct check_limits *limits,
		 struct check_result *ret);

/*
 * Takes a @list of static rules, "shared,parameter", "all" or "none", into @rules
 * by enum static_rule. Returns 0, or -EINVAL with what is wrong in @problem.
 */
int check_rules_take(bool *rules, const char *list, struct strbuf *problem);

#endif
