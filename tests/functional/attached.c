// SPDX-License-Identifier: GPL-2.0-only
/*
 * The collector, attached for as long as stdin is open: what a command that
 * runs for hours does.
 *
 * usage: memtop-attached [POOLS TABLES WAITS OPS ELEMENTS]
 *        memtop-attached once
 *
 * The numbers are for how much there is room, 0 for the usual. "once": as for a
 * report. For each line on stdin it takes a sample and answers
 *
 *	device MAJOR:MINOR SLOT POOLS NAME	for each table that has pools
 *	repairs NAME RECHECKS FAILED RECHECKING	for each device that had one
 *	lost RING_FULL MAP_FULL MISSED_RUNS RACED_READS
 *	end DEVICES POOLS
 *
 * SLOT is 1 for live, 2 for inactive, 0 for pools that nobody named. Exits with
 * 1 when the collector fails.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/collect.h"
#include "model/sample.h"
#include "model/snapshot.h"

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

/* The @i-th argument, 0 without. */
static size_t argument(int argc, char **argv, int i)
{
	return i < argc ? strtoul(argv[i], NULL, 10) : 0;
}

int main(int argc, char **argv)
{
	bool once = argc > 1 && strcmp(argv[1], "once") == 0;
	const struct collect_wish wish = {
		.span = once ? COLLECT_ONCE : COLLECT_ON,
		.room = { .pools = argument(argc, argv, 1),
			  .tables = argument(argc, argv, 2),
			  .waits = argument(argc, argv, 3),
			  .ops = argument(argc, argv, 4),
			  .elements = argument(argc, argv, 5) },
	};
	struct collector *c;
	char line[16];
	int err = collector_open(&wish, &c);

	if (err)
		return EXIT_FAILURE;
	printf("ready\n");
	fflush(stdout);
	while (!err && fgets(line, sizeof(line), stdin)) {
		struct sample s = { 0 };

		err = collector_read(c, &s);
		if (!err)
			answer(&s);
		sample_release(&s);
	}
	collector_close(c);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
