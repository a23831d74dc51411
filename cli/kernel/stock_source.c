// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/stock_source.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "decode/stock_maps.h"
#include "kernel/anchor.h"
#include "kernel/gaps.h"
#include "kernel/program.h"
#include "kernel/stock_program.h"
#include "kernel/sysfs_source.h"
#include "kernel/wait_source.h"
#include "kernel/why.h"
#include "sample/sample.h"
#include "system/capability.h"

#include "links_record.h"
#include "stock_record.h"

/* Room for the pools whose waits are counted; there is no more room later. */
#define SPARE_COUNTED 1024
/*
 * Passes that may disagree with the previous one before that is reported. The
 * delay doubles each time, because a table that is being replaced waits for a
 * grace period of RCU.
 */
#define MAX_RETRIES 8
/*
 * Limit of reloads for one reading: room doubles with each, and modules are
 * replaced rarely.
 */
#define MAX_RELOADS 32

struct stock_source {
	struct stock_program loaded;
	bool no_dm; /* device-mapper is not loaded: no device */
	bool no_dm_given; /* and a sample without devices was made */
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

static void unload(struct stock_source *src)
{
	stock_program_unload(&src->loaded);
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

static int say_no_types(void)
{
	msg_error(
		"there are verity devices, but the kernel has no BTF of dm_verity or dm_bufio: their pools cannot be found");
	msg_info(
		"use a kernel with CONFIG_DEBUG_INFO_BTF_MODULES, with modules that are not stripped");
	return -EOPNOTSUPP;
}

const struct kernel_types *stock_source_types(const struct stock_source *src)
{
	return src ? stock_program_types(&src->loaded) : NULL;
}

void stock_source_opened(struct stock_source *src)
{
	if (src)
		stock_program_forget_types(&src->loaded);
}

static int say_not_permitted(void)
{
	msg_error_errno(
		-EPERM,
		"cannot load the program that reads the kernel's structures");
	return why_not_loaded(-EPERM, NULL);
}

int stock_source_open(struct loader *loader, struct stock_source **ret)
{
	struct stock_source *src;
	int err;

	if (!may_load())
		return say_not_permitted();
	src = xcalloc(1, sizeof(*src));
	src->loaded = stock_program_for(loader, sysfs_count_devices());
	src->anchor = anchor_none();
	err = stock_program_load(&src->loaded);
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

/* One run of the program, into half @half of the maps. Returns 0 or -errno. */
static int run(struct stock_source *src, int half)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	const struct program_stock_vars vars = stock_program_vars(&src->loaded);

	*vars.pass = (__u32)half;
	*vars.anchor_fd = src->anchor.fd;
	*vars.anchor_minor = src->anchor.minor;
	return bpf_prog_test_run_opts(src->loaded.program.prog, &opts);
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
		stock_program_vars(&trial->src->loaded);
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
	const struct program_stock_vars vars = stock_program_vars(&src->loaded);
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
			  !src->lost && try < STOCK_MAX_SETTLES;
	     try++) {
		stock_program_pause(try);
		err = run_from_root(src, half, done);
	}
	return err;
}

static int say_no_root(struct stock_source *src)
{
	const __u8 *missing = stock_program_vars(&src->loaded).missing;
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
	struct stock_pass done = { 0 };
	int err = run_from_some_root(src, half, &done);

	if (err)
		return err;
	/* afterwards: a module that exists now existed all the time */
	if (stock_program_modules_gone(&src->loaded))
		return -ESTALE;
	if (!has_root(&done))
		return stock_program_modules_move(&src->loaded) ?
			       -ESTALE :
			       say_no_root(src);
	src->found = true;
	src->lost = false;
	if (done.strange)
		return stock_program_had(&src->loaded, "dm_verity") &&
				       !stock_program_modules_move(
					       &src->loaded) ?
			       say_no_types() :
			       -ESTALE;
	if (done.unread && stock_program_modules_move(&src->loaded))
		return -ESTALE;
	if (!stock_program_fits(&src->loaded, &done))
		return -ENOSPC;
	src->notes[half] = stock_program_notes(&src->loaded, half, &done);
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
	return stock_program_load(&src->loaded);
}

/* @err is that of loading. A reading continues without device-mapper. */
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
	if (src->loaded.program.prog < 0)
		err = without_dm(src, stock_program_load(&src->loaded));
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
	stock_program_pause(tries);
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
	       !gaps_without_counts(stock_program_vars(&src->loaded).missing);
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
	return src->loaded.generation;
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
	if (src->loaded.vars)
		gaps_add_stock(stock_program_vars(&src->loaded).missing, to);
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
