/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_KERNEL_FACTS_H
#define MEMTOP_KERNEL_FACTS_H

struct doctor_facts;

/*
 * Looks at the machine for what model/doctor.h decides from. Loads no module,
 * mounts nothing, and needs no rights: what can't be seen without is unknown.
 */
void facts_collect(struct doctor_facts *ret);

#endif
