/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A part of a sample: some of its tables, with their pools and findings. The cause of a
 * wait may be outside of the part, so findings and hits of rules are searched in the
 * whole sample and chosen afterwards.
 */
#ifndef MEMTOP_MODEL_PART_H
#define MEMTOP_MODEL_PART_H

#include <stdbool.h>

#include "model/snapshot.h"
#include "sample/sample.h"

struct findings;
struct static_hits;

struct part {
	/* Refers to the whole sample; it has the tables and pools of the part. */
	struct sample sample;
	struct snapshot snap; /* of it */
	bool *pools; /* owned; whether the part has them, by place in the whole */
	const struct sample *whole;
};

/*
 * Makes the part of @snap's sample that @sel has. Both and the sample must outlive
 * @ret; the caller releases it.
 */
void part_make(const struct snapshot *snap, const struct snap_selection *sel,
	       struct part *ret);
void part_release(struct part *part);

/* Leaves the findings and waits of the part's pools; @found is of the whole. */
void part_choose_findings(const struct part *part, struct findings *found);

/* Leaves the hits of the part's pools; @hits are of the whole. */
void part_choose_hits(const struct part *part, struct static_hits *hits);

#endif
