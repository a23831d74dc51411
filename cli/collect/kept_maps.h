/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The last sample and the notes of the two passes it was made of: where two
 * passes have noted the same again, to the byte, the sample is the same. To see
 * that costs a small part of making one.
 */
#ifndef MEMTOP_KEPT_MAPS_H
#define MEMTOP_KEPT_MAPS_H

#include <stdbool.h>
#include <stddef.h>

#include "collect/stock_maps.h"
#include "model/sample.h"

/* One pass' notes, one kind after the other. */
struct kept_pass {
	struct stock_numbers nr;
	unsigned char *bytes; /* owned */
	size_t size;
	size_t room;
};

struct kept_maps {
	bool valid;
	struct kept_pass passes[2];
	struct sample sample; /* owned */
};

/* Keeps a copy of @s, which is whole, and of the notes of both @passes. */
void kept_maps_keep(struct kept_maps *kept, const struct stock_notes passes[2],
		    const struct sample *s);

/* Keeps nothing from here on. */
void kept_maps_forget(struct kept_maps *kept);

/* Whether @passes have noted what the kept sample was made of, and nothing else. */
bool kept_maps_match(const struct kept_maps *kept,
		     const struct stock_notes passes[2]);

/* Frees what @kept owns, not @kept itself; fine on a zeroed one. */
void kept_maps_release(struct kept_maps *kept);

#endif
