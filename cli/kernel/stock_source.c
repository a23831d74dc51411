// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/stock_source.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "decode/stock_maps.h"
#include "kernel/anchor.h"
#include "kernel/btf_files.h"
#include "kernel/gaps.h"
#include "kernel/loader.h"
#include "kernel/program.h"
#include "kernel/sysfs_source.h"
#include "kernel/wait_source.h"
#include "kernel/why.h"
#include "sample/sample.h"
#include "sample/targets.h"
#include "system/capability.h"

#include "links_record.h"
#include "stock_record.h"

/*
 * Initial room for devices; objects that do not fit are counted, and then there
 * is room for them. A verity device with error correction has 22 pools.
 */
#define TABLES_PER_DEVICE 2
#define TARGETS_PER_DEVICE 4
#define LOWER_PER_DEVICE 4
#define POOLS_PER_DEVICE 24
#define SPARE_DEVICES 16
#define SPARE_WAITS 256
/* The same for the pools whose waits are counted, for which there is no more room later. */
#define SPARE_COUNTED 1024
/*
 * Passes that may disagree with the previous one before that is reported. The
 * delay doubles each time, because a table that is being replaced waits for a
 * grace period of RCU.
 */
#define MAX_RETRIES 8
#define FIRST_RETRY_NS 1000000L
/*
 * Limit of reloads for one reading: room doubles with each, and modules are
 * replaced rarely.
 */
#define MAX_RELOADS 32
/*
 * Attempts to load the program while modules change, or to find the devices
 * while they change, each twice as late as the one before: half a second in
 * all. After that the caller must try again.
 */
#define MAX_SETTLES 9

/* Maps, in the order of a program's. */
#define NR_KINDS PROGRAM_MAX_MAPS

/* Limit of modules whose structures are walked. */
#define MAX_MODULES 32

/* One of the maps, as mapped into this process. */
struct view {
	void *memory; /* NULL: not mapped */
	size_t length;
};

struct stock_source {
	struct loader *loader; /* not owned; NULL: loads in this process */
	struct btf_files *types; /* owned; as long as it opens */
	struct program program; /* .prog is -1: none is loaded */
	void *vars; /* mapped */
	uint64_t generation; /* number of the program, from 1 */
	struct sysfs_module modules[MAX_MODULES]; /* that it was loaded for */
	size_t nr_modules;
	bool no_dm; /* device-mapper is not loaded: no device */
	bool no_dm_given; /* and a sample without devices was made */
	bool refused; /* the last load failed temporarily, already reported */
	uint32_t nr_cpus;
	struct stock_numbers room;
	struct view views[NR_KINDS];
	struct stock_notes notes[2]; /* of the two passes in the maps */
	int later; /* which of them is the later one */
	bool agreed; /* a sample was made of these two, and is complete */
	struct stock_ids ids;
	uint64_t torn; /* devices left torn in any sample */
	struct wait_source *waits; /* owned; NULL: they are not counted */
	struct anchor anchor;
	bool no_sysfs; /* the kernel lacks a member for that way */
	bool found; /* a reading found the devices, so others can */
	bool lost; /* the last one did not, already reported */
	enum doctor_root root; /* of the last pass */
};

/* The room in a map, and the size of an entry. */
struct kind {
	uint64_t room;
	size_t size;
};

static void list_kinds(const struct stock_source *src,
		       struct kind ret[static NR_KINDS])
{
	const struct kind all[NR_KINDS] = {
		{ src->room.devices, sizeof(struct stock_device) },
		{ src->room.tables, sizeof(struct stock_table) },
		{ src->room.targets, sizeof(struct stock_target) },
		{ src->room.lower, sizeof(struct stock_lower) },
		{ src->room.pools, sizeof(struct stock_pool) },
		{ src->room.waits, sizeof(struct stock_wait) },
	};

	memcpy(ret, all, sizeof(all));
}

