/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is possible on a machine, decided from facts about it. Nothing here
 * looks at the machine: kernel/facts.h does.
 */
#ifndef MEMTOP_MODEL_DOCTOR_H
#define MEMTOP_MODEL_DOCTOR_H

#include <stdbool.h>

#include "sample/doctor_facts.h"

/* What people are told of a check. */
struct doctor_info {
	const char *name; /* in JSON, and in the man page */
	const char *what; /* is looked for; some 30 characters at most */
	const char *gives; /* what it is needed for */
	const char *how; /* to get it where it is missing */
};

extern const struct doctor_info doctor_infos[NR_CHECKS];

/* Ways to know what pools there are, the best first. */
enum doctor_way {
	WAY_TRACEPOINTS,
	WAY_STOCK,
	NR_WAYS,
};

extern const char *const doctor_way_names[NR_WAYS];

/* The gravest of what a way lacks: nothing else is of use without it. */
enum doctor_lack {
	LACK_NOTHING,
	LACK_DM, /* device-mapper is not loaded */
	LACK_RIGHT,
	LACK_KERNEL, /* needs another kernel, or other modules */
};

/* In JSON; NULL for none. */
extern const char *const doctor_root_names[];

struct doctor_verdict {
	bool missing[NR_WAYS][NR_CHECKS];
	enum doctor_lack lack[NR_WAYS];
};

/* What of @facts each way lacks. Unknown facts are no lack: one has to try. */
struct doctor_verdict doctor_decide(const struct doctor_facts *facts);

/* What the ways have in common to lack: that of the one that is nearest. */
enum doctor_lack doctor_least_lack(const struct doctor_verdict *verdict);

#endif
