// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/gaps.h"

#include <stddef.h>

#include "base/text.h"
#include "kernel/program.h"

#include "kernel_facts.h"

struct member {
	const char *name;
	enum kernel_fact fact;
};

#define ROW(has, name, fact) { name, fact },
static const struct member stock_members[] = { STOCK_MEMBERS(ROW) };
static const struct member links_members[] = { LINKS_MEMBERS(ROW) };
static const struct member stacks_members[] = { STACKS_MEMBERS(ROW) };
#undef ROW

static const struct {
	const char *name;
	const char *costs;
} facts[NR_KERNEL_FACTS] = {
	[FACT_DEVICES] = { "devices", "all devices" },
	[FACT_BY_SYMBOL] = { "by-symbol",
			     "finding devices by the kernel's symbols" },
	[FACT_BY_SYSFS] = { "by-sysfs", "finding devices by way of sysfs" },
	[FACT_NAME] = { "names", "names of devices" },
	[FACT_UUID] = { "uuids", "UUIDs of devices" },
	[FACT_SUSPENDED] = { "suspended", "whether a device is suspended" },
	[FACT_CHANGES] = { "changes",
			   "some ways to notice a device that changes while it "
			   "is read" },
	[FACT_TABLES] = { "tables", "targets and reserves of all devices" },
	[FACT_LOWER] = { "lower", "devices below others" },
	[FACT_RESERVES] = { "reserves", "some reserves, and sums with them" },
	[FACT_INACTIVE] = { "inactive",
			    "tables that are loaded, but not live" },
	[FACT_MIN] = { "minimum", "sizes of reserves, and sums with them" },
	[FACT_LEVEL] = { "level", "how full reserves are" },
	[FACT_SIZE] = { "sizes", "bytes of elements, and sums with them" },
	[FACT_WAITERS] = { "waiters", "waiting tasks" },
	[FACT_TASK_NAME] = { "task-names", "names of waiting tasks" },
	[FACT_SWITCHES] = { "switches",
			    "whether a task that waits has waited before" },
	[FACT_COUNTS] = { "counts", "numbers and durations of waits" },
	[FACT_CACHED] = { "cached", "cached bytes" },
	[FACT_CORRUPTED] = { "corrupted", "corrupted blocks" },
	[FACT_LINKS] = { "links",
			 "which device waits for which: deadlocks are not "
			 "detected" },
	[FACT_IN_FLIGHT] = { "in-flight", "I/O in flight below a device" },
	[FACT_PARTS] = { "parts",
			 "where blocks lie below a device: a deadlock is only "
			 "a possible one" },
	[FACT_LOOP] = { "loop",
			"the devices below loop devices and partitions" },
	[FACT_STACKS] = { "stacks", "kernel stacks of waiting tasks" },
};

static void add(enum kernel_fact fact, const char *member,
		struct doctor_gaps *to)
{
	struct doctor_gap *gap;

	if (to->nr == DOCTOR_MAX_GAPS)
		return;
	gap = &to->all[to->nr++];
	text_copy(gap->member, sizeof(gap->member), member);
	gap->fact = facts[fact].name;
	gap->costs = facts[fact].costs;
}

static void add_missing(const struct member *members, size_t nr,
			const uint8_t *missing, struct doctor_gaps *to)
{
	for (size_t i = 0; i < nr; i++) {
		if (missing[i])
			add(members[i].fact, members[i].name, to);
	}
}

void gaps_add_stock(const uint8_t *missing, struct doctor_gaps *to)
{
	add_missing(stock_members, NR_STOCK_MEMBERS, missing, to);
}

void gaps_add_links(const uint8_t *missing, struct doctor_gaps *to)
{
	add_missing(links_members, NR_LINKS_MEMBERS, missing, to);
}

void gaps_add_stacks(const uint8_t *missing, struct doctor_gaps *to)
{
	add_missing(stacks_members, NR_STACKS_MEMBERS, missing, to);
}

static void add_refused(enum kernel_fact fact,
			const struct program_refusal *why,
			struct doctor_gaps *to)
{
	add(fact,
	    *why->member ? why->member :
	    *why->words	 ? why->words :
			   "a program that is refused",
	    to);
}

void gaps_add_no_links(const struct program_refusal *why,
		       struct doctor_gaps *to)
{
	add_refused(FACT_LINKS, why, to);
}

void gaps_add_no_stacks(const struct program_refusal *why,
			struct doctor_gaps *to)
{
	add_refused(FACT_STACKS, why, to);
}

void gaps_add_no_counts(const struct program_refusal *why,
			struct doctor_gaps *to)
{
	add_refused(FACT_COUNTS, why, to);
}

static const char *first_of(enum kernel_fact fact, const uint8_t *missing)
{
	for (size_t i = 0; i < NR_STOCK_MEMBERS; i++) {
		if (missing[i] && stock_members[i].fact == fact)
			return stock_members[i].name;
	}
	return NULL;
}

const char *gaps_without_devices(const uint8_t *missing)
{
	return first_of(FACT_DEVICES, missing);
}

const char *gaps_without_counts(const uint8_t *missing)
{
	return first_of(FACT_COUNTS, missing);
}

const char *gaps_without_links(const uint8_t *missing)
{
	for (size_t i = 0; i < NR_LINKS_MEMBERS; i++) {
		if (missing[i] && links_members[i].fact == FACT_LINKS)
			return links_members[i].name;
	}
	return NULL;
}

const char *gaps_without_sysfs(const uint8_t *missing)
{
	return first_of(FACT_BY_SYSFS, missing);
}
