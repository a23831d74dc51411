// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/stock_program.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/msg.h"
#include "decode/stock_maps.h"
#include "kernel/btf_files.h"
#include "kernel/loader.h"
#include "kernel/why.h"
#include "sample/targets.h"

#include "stock_record.h"

/*
 * Initial room for each device; objects that do not fit are counted, and then there
 * is room for them.
 */
#define TABLES_PER_DEVICE 2
#define TARGETS_PER_DEVICE 4
#define LOWER_PER_DEVICE 4
#define SPARE_DEVICES 16
#define SPARE_WAITS 256
#define FIRST_PAUSE_NS 1000000L

/* The room in a map, and the size of an entry. */
struct kind {
	uint64_t room;
	size_t size;
};

static void list_kinds(const struct stock_program *p,
		       struct kind ret[static STOCK_NR_MAPS])
{
	const struct kind all[STOCK_NR_MAPS] = {
		{ p->room.devices, sizeof(struct stock_device) },
		{ p->room.tables, sizeof(struct stock_table) },
		{ p->room.targets, sizeof(struct stock_target) },
		{ p->room.lower, sizeof(struct stock_lower) },
		{ p->room.pools, sizeof(struct stock_pool) },
		{ p->room.waits, sizeof(struct stock_wait) },
	};

	memcpy(ret, all, sizeof(all));
}

struct stock_program stock_program_for(struct loader *loader, uint64_t devices)
{
	devices += SPARE_DEVICES;
	return (struct stock_program){
		.loader = loader,
		.program = program_none(),
		.nr_cpus = (uint32_t)sysconf(_SC_NPROCESSORS_CONF),
		.room = {
			.devices = devices,
			.tables = devices * TABLES_PER_DEVICE,
			.targets = devices * TARGETS_PER_DEVICE,
			.lower = devices * LOWER_PER_DEVICE,
			.pools = devices * POOLS_PER_DEVICE,
			.waits = devices + SPARE_WAITS,
		},
	};
}

void stock_program_unload(struct stock_program *p)
{
	for (size_t i = 0; i < STOCK_NR_MAPS; i++) {
		program_unmap(p->views[i].memory, p->views[i].length);
		p->views[i] = (struct stock_view){ 0 };
	}
	program_unmap(p->vars, program_vars_size(PROGRAM_STOCK));
	p->vars = NULL;
	for (size_t i = 0; i < p->nr_modules; i++)
		sysfs_module_release(&p->modules[i]);
	p->nr_modules = 0;
	program_close(&p->program);
}

static int say_load_failed(int err, const struct program_refusal *why)
{
	msg_error_errno(
		err,
		"cannot load the program that reads the kernel's structures");
	return why_not_loaded(err, why);
}

bool stock_program_had(const struct stock_program *p, const char *name)
{
	for (size_t i = 0; i < p->nr_modules; i++) {
		if (strcmp(target_module(i), name) == 0)
			return p->modules[i].there;
	}
	return false;
}

/*
 * For a temporary reason; once, until the program is loaded again. A
 * long-running caller has retried many times by then.
 */
static int say_refused_for_now(struct stock_program *p, int err,
			       const struct program_refusal *why)
{
	if (!p->refused) {
		msg_warning(
			"cannot load the program that reads the kernel's structures again (%s): will be tried again",
			strerror(-err));
		why_not_loaded(err, why);
	}
	p->refused = true;
	return -EAGAIN;
}

/*
 * Before the program is loaded, which may not support later modules. Returns 0
 * or -ENODEV, not reported.
 */
static int find_modules(struct stock_program *p)
{
	const char *name;

	for (p->nr_modules = 0; p->nr_modules < STOCK_MAX_MODULES &&
				(name = target_module(p->nr_modules));
	     p->nr_modules++)
		sysfs_module_find(name, &p->modules[p->nr_modules]);
	return stock_program_had(p, "dm_mod") ? 0 : -ENODEV;
}

bool stock_program_modules_gone(const struct stock_program *p)
{
	for (size_t i = 0; i < p->nr_modules; i++) {
		if (sysfs_module_gone(&p->modules[i]))
			return true;
	}
	return false;
}

bool stock_program_modules_move(const struct stock_program *p)
{
	for (size_t i = 0; i < p->nr_modules; i++) {
		if (sysfs_module_moves(target_module(i), &p->modules[i]))
			return true;
	}
	return false;
}

