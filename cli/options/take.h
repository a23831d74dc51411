/* SPDX-License-Identifier: GPL-2.0-only */
/* Stores the value of one option, from its word, in struct options. */
#ifndef MEMTOP_OPTIONS_TAKE_H
#define MEMTOP_OPTIONS_TAKE_H

#include "options/catalogue.h"

struct strbuf;

/*
 * Stores @value, which is NULL if @option takes none and otherwise must outlive
 * @to. Returns 0, or -EINVAL with the reason added to @problem.
 */
int option_take(struct options *to, enum option option, const char *value,
		struct strbuf *problem);

/* Adds @word, which must outlive @list. */
void word_list_add(struct word_list *list, const char *word);

#endif
