/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which verity-memtop this is. Defined with the kernel's readers, and for programs
 * without those in tests/fixtures/version.c, whose output must not change with
 * each commit.
 */
#ifndef MEMTOP_BASE_VERSION_H
#define MEMTOP_BASE_VERSION_H

#include "base/strbuf.h"

/* For instance "0.1.0"; packaging/version says what it can be. */
extern const char version_number[];

/* Adds lines that say which libraries are built in or linked. */
void version_add_parts(struct strbuf *sb);

#endif
