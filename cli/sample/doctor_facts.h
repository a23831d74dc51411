/* SPDX-License-Identifier: GPL-2.0-only */
/* Facts about a machine, from which model/doctor.h draws its conclusions. */
#ifndef MEMTOP_SAMPLE_DOCTOR_FACTS_H
#define MEMTOP_SAMPLE_DOCTOR_FACTS_H

#include <stddef.h>
#include <stdint.h>

/* The facts that are looked up; doctor_infos has their purposes. */
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

enum doctor_state {
	DOCTOR_UNKNOWN, /* cannot be determined; it may be there */
	DOCTOR_FOUND,
	DOCTOR_MISSING,
};

struct doctor_fact {
	enum doctor_state state;
	char detail[96]; /* details, such as "built in"; may be empty */
};

struct doctor_facts {
	char kernel[65]; /* release */
	uint64_t devices; /* of device-mapper; may be MEMTOP_UNKNOWN */
	struct doctor_fact facts[NR_CHECKS];
};

/*
 * A member that the kernel lacks, and the figures that are unknown without it.
 */
struct doctor_gap {
	char member[96]; /* "dm_verity.fec", or another name */
	const char *fact; /* in JSON */
	const char *costs; /* for people */
};

#define DOCTOR_MAX_GAPS 64

struct doctor_gaps {
	struct doctor_gap all[DOCTOR_MAX_GAPS];
	size_t nr;
};

/* How source stock finds the devices. */
enum doctor_root {
	DOCTOR_ROOT_NONE, /* it found none, or was not tried */
	DOCTOR_ROOT_SYSFS,
	DOCTOR_ROOT_SYMBOL,
};

#endif