static void unload(struct stock_source *src)
{
	for (size_t i = 0; i < NR_KINDS; i++) {
		program_unmap(src->views[i].memory, src->views[i].length);
		src->views[i] = (struct view){ 0 };
	}
	program_unmap(src->vars, program_vars_size(PROGRAM_STOCK));
	src->vars = NULL;
	for (size_t i = 0; i < src->nr_modules; i++)
		sysfs_module_release(&src->modules[i]);
	src->nr_modules = 0;
	program_close(&src->program);
	src->notes[0] = src->notes[1] = (struct stock_notes){ 0 };
	src->agreed = false;
}

/* Other problems show later than missing privileges. */
static bool may_load(void)
{
	return capability_in_effect(CAP_SYS_ADMIN) ||
	       (capability_in_effect(CAP_BPF) &&
		capability_in_effect(CAP_PERFMON));
}

static int say_load_failed(int err, const struct program_refusal *why)
{
	msg_error_errno(
		err,
		"cannot load the program that reads the kernel's structures");
	return why_not_loaded(err, why);
}

/* Whether the module @name existed when the program was loaded. */
static bool had_module(const struct stock_source *src, const char *name)
{
	for (size_t i = 0; i < src->nr_modules; i++) {
		if (strcmp(target_module(i), name) == 0)
			return src->modules[i].there;
	}
	return false;
}

/*
 * The same for a temporary reason; once, until the program is loaded again. A
 * long-running caller has retried many times by then.
 */
static int say_refused_for_now(struct stock_source *src, int err,
			       const struct program_refusal *why)
{
	if (!src->refused) {
		msg_warning(
			"cannot load the program that reads the kernel's structures again (%s): will be tried again",
			strerror(-err));
		why_not_loaded(err, why);
	}
	src->refused = true;
	return -EAGAIN;
}

/*
 * Before the program is loaded, which may not support later modules. Returns 0
 * or -ENODEV, not reported.
 */
static int find_modules(struct stock_source *src)
{
	const char *name;

	for (src->nr_modules = 0; src->nr_modules < MAX_MODULES &&
				  (name = target_module(src->nr_modules));
	     src->nr_modules++)
		sysfs_module_find(name, &src->modules[src->nr_modules]);
	return had_module(src, "dm_mod") ? 0 : -ENODEV;
}

static int say_no_dm(void)
{
	if (!sysfs_is_mounted()) {
		msg_error(
			"cannot determine whether device-mapper is loaded: /sys/module is missing");
		msg_info("mount -t sysfs sysfs /sys");
		return -EIO;
	}
	msg_error("device-mapper is not loaded: there is no device to report");
	return -ENODEV;
}

static bool modules_gone(const struct stock_source *src)
{
	for (size_t i = 0; i < src->nr_modules; i++) {
		if (sysfs_module_gone(&src->modules[i]))
			return true;
	}
	return false;
}

/*
 * Whether a module is being loaded or unloaded, or has been since find_modules(). The
 * kernel has the types and symbols of a module for a part of that time only.
 */
static bool modules_move(const struct stock_source *src)
{
	for (size_t i = 0; i < src->nr_modules; i++) {
		if (sysfs_module_moves(target_module(i), &src->modules[i]))
			return true;
	}
	return false;
}

static int say_no_types(void)
{
	msg_error(
		"there are verity devices, but the kernel has no BTF of dm_verity or dm_bufio: their pools cannot be found");
	msg_info(
		"use a kernel with CONFIG_DEBUG_INFO_BTF_MODULES, with modules that are not stripped");
	return -EOPNOTSUPP;
}

static int map_views(struct stock_source *src)
{
	struct kind kinds[NR_KINDS];

	src->vars = program_map(src->program.bss,
				program_vars_size(PROGRAM_STOCK), true);
	if (!src->vars)
		return -errno;
	list_kinds(src, kinds);
	for (size_t i = 0; i < NR_KINDS; i++) {
		/* two passes are in it */
		size_t length = 2 * kinds[i].room * kinds[i].size;
		void *memory = program_map(src->program.maps[i], length, false);

		if (!memory)
			return -errno;
		src->views[i] = (struct view){ memory, length };
	}
	return 0;
}

