// SPDX-License-Identifier: GPL-2.0-only
/*
 * Creates, reloads, renames and removes verity devices as fast as it can. The
 * names determine which states can exist, so a reader can check its samples.
 *
 * usage: dm-cycle CYCLES TABLE
 *
 * A cycle is a device that is made as "x-A-B-N" with reserves of A, gets a
 * table with reserves of B, is renamed to "y-A-B-N" and removed. A and B are
 * different in each cycle, from 1 to 13. Four devices exist at a time.
 */
#include <libdevmapper.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARAMETER "/sys/module/dm_mod/parameters/reserved_bio_based_ios"
#define DEVICES 4

struct table {
	unsigned long long start;
	unsigned long long length;
	char type[16];
	const char *parameters;
};

static void die(const char *what, const char *name)
{
	fprintf(stderr, "dm-cycle: can't %s %s\n", what, name);
	exit(EXIT_FAILURE);
}

static void set_reserve(unsigned int ios)
{
	FILE *file = fopen(PARAMETER, "w");

	if (!file || fprintf(file, "%u", ios) < 0 || fclose(file))
		die("set", PARAMETER);
}

static struct dm_task *new_task(int type, const char *name)
{
	struct dm_task *task = dm_task_create(type);

	if (!task || !dm_task_set_name(task, name))
		die("make a task for", name);
	return task;
}

static void run(struct dm_task *task, const char *what, const char *name)
{
	if (!dm_task_run(task))
		die(what, name);
	dm_task_destroy(task);
}

/* Sends ioctl @type: creates a device, or loads @table into one. */
static void with_table(int type, const char *name, const struct table *table,
		       unsigned int ios)
{
	struct dm_task *task = new_task(type, name);

	set_reserve(ios);
	if (!dm_task_set_ro(task) ||
	    !dm_task_add_target(task, table->start, table->length, table->type,
				table->parameters))
		die("give a table to", name);
	run(task, "load a table for", name);
}

static void simple(int type, const char *what, const char *name)
{
	run(new_task(type, name), what, name);
}

static void rename_device(const char *name, const char *to)
{
	struct dm_task *task = new_task(DM_DEVICE_RENAME, name);

	if (!dm_task_set_newname(task, to))
		die("rename", name);
	run(task, "rename", name);
}

static void name_of(char *name, size_t size, char stage, unsigned int cycle)
{
	snprintf(name, size, "%c-%u-%u-%u", stage, 1 + cycle % 13,
		 1 + (cycle * 5 + 7) % 12, cycle);
}

/* Runs one stage of the life of the device of @cycle. */
static void live(const struct table *table, unsigned int cycle, int stage)
{
	char name[64], renamed[64];

	name_of(name, sizeof(name), 'x', cycle);
	name_of(renamed, sizeof(renamed), 'y', cycle);
	switch (stage) {
	case 0:
		with_table(DM_DEVICE_CREATE, name, table, 1 + cycle % 13);
		break;
	case 1:
		with_table(DM_DEVICE_RELOAD, name, table,
			   1 + (cycle * 5 + 7) % 12);
		simple(DM_DEVICE_RESUME, "resume", name);
		break;
	case 2:
		rename_device(name, renamed);
		break;
	default:
		simple(DM_DEVICE_REMOVE, "remove", renamed);
	}
}

int main(int argc, char **argv)
{
	struct table table = { 0 };
	unsigned int cycles;
	int parameters = 0;

	if (argc != 3 || (cycles = strtoul(argv[1], NULL, 10)) == 0 ||
	    sscanf(argv[2], "%llu %llu %15s %n", &table.start, &table.length,
		   table.type, &parameters) != 3) {
		fputs("usage: dm-cycle CYCLES TABLE\n", stderr);
		return 2;
	}
	table.parameters = argv[2] + parameters;
	dm_udev_set_sync_support(0);
	/* each device is one stage behind the one before */
	for (unsigned int i = 0; i < cycles + DEVICES - 1; i++) {
		for (unsigned int stage = 0; stage < DEVICES; stage++) {
			if (i >= stage && i - stage < cycles)
				live(&table, i - stage, stage);
		}
	}
	set_reserve(16);
	return 0;
}
