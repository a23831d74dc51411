/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is wrong with reserves as they are, whether or not anybody waits: rules
 * that need one sample and no time.
 */
#ifndef MEMTOP_MODEL_STATIC_RULES_H
#define MEMTOP_MODEL_STATIC_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/sample.h"

enum static_rule {
	/*
	 * One pool serves two devices of which one is on the other: the lower one
	 * can wait for what is out for I/O to itself.
	 */
	STATIC_SHARED,
	/*
	 * The pool would get another number of elements if its table was loaded
	 * again: dm_mod's parameter reserved_bio_based_ios has changed since the
	 * pool was made. Only where that is certain; see reload.h.
	 */
	STATIC_PARAMETER,
	/*
	 * Nobody ever takes of it. The largest biovecs of verity's clients: a
	 * block takes no more than a bio has room for. A verity device's set of
	 * clones: the one clone that it needs is a part of its io.
	 */
	STATIC_UNUSABLE,
	NR_STATIC_RULES,
};

struct static_hit {
	enum static_rule rule;
	const struct sample_pool *pool;
	bool dev_known;
	struct sample_devno dev; /* the one that the pool serves */
	const struct sample_device *device; /* likewise; NULL: not known */
	struct sample_devno upper; /* of a shared pool: the one on the device */
	uint64_t expected; /* by the parameter: elements */
	uint64_t bytes; /* that the pool's minimum takes; may be unknown */
};

struct static_hits {
	struct static_hit *all; /* owned; by rule, then by pool */
	size_t nr;
	bool limited; /* not all was looked at: shared pools may be missing */
};

extern const char *const static_rule_names[NR_STATIC_RULES];

/*
 * Fills @ret with what is found in @s, which has to outlive it and whose devices
 * are by number. A pool that is listed with several devices is one pool.
 */
void static_rules_find(const struct sample *s, struct static_hits *ret);

/* Frees what @hits owns, not @hits itself; fine on a zeroed one. */
void static_hits_release(struct static_hits *hits);

/* How many of @rule there are, and in @bytes the sum; may be unknown. */
size_t static_hits_count(const struct static_hits *hits, enum static_rule rule,
			 uint64_t *bytes);

#endif
