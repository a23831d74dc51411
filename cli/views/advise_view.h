/* SPDX-License-Identifier: GPL-2.0-only */
/* Advice on reserved_bio_based_ios, for the views. */
#ifndef MEMTOP_VIEWS_ADVISE_VIEW_H
#define MEMTOP_VIEWS_ADVISE_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "base/distribution.h"

struct advice;

/* As text, for people, with the steps for @system, with @colour or without. */
void advise_text(FILE *out, const struct advice *advice,
		 enum distribution system, bool colour);

/*
 * As a script that sets the value and undoes that; the value, and that of the
 * parameter, must be known.
 */
void advise_script(FILE *out, const struct advice *advice,
		   enum distribution system);

/* A table with the effects of each value that was named. */
void advise_values_text(FILE *out, const struct advice *advice);

/* As a verity-memtop/advise/1 document: docs/advise.schema.json. */
void advise_json(FILE *out, const struct advice *advice,
		 enum distribution system);

#endif
