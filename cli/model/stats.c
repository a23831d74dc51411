// SPDX-License-Identifier: GPL-2.0-only
#include "model/stats.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "sample/sample.h"

static int compare_values(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

struct stats_spread stats_spread(const uint64_t *values, size_t nr)
{
	const struct stats_spread unknown = { MEMTOP_UNKNOWN, MEMTOP_UNKNOWN,
					      MEMTOP_UNKNOWN };
	struct stats_spread ret;
	uint64_t *sorted, low, high;

	if (!nr)
		return unknown;
	sorted = xcalloc(nr, sizeof(*sorted));
	memcpy(sorted, values, nr * sizeof(*sorted));
	qsort(sorted, nr, sizeof(*sorted), compare_values);
	low = sorted[(nr - 1) / 2];
	high = sorted[nr / 2];
	ret = (struct stats_spread){ sorted[0], low + (high - low) / 2,
				     sorted[nr - 1] };
	free(sorted);
	/* the largest number stands for unknown */
	return ret.most == MEMTOP_UNKNOWN ? unknown : ret;
}

/* Twice the rank of @value in @sorted, so that ties have whole numbers. */
static size_t twice_rank(const uint64_t *sorted, size_t nr, uint64_t value)
{
	size_t below = 0, equal = 0;

	for (size_t i = 0; i < nr; i++) {
		below += sorted[i] < value;
		equal += sorted[i] == value;
	}
	return 2 * below + equal + 1;
}

/*
 * The fraction of all ways to choose @nr_a of the @nr ranks whose sum is at
 * least as far from the middle as @sum. Counted by adding one rank after
 * another to the number of ways of reaching each sum.
 */
static double part_as_far(const size_t *ranks, size_t nr, size_t nr_a,
			  size_t sum)
{
	size_t most = nr * (nr + 1), middle = nr_a * (nr + 1), i, k, s;
	double *ways = xcalloc((nr_a + 1) * (most + 1), sizeof(*ways));
	size_t distance = sum > middle ? sum - middle : middle - sum;
	double all = 0, far = 0;

	ways[0] = 1;
	for (i = 0; i < nr; i++) {
		for (k = nr_a; k > 0; k--) {
			const double *from = &ways[(k - 1) * (most + 1)];
			double *to = &ways[k * (most + 1)];

			for (s = ranks[i]; s <= most; s++)
				to[s] += from[s - ranks[i]];
		}
	}
	for (s = 0; s <= most; s++) {
		double n = ways[nr_a * (most + 1) + s];

		all += n;
		if ((s > middle ? s - middle : middle - s) >= distance)
			far += n;
	}
	free(ways);
	return far / all;
}

double stats_chance(const uint64_t *a, size_t nr_a, const uint64_t *b,
		    size_t nr_b)
{
	size_t nr = nr_a + nr_b, sum = 0;
	uint64_t *all;
	size_t *ranks;
	double ret = 1;

	if (!nr_a || !nr_b)
		return 1;
	all = xcalloc(nr, sizeof(*all));
	ranks = xcalloc(nr, sizeof(*ranks));
	memcpy(all, a, nr_a * sizeof(*all));
	memcpy(all + nr_a, b, nr_b * sizeof(*all));
	for (size_t i = 0; i < nr; i++) {
		ranks[i] = twice_rank(all, nr, all[i]);
		if (i < nr_a)
			sum += ranks[i];
	}
	qsort(all, nr, sizeof(*all), compare_values);
	if (all[nr - 1] != MEMTOP_UNKNOWN)
		ret = part_as_far(ranks, nr, nr_a, sum);
	free(ranks);
	free(all);
	return ret;
}
