/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_KERNEL_FACTS_H
#define MEMTOP_KERNEL_FACTS_H

struct doctor_facts;

/*
 * Collects the facts for model/doctor.h. Loads no module, mounts nothing, and
 * needs no privileges: a fact that needs some is unknown without them.
 */
void facts_collect(struct doctor_facts *ret);

#endif
