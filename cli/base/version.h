/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The version of verity-memtop. Defined with the kernel's readers; programs
 * without these use tests/fixtures/version.c, because their output must not
 * change with each commit.
 */
#ifndef MEMTOP_BASE_VERSION_H
#define MEMTOP_BASE_VERSION_H

#include "base/strbuf.h"

/* For example "0.1.0"; packaging/version describes the forms. */
extern const char version_number[];

/* Adds lines with the built-in or linked libraries. */
void version_add_parts(struct strbuf *sb);

#endif
