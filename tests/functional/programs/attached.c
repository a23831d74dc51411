// SPDX-License-Identifier: GPL-2.0-only
/*
 * The collector, attached for as long as stdin is open, as in a command that
 * runs for hours.
 *
 * usage: memtop-attached [POOLS TABLES WAITS OPS ELEMENTS]
 *        memtop-attached once|watch|watch-stock
 *
 * The numbers are sizes of maps, 0 for the default. "once": as for a report.
 * "watch": as on a machine that may be stuck; then the answers also have
 *
 *	link UPPER LOWER KIND START SECTORS LOWER_START IN_FLIGHT
 *	pool ID NAME ROLE CURRENT/MIN MOVED
 *	waiter ID PID SINCE AT_LEAST OP, holder ID PID OP
 *	stack PID, and its lines
 *	news, if news were reported
 *	same, if devices and pools are unchanged and at the same addresses
 *
 * with - for an unknown value. For each line on stdin it takes a sample and
 * answers; if the line is "again", it renews the last sample:
 *
 *	device MAJOR:MINOR SLOT POOLS NAME	for each table that has pools
 *	repairs NAME RECHECKS FAILED RECHECKING	for each device with a repair
 *	lost RING_FULL MAP_FULL MISSED_RUNS RACED_READS
 *	end DEVICES POOLS
 *
 * SLOT is 1 for live, 2 for inactive, 0 for pools without a known owner. Exits
 * with 1 when the collector fails.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/collect.h"
#include "sample/sample.h"
#include "model/snapshot.h"
#include "system/rights.h"

static void answer(const struct sample *s)
{
	struct snapshot snap;

	snapshot_build(s, &snap);
	for (size_t i = 0; i < snap.nr_entries; i++) {
		const struct snap_entry *e = &snap.entries[i];

		if (e->nr_pools)
			printf("device %u:%u %d %zu %s\n", e->dev.major,
			       e->dev.minor, e->dev_known ? e->slot : 0,
			       e->nr_pools, e->device ? e->device->name : "-");
	}
	for (size_t i = 0; i < s->nr_devices; i++) {
		const struct sample_device *d = &s->devices[i];

		if (d->rechecks != MEMTOP_UNKNOWN && d->rechecks)
			printf("repairs %s %" PRIu64 " %" PRIu64 " %" PRIu64
			       "\n",
			       d->name, d->rechecks, d->failed_rechecks,
			       d->rechecking);
	}
	printf("lost %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
	       s->losses.ring_full, s->losses.map_full, s->losses.missed_runs,
	       s->losses.raced_reads);
	printf("end %zu %zu\n", s->nr_devices, s->nr_pools);
	fflush(stdout);
	snapshot_release(&snap);
}

static void print_number(uint64_t n)
{
	if (n == MEMTOP_UNKNOWN)
		printf(" -");
	else
		printf(" %" PRIu64, n);
}

static void print_link(const struct sample_link *l)
{
	printf("link %u:%u %u:%u %d", l->upper.major, l->upper.minor,
	       l->lower.major, l->lower.minor, l->kind);
	print_number(l->mapped ? l->start : MEMTOP_UNKNOWN);
	print_number(l->mapped ? l->sectors : MEMTOP_UNKNOWN);
	print_number(l->mapped ? l->lower_start : MEMTOP_UNKNOWN);
	print_number(l->in_flight);
	printf("\n");
}

static void print_pool(const struct sample *s, const struct sample_pool *p)
{
	const struct sample_device *d =
		p->dev_known ? sample_find_device(s, p->dev) : NULL;

	printf("pool %" PRIu64 " %s %s %" PRIu64 "/%" PRIu64, p->id,
	       d ? d->name : "-", p->role, p->current, p->min);
	print_number(p->last_activity_ns);
	printf("\n");
	for (size_t i = 0; i < p->nr_waiters; i++) {
		printf("waiter %" PRIu64 " %u", p->id, p->waiters[i].pid);
		print_number(p->waiters[i].since_ns);
		printf(" %d", p->waiters[i].since_at_least);
		print_number(p->waiters[i].op);
		printf("\n");
	}
	for (size_t i = 0; i < p->nr_holders; i++) {
		printf("holder %" PRIu64 " %u", p->id, p->holders[i].pid);
		print_number(p->holders[i].op);
		printf("\n");
	}
}

/* Prints the additional parts of a watch, with stacks of waiting tasks. */
static void answer_watch(struct collector *c, struct sample *s)
{
	uint32_t pids[64];
	size_t nr = 0;

	for (size_t i = 0; i < s->nr_links; i++)
		print_link(&s->links[i]);
	for (size_t i = 0; i < s->nr_pools; i++) {
		const struct sample_pool *p = &s->pools[i];

		print_pool(s, p);
		for (size_t j = 0; j < p->nr_waiters && nr < 64; j++)
			pids[nr++] = p->waiters[j].pid;
	}
	collector_read_stacks(c, pids, nr, 2000000000, s);
	for (size_t i = 0; i < s->nr_stacks; i++)
		printf("stack %u\n%s", s->stacks[i].pid, s->stacks[i].text);
	if (collector_wait(c, 0, &(uint64_t){ 0 }))
		printf("news\n");
}

static int take(struct collector *c, bool again, struct sample *s, bool *same)
{
	*same = false;
	if (again)
		return collector_renew(c, s, same);
	sample_release(s);
	return collector_read(c, s);
}

/* The @i-th argument, or 0. */
static size_t argument(int argc, char **argv, int i)
{
	return i < argc ? strtoul(argv[i], NULL, 10) : 0;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	bool watch = strncmp(mode, "watch", strlen("watch")) == 0;
	bool dropped = strcmp(mode, "watch-dropped") == 0;
	const struct collect_params params = {
		.keeps_loading = dropped,
		.source = strcmp(mode, "watch-stock") == 0 ? SOURCE_STOCK :
							     SOURCE_BEST,
		.span = strcmp(mode, "once") == 0 ? COLLECT_ONCE :
			watch			  ? COLLECT_WATCH :
						    COLLECT_ON,
		.room = { .pools = argument(argc, argv, 1),
			  .tables = argument(argc, argv, 2),
			  .waits = argument(argc, argv, 3),
			  .ops = argument(argc, argv, 4),
			  .elements = argument(argc, argv, 5),
			  .histograms = argument(argc, argv, 6) },
	};
	struct collector *c;
	struct sample s = { 0 };
	char line[16];
	bool same;
	int err = collector_open(&params, &c);

	if (!err && dropped)
		err = rights_drop(RIGHTS_NOBODY);
	if (err)
		return EXIT_FAILURE;
	printf("ready\n");
	fflush(stdout);
	while (!err && fgets(line, sizeof(line), stdin)) {
		err = take(c, strcmp(line, "again\n") == 0, &s, &same);
		if (!err && watch)
			answer_watch(c, &s);
		if (!err && same)
			printf("same\n");
		if (!err)
			answer(&s);
	}
	sample_release(&s);
	collector_close(c);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
