// SPDX-License-Identifier: GPL-2.0-only
#include "decode/link_maps.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "sample/sample.h"

/* The kernel's dev_t: include/linux/kdev_t.h */
#define KDEV_MINOR_BITS 20

static const enum sample_link_kind kinds[] = {
	[LINKS_DATA] = SAMPLE_LINK_DATA,
	[LINKS_HASH] = SAMPLE_LINK_HASH,
	[LINKS_FEC] = SAMPLE_LINK_FEC,
	[LINKS_OTHER] = SAMPLE_LINK_OTHER,
	[LINKS_FILE] = SAMPLE_LINK_FILE,
	[LINKS_PARTITION] = SAMPLE_LINK_PARTITION,
};

static struct sample_devno devno_of(uint32_t dev)
{
	return (struct sample_devno){
		.major = dev >> KDEV_MINOR_BITS,
		.minor = dev & ((1U << KDEV_MINOR_BITS) - 1),
	};
}

/* Those without details besides the devices come last. */
static int compare_links(const void *pa, const void *pb)
{
	const struct sample_link *a = pa, *b = pb;
	int order = sample_compare_devno(a->upper, b->upper);

	if (!order)
		order = sample_compare_devno(a->lower, b->lower);
	if (!order)
		order = compare_u64(a->kind == SAMPLE_LINK_OTHER,
				    b->kind == SAMPLE_LINK_OTHER);
	if (!order)
		order = compare_u64(a->kind, b->kind);
	if (!order)
		order = compare_u64(a->start, b->start);
	if (!order)
		order = compare_u64(a->lower_start, b->lower_start);
	return order;
}

static bool same_devices(const struct sample_link *a,
			 const struct sample_link *b)
{
	return sample_compare_devno(a->upper, b->upper) == 0 &&
	       sample_compare_devno(a->lower, b->lower) == 0;
}

/* Whether @link, which comes after @last, adds nothing. */
static bool is_known(const struct sample_link *last,
		     const struct sample_link *link)
{
	if (compare_links(last, link) == 0)
		return true;
	return link->kind == SAMPLE_LINK_OTHER && same_devices(last, link);
}

void link_maps_add(const struct links_link *notes, size_t nr, struct sample *s)
{
	size_t kept = 0;

	s->links = xcalloc(nr, sizeof(*s->links));
	for (size_t i = 0; i < nr; i++) {
		const struct links_link *from = &notes[i];

		if (from->kind >= sizeof(kinds) / sizeof(kinds[0]))
			continue;
		s->links[s->nr_links++] = (struct sample_link){
			.upper = devno_of(from->upper),
			.lower = devno_of(from->lower),
			.kind = kinds[from->kind],
			.mapped = from->mapped,
			.start = from->start,
			.sectors = from->sectors,
			.lower_start = from->lower_start,
			.in_flight = from->in_flight_known ? from->in_flight :
							     MEMTOP_UNKNOWN,
		};
	}
	if (s->nr_links)
		qsort(s->links, s->nr_links, sizeof(*s->links), compare_links);
	for (size_t i = 0; i < s->nr_links; i++) {
		if (!kept || !is_known(&s->links[kept - 1], &s->links[i]))
			s->links[kept++] = s->links[i];
	}
	s->nr_links = kept;
	s->links_known = true;
}
