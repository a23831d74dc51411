/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The program that walks over device-mapper's structures, loaded into the kernel with
 * enough room in its maps and for the modules that exist, and loaded again when it has
 * to be.
 */
#ifndef MEMTOP_KERNEL_STOCK_PROGRAM_H
#define MEMTOP_KERNEL_STOCK_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/stock_maps.h"
#include "kernel/program.h"
#include "kernel/sysfs_source.h"

#include "stock_record.h"

struct btf_files;
struct kernel_types;
struct loader;

/* Initial room: a verity device with error correction has 22 pools. */
#define POOLS_PER_DEVICE 24

/*
 * Attempts to load the program while modules change, or to find the devices
 * while they change, each twice as late as the one before: half a second in
 * all. After that the caller must try again.
 */
#define STOCK_MAX_SETTLES 9

/* Maps, in the order of a program's. */
#define STOCK_NR_MAPS PROGRAM_MAX_MAPS

/* Limit of modules whose structures are walked. */
#define STOCK_MAX_MODULES 32

/* One of the maps, as mapped into this process. */
struct stock_view {
	void *memory; /* NULL: not mapped */
	size_t length;
};

struct stock_program {
	struct loader *loader; /* not owned; NULL: loads in this process */
	struct btf_files *types; /* owned; NULL: read when they are needed */
	struct program program; /* .prog is -1: none is loaded */
	void *vars; /* mapped */
	uint64_t generation; /* number of the program, from 1 */
	struct sysfs_module
		modules[STOCK_MAX_MODULES]; /* that it was loaded for */
	size_t nr_modules;
	bool refused; /* the last load failed temporarily, already reported */
	uint32_t nr_cpus;
	struct stock_numbers room;
	struct stock_view views[STOCK_NR_MAPS];
};

/* A program that is not loaded, with initial room for @devices and some more. */
struct stock_program stock_program_for(struct loader *loader, uint64_t devices);

/*
 * Loads the program with .room in its maps; all or nothing. Returns 0 or -errno,
 * already reported; -ENODEV: device-mapper is missing, not reported; -EAGAIN: it may
 * succeed later.
 */
int stock_program_load(struct stock_program *p);

/* Memory that was mapped from it must no longer be used; safe if none is loaded. */
void stock_program_unload(struct stock_program *p);

/* The kernel's types; NULL: there are none. */
const struct kernel_types *stock_program_types(const struct stock_program *p);

/* Frees the types, which are megabytes; the kernel relocates programs from now on. */
void stock_program_forget_types(struct stock_program *p);

/* Whether the module @name existed when the program was loaded. */
bool stock_program_had(const struct stock_program *p, const char *name);

/* Whether one of these modules was unloaded since. */
bool stock_program_modules_gone(const struct stock_program *p);

/*
 * Whether a module is being loaded or unloaded, or has been since the program was
 * loaded. The kernel has the types and symbols of a module for a part of that time
 * only.
 */
bool stock_program_modules_move(const struct stock_program *p);

/* Whether all of a pass fitted; makes .room large enough for the next load if not. */
bool stock_program_fits(struct stock_program *p, const struct stock_pass *done);

/* Its variables, while it is loaded. */
struct program_stock_vars stock_program_vars(const struct stock_program *p);

/* What the pass @done has left in half @half of the maps. */
struct stock_notes stock_program_notes(const struct stock_program *p, int half,
				       const struct stock_pass *done);

/* Waits before attempt number @try, from 0: from 1 ms, each time twice as long. */
void stock_program_pause(int try);

#endif
