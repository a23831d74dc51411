/* SPDX-License-Identifier: GPL-2.0-only */
/* The libraries that the program was built with. */
#ifndef MEMTOP_KERNEL_VERSION_H
#define MEMTOP_KERNEL_VERSION_H

#include "base/strbuf.h"

/* Adds lines with the built-in or linked libraries. */
void version_add_parts(struct strbuf *sb);

#endif