const struct kernel_types *stock_source_types(const struct stock_source *src)
{
	return src ? btf_files_types(src->types) : NULL;
}

void stock_source_opened(struct stock_source *src)
{
	if (!src)
		return;
	btf_files_free(src->types);
	src->types = NULL;
}

/* As load(), but not reported, with @why if it is a refusal. */
static int load_program(struct stock_source *src, struct program_refusal *why)
{
	struct program_wish wish = { .kind = PROGRAM_STOCK,
				     .nr_cpus = src->nr_cpus };
	struct kind kinds[NR_KINDS];
	int err = find_modules(src);

	if (err)
		return err;
	/* now that it is known which modules they have to be of */
	if (!src->loader && !src->generation && !src->types)
		src->types = btf_files_read();
	list_kinds(src, kinds);
	for (size_t i = 0; i < NR_KINDS; i++)
		wish.room[i] = kinds[i].room;
	err = loader_load(src->loader, &wish, stock_source_types(src),
			  &src->program, why);
	return err ? err : map_views(src);
}

/*
 * Whether load_program() can succeed later although it failed with @err. It is the
 * same program for the same kernel as before: only modules differ. Without privileges
 * or without the process that loads it never can.
 */
static bool passes(const struct stock_source *src, int err)
{
	if (!err || err == -ENODEV || err == -EPERM || err == -EPIPE ||
	    sysfs_locked_down())
		return false;
	return src->generation || modules_move(src);
}

static void pause_before(int try)
{
	const struct timespec pause = { .tv_nsec = FIRST_RETRY_NS << try };

	nanosleep(&pause, NULL);
}

/*
 * Loads the program with src->room in its maps; all or nothing. Returns 0 or
 * -errno, already reported; -ENODEV: device-mapper is missing, not reported;
 * -EAGAIN: it may succeed later.
 */
static int load(struct stock_source *src)
{
	struct program_refusal why = { 0 };
	int err = load_program(src, &why);

	/* once it is known to take longer, the caller's pace is enough */
	for (int try = 0;
	     passes(src, err) && !src->refused && try < MAX_SETTLES; try++) {
		unload(src);
		/* of modules that have changed since */
		stock_source_opened(src);
		pause_before(try);
		err = load_program(src, &why);
	}
	if (!err) {
		if (src->refused)
			msg_info(
				"the program that reads the kernel's structures has been loaded again");
		src->refused = false;
		src->generation++;
		return 0;
	}
	if (passes(src, err))
		err = say_refused_for_now(src, err, &why);
	else if (err != -ENODEV)
		err = say_load_failed(err, &why);
	unload(src);
	return err;
}

int stock_source_open(struct loader *loader, struct stock_source **ret)
{
	struct stock_source *src;
	uint64_t devices = sysfs_count_devices() + SPARE_DEVICES;
	int err;

	if (!may_load())
		return say_load_failed(-EPERM, NULL);
	src = xcalloc(1, sizeof(*src));
	src->loader = loader;
	src->program = program_none();
	src->anchor = anchor_none();
	src->nr_cpus = (uint32_t)sysconf(_SC_NPROCESSORS_CONF);
	src->room = (struct stock_numbers){
		.devices = devices,
		.tables = devices * TABLES_PER_DEVICE,
		.targets = devices * TARGETS_PER_DEVICE,
		.lower = devices * LOWER_PER_DEVICE,
		.pools = devices * POOLS_PER_DEVICE,
		.waits = devices + SPARE_WAITS,
	};
	err = load(src);
	if (err) {
		stock_source_close(src);
		return err == -ENODEV ? say_no_dm() : err;
	}
	*ret = src;
	return 0;
}