static int map_views(struct stock_program *p)
{
	struct kind kinds[STOCK_NR_MAPS];

	p->vars = program_map(p->program.bss, program_vars_size(PROGRAM_STOCK),
			      true);
	if (!p->vars)
		return -errno;
	list_kinds(p, kinds);
	for (size_t i = 0; i < STOCK_NR_MAPS; i++) {
		/* two passes are in it */
		size_t length = 2 * kinds[i].room * kinds[i].size;
		void *memory = program_map(p->program.maps[i], length, false);

		if (!memory)
			return -errno;
		p->views[i] = (struct stock_view){ memory, length };
	}
	return 0;
}

const struct kernel_types *stock_program_types(const struct stock_program *p)
{
	return btf_files_types(p->types);
}

void stock_program_forget_types(struct stock_program *p)
{
	btf_files_free(p->types);
	p->types = NULL;
}

/* As stock_program_load(), but not reported, with @why if it is a refusal. */
static int load_program(struct stock_program *p, struct program_refusal *why)
{
	struct program_params params = { .kind = PROGRAM_STOCK,
					 .nr_cpus = p->nr_cpus };
	struct kind kinds[STOCK_NR_MAPS];
	int err = find_modules(p);

	if (err)
		return err;
	/* now that it is known which modules they have to be of */
	if (!p->loader && !p->generation && !p->types)
		p->types = btf_files_read();
	list_kinds(p, kinds);
	for (size_t i = 0; i < STOCK_NR_MAPS; i++)
		params.room[i] = kinds[i].room;
	err = loader_load(p->loader, &params, stock_program_types(p),
			  &p->program, why);
	return err ? err : map_views(p);
}

/*
 * Whether load_program() can succeed later although it failed with @err. It is the
 * same program for the same kernel as before: only modules differ. Without privileges
 * or without the process that loads it never can.
 */
static bool passes(const struct stock_program *p, int err)
{
	if (!err || err == -ENODEV || err == -EPERM || err == -EPIPE ||
	    sysfs_locked_down())
		return false;
	return p->generation || stock_program_modules_move(p);
}

void stock_program_pause(int try)
{
	const struct timespec pause = { .tv_nsec = FIRST_PAUSE_NS << try };

	nanosleep(&pause, NULL);
}

int stock_program_load(struct stock_program *p)
{
	struct program_refusal why = { 0 };
	int err = load_program(p, &why);

	/* once it is known to take longer, the caller's pace is enough */
	for (int try = 0;
	     passes(p, err) && !p->refused && try < STOCK_MAX_SETTLES; try++) {
		stock_program_unload(p);
		/* of modules that have changed since */
		stock_program_forget_types(p);
		stock_program_pause(try);
		err = load_program(p, &why);
	}
	if (!err) {
		if (p->refused)
			msg_info(
				"the program that reads the kernel's structures has been loaded again");
		p->refused = false;
		p->generation++;
		return 0;
	}
	if (passes(p, err))
		err = say_refused_for_now(p, err, &why);
	else if (err != -ENODEV)
		err = say_load_failed(err, &why);
	stock_program_unload(p);
	return err;
}

/*
 * Whether @room was enough for @nr; if not, makes it enough, and for half as
 * many more.
 */
static bool fits(__u64 nr, __u64 *room)
{
	if (nr <= *room)
		return true;
	/*
	 * at least twice, so that no rate of new devices can exceed it for long
	 */
	*room = nr + nr / 2 > 2 * *room ? nr + nr / 2 : 2 * *room;
	return false;
}

bool stock_program_fits(struct stock_program *p, const struct stock_pass *done)
{
	const struct stock_numbers *nr = &done->nr;
	struct stock_numbers *room = &p->room;
	/* an incomplete pass has met too many devices */
	uint64_t devices = done->finished ? nr->devices : 2 * room->devices + 1;

	/* evaluates each of them: no short circuit */
	return fits(devices, &room->devices) & fits(nr->tables, &room->tables) &
	       fits(nr->targets, &room->targets) &
	       fits(nr->lower, &room->lower) & fits(nr->pools, &room->pools) &
	       fits(nr->waits, &room->waits);
}

struct program_stock_vars stock_program_vars(const struct stock_program *p)
{
	return program_stock_vars(p->vars);
}

struct stock_notes stock_program_notes(const struct stock_program *p, int half,
				       const struct stock_pass *done)
{
	const struct stock_numbers *room = &p->room;

#define HALF(i, type, what) \
	((type *)p->views[i].memory + (size_t)half * room->what)
	return (struct stock_notes){
		.devices = HALF(0, struct stock_device, devices),
		.tables = HALF(1, struct stock_table, tables),
		.targets = HALF(2, struct stock_target, targets),
		.lower = HALF(3, struct stock_lower, lower),
		.pools = HALF(4, struct stock_pool, pools),
		.waits = HALF(5, struct stock_wait, waits),
		.nr = done->nr,
		.finished = done->finished,
	};
#undef HALF
}
