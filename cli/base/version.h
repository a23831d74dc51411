/* SPDX-License-Identifier: GPL-2.0-only */
/* The version of verity-memtop. */
#ifndef MEMTOP_BASE_VERSION_H
#define MEMTOP_BASE_VERSION_H

/* For example "0.1.0"; packaging/version describes the forms. */
extern const char version_number[];

#endif