void stock_source_count_waits(struct stock_source *src, size_t pools,
			      size_t tasks)
{
	size_t devices = 2 * sysfs_count_devices() + SPARE_COUNTED;

	src->waits =
		wait_source_open(pools ? pools : devices * POOLS_PER_DEVICE,
				 tasks, stock_source_types(src));
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

/* Whether everything fitted; makes src->room large enough if not. */
static bool all_fit(struct stock_source *src, const struct stock_pass *done)
{
	const struct stock_numbers *nr = &done->nr;
	struct stock_numbers *room = &src->room;
	/* an incomplete pass has met too many devices */
	uint64_t devices = done->finished ? nr->devices : 2 * room->devices + 1;

	/* evaluates each of them: no short circuit */
	return fits(devices, &room->devices) & fits(nr->tables, &room->tables) &
	       fits(nr->targets, &room->targets) &
	       fits(nr->lower, &room->lower) & fits(nr->pools, &room->pools) &
	       fits(nr->waits, &room->waits);
}

/* One run of the program, into half @half of the maps. Returns 0 or -errno. */
static int run(struct stock_source *src, int half)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	const struct program_stock_vars vars = program_stock_vars(src->vars);

	*vars.pass = (__u32)half;
	*vars.anchor_fd = src->anchor.fd;
	*vars.anchor_minor = src->anchor.minor;
	return bpf_prog_test_run_opts(src->program.prog, &opts);
}

/* For anchor_find(): whether the walk began from there. */
struct trial {
	struct stock_source *src;
	int half;
};

static int try_anchor(const struct anchor *anchor, void *arg)
{
	const struct trial *trial = arg;
	const struct program_stock_vars vars =
		program_stock_vars(trial->src->vars);
	int err = run(trial->src, trial->half);

	msg_debug("looking for all devices from dm-%u", anchor->minor);
	if (err)
		return err;
	/* no other one would help */
	if (gaps_without_sysfs(vars.missing))
		return -EOPNOTSUPP;
	return vars.passes[trial->half].root == STOCK_ROOT_SYSFS;
}

/*
 * One run from a device that leads to all of them. Returns 1, 0 if no device does,
 * -ENOENT if there is none, or -errno.
 */
static int run_from_sysfs(struct stock_source *src, int half)
{
	struct trial trial = { src, half };
	int err = 0;

	if (src->anchor.fd >= 0)
		err = try_anchor(&src->anchor, &trial);
	/* that device was removed, or there was none yet */
	return err ? err : anchor_find(&src->anchor, try_anchor, &trial);
}

/*
 * One run, by way of sysfs, or otherwise by the kernel's symbol. *@done is how
 * it ended. Returns 0 or -errno, already reported.
 */
static int run_from_root(struct stock_source *src, int half,
			 struct stock_pass *done)
{
	const struct program_stock_vars vars = program_stock_vars(src->vars);
	int found = src->no_sysfs ? 0 : run_from_sysfs(src, half), err = 0;

	if (found != 1) {
		src->no_sysfs = found == -EOPNOTSUPP;
		anchor_release(&src->anchor);
		err = run(src, half);
	}
	if (err)
		return msg_error_errno(err,
				       "cannot read the kernel's structures");
	*done = vars.passes[half];
	src->root = done->root == STOCK_ROOT_SYSFS  ? DOCTOR_ROOT_SYSFS :
		    done->root == STOCK_ROOT_SYMBOL ? DOCTOR_ROOT_SYMBOL :
						      DOCTOR_ROOT_NONE;
	/* no device has had a table: nothing is reserved */
	if (found == -ENOENT && src->root == DOCTOR_ROOT_NONE)
		*done = (struct stock_pass){ .finished = 1 };
	return 0;
}

static bool has_root(const struct stock_pass *done)
{
	return done->finished || done->root != STOCK_ROOT_NONE;
}

/*
 * The same, repeated if no device leads to the others: a device that is being
 * removed does not, nor does any while the tree of devices changes.
 */
