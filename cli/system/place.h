/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The place of a file that will be written. In a directory that other users can
 * write to, a name may be a trap: a link that they made to a file of the
 * caller's, or a FIFO that they read.
 */
#ifndef MEMTOP_SYSTEM_PLACE_H
#define MEMTOP_SYSTEM_PLACE_H

#include <stdbool.h>

struct place {
	int directory; /* owned; for the calls that end in "at" */
	const char *name; /* in that directory; points into the path */
	bool own; /* only root and the caller can create names there */
};

/*
 * Opens the directory of @path, which must stay valid. It follows no link that
 * a user other than root and the caller may have created, whatever
 * fs.protected_symlinks is. Returns 0, or -errno, already reported.
 */
int place_open(const char *path, struct place *ret);

/* Safe on one that could not be opened. */
void place_close(struct place *place);

#endif
