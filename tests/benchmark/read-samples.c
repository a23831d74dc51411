// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opens the collector as a long-running command does and takes samples one
 * after another. For each sample, prints its CPU time (user and system) and the
 * time for its sums, in us; then the kernel memory of its programs and maps, in
 * KiB.
 * usage: read-samples tracepoints|stock ROUNDS DEVICES
 *
 *	sample US	ROUNDS times
 *	walk US		... its BPF programs; 0 without kernel.bpf_stats_enabled
 *	sums US		its sums, which need no kernel
 *	maps KIB
 *
 * The first sample, which allocates memory, is not shown. Fails unless each
 * sample has DEVICES devices with at least ten pools each, or if anything was
 * lost.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernel/collect.h"
#include "sample/sample.h"
#include "model/snapshot.h"

#define POOLS 10

static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* The number after @key in the kernel's fdinfo of a descriptor, or 0. */
static uint64_t value_of(const char *fd, const char *key)
{
	char path[300], line[128];
	size_t len = strlen(key);
	uint64_t value = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%s", fd);
	file = fopen(path, "re");
	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, len) == 0)
			value = strtoull(line + len, NULL, 10);
	}
	fclose(file);
	return value;
}

/* Of all maps and programs. */
static uint64_t sum_of(const char *key)
{
	DIR *dir = opendir("/proc/self/fdinfo");
	const struct dirent *entry;
	uint64_t sum = 0;

	while (dir && (entry = readdir(dir)))
		sum += value_of(entry->d_name, key);
	if (dir)
		closedir(dir);
	return sum;
}

/* Whether the sample is complete: an incomplete one would be cheap. */
static bool is_whole(const struct sample *s, const struct snapshot *snap,
		     size_t devices)
{
	size_t whole = 0;

	for (size_t i = 0; i < snap->nr_entries; i++)
		whole += snap->entries[i].nr_pools >= POOLS;
	if (whole == devices && !s->losses.ring_full && !s->losses.map_full &&
	    !s->losses.missed_runs && !s->losses.raced_reads)
		return true;
	fprintf(stderr, "read-samples: %zu of %zu devices are whole\n", whole,
		devices);
	return false;
}

static void show(const char *what, uint64_t ns)
{
	printf("%s %.1f\n", what, (double)ns / 1000);
}

/* Takes one sample; prints its cost if @shown. Returns whether it succeeded. */
static bool measure(struct collector *c, size_t devices, bool shown,
		    struct sample *s)
{
	uint64_t run = sum_of("run_time_ns:"), start = cpu_ns(), read, end;
	struct snapshot snap;
	bool whole, same;

	if (collector_renew(c, s, &same))
		return false;
	read = cpu_ns();
	snapshot_build(s, &snap);
	end = cpu_ns();
	if (shown) {
		show("sample", read - start);
		show("walk", sum_of("run_time_ns:") - run);
		show("sums", end - read);
	}
	whole = is_whole(s, &snap, devices);
	snapshot_release(&snap);
	return whole;
}

int main(int argc, char **argv)
{
	struct collect_params params = { .span = COLLECT_ON };
	struct sample s = { 0 };
	struct collector *c;
	size_t devices;
	long rounds;
	bool well = true;

	if (argc != 4)
		return 2;
	params.source = strcmp(argv[1], "stock") == 0 ? SOURCE_STOCK :
							SOURCE_TRACEPOINTS;
	rounds = atol(argv[2]);
	devices = strtoul(argv[3], NULL, 10);
	if (collector_open(&params, &c))
		return 1;
	for (long round = 0; well && round <= rounds; round++)
		well = measure(c, devices, round > 0, &s);
	if (well)
		printf("maps %" PRIu64 "\n", sum_of("memlock:") / 1024);
	sample_release(&s);
	collector_close(c);
	return well ? 0 : 1;
}
