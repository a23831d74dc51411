/* SPDX-License-Identifier: GPL-2.0-only */
/* Colours of a terminal, as escape sequences. They never carry a meaning alone. */
#ifndef MEMTOP_BASE_COLOUR_H
#define MEMTOP_BASE_COLOUR_H

#include <stdbool.h>
#include <stddef.h>

/* Values of --color. */
enum colour_when {
	COLOUR_AUTO, /* if stdout is a terminal, unless the environment forbids it */
	COLOUR_ALWAYS,
	COLOUR_NEVER,
	NR_COLOUR_WHENS,
};

extern const char *const colour_when_names[NR_COLOUR_WHENS];

enum colour {
	COLOUR_PLAIN,
	COLOUR_BOLD,
	COLOUR_GOOD,
	COLOUR_WARN,
	COLOUR_BAD,
};

/* The sequence that begins text in colour @c, or "" without @on. */
const char *colour_start(bool on, enum colour c);

/* The sequence that ends it, or "". */
const char *colour_stop(bool on, enum colour c);

/*
 * The length in bytes of the sequence of these that @s begins with; 0: none.
 */
size_t colour_length(const char *s);

#endif
