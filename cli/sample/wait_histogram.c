// SPDX-License-Identifier: GPL-2.0-only
#include "sample/wait_histogram.h"

#include <linux/types.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "sample/quantity.h"
#include "sample/sample.h"

#include "wait_buckets.h"

_Static_assert(WAIT_HISTOGRAM_BUCKETS == WAIT_BUCKETS, "as in the programs");

uint64_t wait_histogram_most(size_t bucket)
{
	return bucket >= WAIT_BUCKETS - 1 ?
		       MEMTOP_UNKNOWN :
		       1ULL << (WAIT_BUCKETS_FIRST + bucket);
}

size_t wait_histogram_place(uint64_t ns)
{
	return wait_bucket_of(ns);
}

struct wait_histogram wait_histogram_none(void)
{
	return (struct wait_histogram){ .known = true };
}

void wait_histogram_add(struct wait_histogram *to,
			const struct sample_pool *pool)
{
	to->known &= pool->wait_histogram_known;
	if (!pool->wait_histogram_known)
		return;
	for (size_t i = 0; i < pool->nr_wait_histogram; i++) {
		const struct sample_wait_bucket *from =
			&pool->wait_histogram[i];
		uint64_t *waits = &to->waits[wait_bucket_of(from->up_to_ns)];

		*waits = quantity_add_least(*waits, from->waits);
	}
}

uint64_t wait_histogram_sum(const struct wait_histogram *h)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < WAIT_BUCKETS; i++)
		sum = quantity_add_least(sum, h->waits[i]);
	return sum;
}

void wait_histogram_set(struct sample_pool *pool, const uint64_t *waits)
{
	size_t nr = 0;

	free(pool->wait_histogram);
	pool->wait_histogram = NULL;
	pool->nr_wait_histogram = 0;
	pool->wait_histogram_known = true;
	for (size_t i = 0; i < WAIT_BUCKETS; i++)
		nr += waits[i] != 0;
	if (!nr)
		return;
	pool->wait_histogram = xcalloc(nr, sizeof(*pool->wait_histogram));
	for (size_t i = 0; i < WAIT_BUCKETS; i++) {
		if (waits[i])
			pool->wait_histogram[pool->nr_wait_histogram++] =
				(struct sample_wait_bucket){
					.up_to_ns = wait_histogram_most(i),
					.waits = waits[i],
				};
	}
}

void wait_histogram_copy(struct sample_pool *pool,
			 const struct sample_pool *from)
{
	const size_t nr = from->nr_wait_histogram;

	pool->wait_histogram_known = from->wait_histogram_known;
	pool->nr_wait_histogram = nr;
	pool->wait_histogram = NULL;
	if (!nr)
		return;
	pool->wait_histogram = xcalloc(nr, sizeof(*pool->wait_histogram));
	memcpy(pool->wait_histogram, from->wait_histogram,
	       nr * sizeof(*pool->wait_histogram));
}
