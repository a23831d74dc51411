/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is possible on a machine, decided from facts about it. Nothing here
 * looks at the machine: collect/facts.h does.
 */
#ifndef MEMTOP_MODEL_DOCTOR_H
#define MEMTOP_MODEL_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is looked for; doctor_infos says why. */
enum doctor_check {
	CHECK_BPF,
	CHECK_UNLOCKED,
	CHECK_SYMBOLS,
	CHECK_BTF_KERNEL,
	CHECK_DM,
	CHECK_BTF_DM,
	CHECK_VERITY,
	CHECK_BTF_VERITY,
	CHECK_POOL_EVENTS,
	CHECK_USE_EVENTS,
	CHECK_TRACEFS,
	CHECK_DM_CONTROL,
	CHECK_CAP_SYS_ADMIN,
	CHECK_CAP_BPF,
	CHECK_CAP_PERFMON,
	NR_CHECKS,
};

/* What people are told of a check. */
struct doctor_info {
	const char *name; /* in JSON, and in the man page */
	const char *what; /* is looked for; some 30 characters at most */
	const char *gives; /* what it is needed for */
	const char *how; /* to get it where it is missing */
};

extern const struct doctor_info doctor_infos[NR_CHECKS];

enum doctor_state {
	DOCTOR_UNKNOWN, /* can't be seen from here; it may be there */
	DOCTOR_FOUND,
	DOCTOR_MISSING,
};

struct doctor_fact {
	enum doctor_state state;
	char detail[96]; /* more about it, as "built in"; may be empty */
};

struct doctor_facts {
	char kernel[65]; /* release */
	uint64_t devices; /* device-mapper's; MEMTOP_UNKNOWN: can't be seen */
	struct doctor_fact facts[NR_CHECKS];
};

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

/* Something that the kernel lacks, and what is unknown for that. */
struct doctor_gap {
	char member[96]; /* as "dm_verity.fec", or what else it is */
	const char *fact; /* in JSON */
	const char *costs; /* for people */
};

#define DOCTOR_MAX_GAPS 64

struct doctor_gaps {
	struct doctor_gap all[DOCTOR_MAX_GAPS];
	size_t nr;
};

/* By which way source stock finds the devices. */
enum doctor_root {
	DOCTOR_ROOT_NONE, /* it found none, or was not tried */
	DOCTOR_ROOT_SYSFS,
	DOCTOR_ROOT_SYMBOL,
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