static int run_from_some_root(struct stock_source *src, int half,
			      struct stock_pass *done)
{
	int err = run_from_root(src, half, done);

	for (int try = 0; !err && !has_root(done) && !src->no_sysfs &&
			  !src->lost && try < MAX_SETTLES;
	     try++) {
		pause_before(try);
		err = run_from_root(src, half, done);
	}
	return err;
}

static int say_no_root(struct stock_source *src)
{
	const __u8 *missing = program_stock_vars(src->vars).missing;
	const char *member = gaps_without_devices(missing);

	if (src->found) {
		if (!src->lost)
			msg_warning(
				"cannot find where the kernel keeps device-mapper's devices: will be tried again");
		src->lost = true;
		return -EAGAIN;
	}
	msg_error("cannot find where the kernel keeps device-mapper's devices");
	if (!member)
		return why_no_root(gaps_without_sysfs(missing), "name_rb_tree");
	msg_info("the kernel has no %s, which leads to them", member);
	return -EOPNOTSUPP;
}

/*
 * One pass into half @half of the maps. Returns 0, -ENOSPC or -ESTALE if the
 * program must be loaded again, or -errno.
 */
static int make_pass(struct stock_source *src, int half)
{
	const struct stock_numbers room = src->room;
	struct stock_pass done = { 0 };
	int err = run_from_some_root(src, half, &done);

	if (err)
		return err;
	/* afterwards: a module that exists now existed all the time */
	if (modules_gone(src))
		return -ESTALE;
	if (!has_root(&done))
		return modules_move(src) ? -ESTALE : say_no_root(src);
	src->found = true;
	src->lost = false;
	if (done.strange)
		return had_module(src, "dm_verity") && !modules_move(src) ?
			       say_no_types() :
			       -ESTALE;
	if (done.unread && modules_move(src))
		return -ESTALE;
	if (!all_fit(src, &done))
		return -ENOSPC;
#define HALF(i, type, what) ((type *)src->views[i].memory + half * room.what)
	src->notes[half] = (struct stock_notes){
		.devices = HALF(0, struct stock_device, devices),
		.tables = HALF(1, struct stock_table, tables),
		.targets = HALF(2, struct stock_target, targets),
		.lower = HALF(3, struct stock_lower, lower),
		.pools = HALF(4, struct stock_pool, pools),
		.waits = HALF(5, struct stock_wait, waits),
		.nr = done.nr,
		.finished = done.finished,
	};
#undef HALF
	return 0;
}

/* Whether loading again helps against the error of make_pass(). */
static bool wants_reload(int err)
{
	return err == -ENOSPC || err == -ESTALE;
}

/*
 * Loads the program again, for @err: with the required room, for the current
 * modules.
 */
static int reload(struct stock_source *src, int err)
{
	msg_debug(err == -ENOSPC ?
			  "more devices or pools than there was room for" :
			  "modules have come or gone");
	unload(src);
	return load(src);
}

/* @err is load()'s. A reading continues without device-mapper. */
static int without_dm(struct stock_source *src, int err)
{
	bool before = src->no_dm;

	src->no_dm = err == -ENODEV;
	if (!src->no_dm)
		src->no_dm_given = false;
	if (src->no_dm && !before)
		msg_warning(
			"device-mapper was unloaded: there are no devices until it is loaded again");
	return src->no_dm ? 0 : err;
}

/*
 * A pass over the earlier one in the maps. If it equals the later one, of which
 * a sample was made, the sample is current; otherwise makes one more. Loads
 * another program if necessary.
 */
