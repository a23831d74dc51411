/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is possible on a machine, decided from facts about it. Nothing here
 * looks at the machine: kernel/facts.h does.
 */
#ifndef MEMTOP_MODEL_DOCTOR_H
#define MEMTOP_MODEL_DOCTOR_H

#include <stdbool.h>

#include "sample/doctor_facts.h"
#include "sample/sample.h"

/* What people are told of a check. */
struct doctor_info {
	const char *name; /* in JSON, and in the man page */
	const char *what; /* is looked for; some 30 characters at most */
	const char *gives; /* what it is needed for */
	const char *how; /* to get it where it is missing */
};

extern const struct doctor_info doctor_infos[NR_CHECKS];

/* The gravest of what a way lacks: nothing else is of use without it. */
enum doctor_lack {
	LACK_NOTHING,
	LACK_DM, /* device-mapper is not loaded */
	LACK_RIGHT,
	LACK_KERNEL, /* needs another kernel, or other modules */
};

/* In JSON; NULL for none. */
extern const char *const doctor_root_names[];

/* Ways to know what pools there are: the sources, the best first. */
struct doctor_verdict {
	bool missing[NR_SAMPLE_SOURCES][NR_CHECKS];
	enum doctor_lack lack[NR_SAMPLE_SOURCES];
};

/* What of @facts each way lacks. Unknown facts are no lack: one has to try. */
struct doctor_verdict doctor_decide(const struct doctor_facts *facts);

/* What the ways have in common to lack: that of the one that is nearest. */
enum doctor_lack doctor_least_lack(const struct doctor_verdict *verdict);

#endif
