/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSTEM_MACHINE_H
#define MEMTOP_SYSTEM_MACHINE_H

struct strbuf;

/* Adds the running machine as "x86_64, 4 CPUs"; nothing that names it. */
void machine_describe(struct strbuf *sb);

#endif
