/* SPDX-License-Identifier: GPL-2.0-only */
/* The results of `doctor`, for the views, which only read them. */
#ifndef MEMTOP_VIEWS_DOCTOR_VIEW_H
#define MEMTOP_VIEWS_DOCTOR_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "model/doctor.h"

struct doctor_view {
	const struct doctor_facts *facts;
	const struct doctor_result *result;
	int errors[NR_SAMPLE_SOURCES]; /* the result of trying it: -errno, or 0 */
	enum doctor_root root; /* of source stock */
	struct doctor_gaps gaps; /* of source stock */
};

/* The source that `report` uses, or NR_SAMPLE_SOURCES if none works. */
enum sample_source doctor_best(const struct doctor_view *view);

/* As text, for people, with @colour or without. */
void doctor_text(FILE *out, const struct doctor_view *view, bool colour);

/* As a verity-memtop/doctor/1 document: docs/doctor.schema.json. */
void doctor_json(FILE *out, const struct doctor_view *view);

#endif
