/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What works on a machine, decided from facts about it. Does not access the
 * machine: kernel/facts.h does.
 */
#ifndef MEMTOP_MODEL_DOCTOR_H
#define MEMTOP_MODEL_DOCTOR_H

#include <stdbool.h>

#include "sample/doctor_facts.h"
#include "sample/sample.h"

/* The texts about a check. */
struct doctor_info {
	const char *name; /* in JSON, and in the man page */
	const char *what; /* its subject; some 30 characters at most */
	const char *gives; /* what it is needed for */
	const char *how; /* how to get it if it is missing */
};

extern const struct doctor_info doctor_infos[NR_CHECKS];

/*
 * The most severe lack of a way: other steps do not help before it is removed.
 */
enum doctor_lack {
	LACK_NOTHING,
	LACK_DM, /* device-mapper is not loaded */
	LACK_RIGHT,
	LACK_KERNEL, /* needs another kernel, or other modules */
};

/* In JSON; NULL for none. */
extern const char *const doctor_root_names[];

/* The sources, the best first. */
struct doctor_result {
	bool missing[NR_SAMPLE_SOURCES][NR_CHECKS];
	enum doctor_lack lack[NR_SAMPLE_SOURCES];
};

/*
 * The most severe lack of each source. An unknown fact is not a lack; only an
 * attempt can decide.
 */
struct doctor_result doctor_decide(const struct doctor_facts *facts);

/* The common lack of all ways: that of the most usable one. */
enum doctor_lack doctor_least_lack(const struct doctor_result *result);

#endif
