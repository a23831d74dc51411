/* SPDX-License-Identifier: GPL-2.0-only */
/* Statistics for a few measurements, without assuming a normal distribution. */
#ifndef MEMTOP_MODEL_STATS_H
#define MEMTOP_MODEL_STATS_H

#include <stddef.h>
#include <stdint.h>

/* A smaller chance counts as a real difference: see stats_chance(). */
#define STATS_NOISE 0.05

struct stats_spread {
	uint64_t least;
	uint64_t median; /* of an even number: halfway, rounded down */
	uint64_t most;
};

/*
 * Of @nr values in any order; all unknown if one value is, or if there is none.
 */
struct stats_spread stats_spread(const uint64_t *values, size_t nr);

/*
 * The probability that chance alone makes values differ as much as @a and @b
 * do: the exact test of Wilcoxon, Mann and Whitney on their ranks, two-sided,
 * with mean ranks for equal values. 1 if it cannot be determined: a value is
 * unknown, or there is none.
 */
double stats_chance(const uint64_t *a, size_t nr_a, const uint64_t *b,
		    size_t nr_b);

#endif
