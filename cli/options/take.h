/* SPDX-License-Identifier: GPL-2.0-only */
/* The value of one option, from its word into struct options. */
#ifndef MEMTOP_OPTIONS_TAKE_H
#define MEMTOP_OPTIONS_TAKE_H

#include "options/catalogue.h"

struct strbuf;

/*
 * Keeps @value, which is NULL if @option takes none and otherwise has to outlive
 * @to. Returns 0, or -EINVAL with what is wrong added to @problem.
 */
int option_take(struct options *to, enum option option, const char *value,
		struct strbuf *problem);

/* Adds @word, which has to outlive @list. */
void word_list_add(struct word_list *list, const char *word);

#endif