static int look(struct stock_source *src, bool *same)
{
	int err = 0;

	*same = false;
	/* it could not be loaded last time; now the modules may exist */
	if (src->program.prog < 0)
		err = without_dm(src, load(src));
	for (int tries = 0; !err && !src->no_dm && tries < MAX_RELOADS;
	     tries++) {
		int first = !src->later;

		err = make_pass(src, first);
		if (!err && src->agreed &&
		    stock_notes_same(&src->notes[0], &src->notes[1])) {
			src->later = first;
			*same = true;
			return 0;
		}
		src->agreed = false;
		if (!err)
			err = make_pass(src, !first);
		if (!wants_reload(err))
			return err;
		err = without_dm(src, reload(src, err));
	}
	if (src->no_dm)
		*same = src->no_dm_given;
	if (err || src->no_dm)
		return err;
	return msg_error_errno(
		-EAGAIN,
		"devices or modules change faster than they can be read");
}

int stock_source_look(struct stock_source *src, bool *same)
{
	int err = look(src, same);

	*same = *same && (!src->waits || wait_source_is_same(src->waits));
	return err;
}

/* One more pass, after a delay; returns as make_pass(). */
static int pass_again(struct stock_source *src, int tries)
{
	pause_before(tries);
	src->later = !src->later;
	return make_pass(src, src->later);
}

/* Merges the last two passes, and further ones if they are needed. */
static int fill_from_passes(struct stock_source *src, struct sample *s)
{
	bool same;
	size_t missing = 0;
	int err = 0;

	for (int tries = 0; !err && !src->no_dm; tries++) {
		missing = stock_maps_add(&src->notes[!src->later],
					 &src->notes[src->later], &src->ids, s);
		/*
		 * the two passes have everything, and earlier ones nothing more
		 */
		src->agreed = !missing && !tries;
		if (!missing || tries == MAX_RETRIES)
			break;
		msg_debug("%zu devices have changed meanwhile: once more",
			  missing);
		err = pass_again(src, tries);
		if (wants_reload(err)) {
			err = without_dm(src, reload(src, err));
			if (!err && !src->no_dm)
				err = look(src, &same);
		}
	}
	return err;
}

/*
 * Whether retries can be distinguished from further waits. Without device-mapper
 * there are no pools.
 */
static bool may_count(const struct stock_source *src)
{
	return !src->no_dm &&
	       !gaps_without_counts(program_stock_vars(src->vars).missing);
}

int stock_source_fill(struct stock_source *src, struct sample *s)
{
	int err;

	src->agreed = false;
	err = fill_from_passes(src, s);
	if (err)
		return err;
	if (src->no_dm) {
		sample_release(s);
		src->no_dm_given = true;
	} else {
		src->torn += stock_maps_end(&src->notes[src->later], s);
	}
	s->source = SAMPLE_STOCK;
	s->losses = (struct sample_losses){ .raced_reads = src->torn };
	if (src->waits && may_count(src))
		wait_source_fill(src->waits, &src->ids, s);
	return 0;
}

uint64_t stock_source_generation(const struct stock_source *src)
{
	return src->generation;
}

size_t stock_source_live_tables(const struct stock_source *src,
				struct links_table *ret, size_t room)
{
	const struct stock_notes *n = &src->notes[src->later];
	size_t nr = 0, at = 0;

	for (size_t i = 0; i < n->nr.devices; i++) {
		const struct stock_device *d = &n->devices[i];

		for (uint32_t j = 0; j < d->nr_tables && at < n->nr.tables;
		     j++, at++) {
			if (n->tables[at].slot != STOCK_LIVE)
				continue;
			if (nr < room)
				ret[nr] = (struct links_table){
					d->md, n->tables[at].table
				};
			nr++;
		}
	}
	return nr;
}

void stock_source_list_gaps(const struct stock_source *src,
			    struct doctor_gaps *to)
{
	if (src->vars)
		gaps_add_stock(program_stock_vars(src->vars).missing, to);
	if (src->waits)
		wait_source_list_gaps(src->waits, to);
}

enum doctor_root stock_source_root(const struct stock_source *src)
{
	return src->root;
}

void stock_source_close(struct stock_source *src)
{
	if (!src)
		return;
	anchor_release(&src->anchor);
	wait_source_close(src->waits);
	unload(src);
	stock_source_opened(src);
	stock_ids_release(&src->ids);
	free(src);
}
