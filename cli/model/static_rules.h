/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Faults of reserves that exist whether or not a task waits: rules that need
 * one sample and no time.
 */
#ifndef MEMTOP_MODEL_STATIC_RULES_H
#define MEMTOP_MODEL_STATIC_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/sample.h"

enum static_rule {
	/*
	 * One pool serves two devices, one of which is on the other: the lower
	 * one can wait for an element that is out for I/O to itself.
	 */
	STATIC_SHARED,
	/*
	 * The pool would get another number of elements if its table was loaded
	 * again: dm_mod's parameter reserved_bio_based_ios has changed since
	 * the pool was created. Only if that is certain; see reload.h.
	 */
	STATIC_PARAMETER,
	/*
	 * No task ever takes an element. Examples are the largest biovecs of
	 * verity's clients (a block takes no more than a bio has room for) and
	 * a verity device's set of clones (the one clone that it needs is a
	 * part of its io).
	 */
	STATIC_UNUSABLE,
	NR_STATIC_RULES,
};

struct static_hit {
	enum static_rule rule;
	const struct sample_pool *pool;
	bool dev_known;
	struct sample_devno dev; /* the one that the pool serves */
	const struct sample_device *device; /* below; NULL: not known */
	struct sample_devno upper; /* of a shared pool: its entry there */
	uint64_t expected; /* elements with the current parameter */
	uint64_t bytes; /* of the pool's minimum; may be unknown */
};

struct static_hits {
	struct static_hit *all; /* owned; by rule, then by pool */
	size_t nr;
	bool limited; /* incomplete: shared pools may be missing */
};

extern const char *const static_rule_names[NR_STATIC_RULES];

/*
 * Fills @ret with the hits in @s, which must outlive it and whose devices are
 * sorted by number. A pool that is listed with several devices counts as one.
 */
void static_rules_find(const struct sample *s, struct static_hits *ret);

/* The same with the hits of @rule only, which costs less. */
void static_rules_find_one(const struct sample *s, enum static_rule rule,
			   struct static_hits *ret);

/* Frees what @hits owns, not @hits itself; safe on a zeroed one. */
void static_hits_release(struct static_hits *hits);

/* The number of hits of @rule, and in @bytes their sum; may be unknown. */
size_t static_hits_count(const struct static_hits *hits, enum static_rule rule,
			 uint64_t *bytes);

#endif
