/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Evaluates the programs' tables of members (kernel_facts.h) on a kernel that
 * lacks some of them.
 */
#ifndef MEMTOP_KERNEL_GAPS_H
#define MEMTOP_KERNEL_GAPS_H

#include <stdint.h>

#include "sample/doctor_facts.h"

struct program_refusal;

/* Adds those of @missing, an array in the order of the program's table. */
void gaps_add_stock(const uint8_t *missing, struct doctor_gaps *to);
void gaps_add_links(const uint8_t *missing, struct doctor_gaps *to);
void gaps_add_stacks(const uint8_t *missing, struct doctor_gaps *to);

/*
 * Adds that the program of links, or of stacks, was refused, with the reason
 * @why.
 */
void gaps_add_no_links(const struct program_refusal *why,
		       struct doctor_gaps *to);
void gaps_add_no_stacks(const struct program_refusal *why,
			struct doctor_gaps *to);

/* Adds why no program counts waits. */
void gaps_add_no_counts(const struct program_refusal *why,
			struct doctor_gaps *to);

/* The first missing one without which waits cannot be counted; NULL: none. */
const char *gaps_without_counts(const uint8_t *missing);

/* The first missing one that prevents finding all devices; NULL: none. */
const char *gaps_without_devices(const uint8_t *missing);

/* The same for the array of links: it prevents finding links. */
const char *gaps_without_links(const uint8_t *missing);

/*
 * The first missing one that prevents finding the tree by way of sysfs; NULL:
 * none.
 */
const char *gaps_without_sysfs(const uint8_t *missing);

#endif
