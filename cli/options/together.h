/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks which options, values and arguments can be combined. */
#ifndef MEMTOP_OPTIONS_TOGETHER_H
#define MEMTOP_OPTIONS_TOGETHER_H

#include "options/catalogue.h"

struct strbuf;

/*
 * Checks @options, of which @given were named. Returns 0, or -EINVAL with the
 * reason added to @problem.
 */
int options_check(const struct options *options, const struct option_set *given,
		  struct strbuf *problem);

/*
 * Whether the command accepts each option of @given; returns 0 or -EINVAL as
 * above.
 */
int options_check_allowed(const struct options *options,
			  const struct option_set *given,
			  struct strbuf *problem);

#endif
