/* SPDX-License-Identifier: GPL-2.0-only */
/* What can be said of a handful of measurements without believing in a bell. */
#ifndef MEMTOP_MODEL_STATS_H
#define MEMTOP_MODEL_STATS_H

#include <stddef.h>
#include <stdint.h>

/* Below this a difference is taken for real: see stats_chance(). */
#define STATS_NOISE 0.05

struct stats_spread {
	uint64_t least;
	uint64_t median; /* of an even number: halfway, rounded down */
	uint64_t most;
};

/* Of @nr values, which may be in any order; all unknown if one is, or none. */
struct stats_spread stats_spread(const uint64_t *values, size_t nr);

/*
 * How likely it is that chance alone splits values as far apart as @a and @b
 * are, by their ranks: the exact test of Wilcoxon, Mann and Whitney, both
 * sides, equal values having the rank between. 1 where nothing can be said: a
 * value is unknown, or there is none.
 */
double stats_chance(const uint64_t *a, size_t nr_a, const uint64_t *b,
		    size_t nr_b);

#endif
