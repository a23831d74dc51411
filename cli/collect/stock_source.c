// SPDX-License-Identifier: GPL-2.0-only
#include "collect/stock_source.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "collect/stock_maps.h"
#include "collect/sysfs_source.h"
#include "model/sample.h"
#include "util/alloc.h"
#include "util/capability.h"
#include "util/msg.h"

#include "links_record.h"
#include "stock.lskel.h"

/*
 * Room for a device at first; what does not fit is counted, and then there is
 * room for it. A verity device with error correction has 22 pools.
 */
#define TABLES_PER_DEVICE 2
#define TARGETS_PER_DEVICE 4
#define LOWER_PER_DEVICE 4
#define POOLS_PER_DEVICE 24
#define SPARE_DEVICES 16
#define SPARE_WAITS 256
/* Steps along the edges of the tree of devices that one takes: no more than 3. */
#define STEPS_PER_DEVICE 4

/*
 * Passes that may disagree with the one before until it is said so. Each comes
 * twice as late as the one before: a table in exchange waits for a grace period
 * of RCU.
 */
#define MAX_RETRIES 8
#define FIRST_RETRY_NS 1000000L

#define NR_KINDS 6

/* Those whose structures are walked over. */
enum module {
	MODULE_DM,
	MODULE_BUFIO,
	MODULE_VERITY,
	NR_MODULES,
};

static const char *const module_names[NR_MODULES] = {
	[MODULE_DM] = "dm_mod",
	[MODULE_BUFIO] = "dm_bufio",
	[MODULE_VERITY] = "dm_verity",
};

/* One of the maps, as this process sees it. */
struct view {
	void *memory; /* NULL: not mapped */
	size_t length;
};

struct stock_source {
	struct stock_bpf *skel;
	struct sysfs_module modules[NR_MODULES]; /* that skel was made for */
	struct stock_numbers room;
	struct view views[NR_KINDS];
	struct stock_notes notes[2]; /* of the two passes in the maps */
	int later; /* which of them is the later one */
	bool agreed; /* a sample was made of these two, and has all of them */
	struct stock_ids ids;
	uint64_t torn; /* devices left torn in some sample */
};

/* The maps, their room, the size of what is in them. */
struct kind {
	struct bpf_map_desc *map;
	uint64_t room;
	size_t size;
};

static void list_kinds(const struct stock_source *src,
		       struct kind ret[static NR_KINDS])
{
	struct stock_bpf *skel = src->skel;
	const struct kind all[NR_KINDS] = {
		{ &skel->maps.devices, src->room.devices,
		  sizeof(struct stock_device) },
		{ &skel->maps.tables, src->room.tables,
		  sizeof(struct stock_table) },
		{ &skel->maps.targets, src->room.targets,
		  sizeof(struct stock_target) },
		{ &skel->maps.lower, src->room.lower,
		  sizeof(struct stock_lower) },
		{ &skel->maps.pools, src->room.pools,
		  sizeof(struct stock_pool) },
		{ &skel->maps.waits, src->room.waits,
		  sizeof(struct stock_wait) },
	};

	memcpy(ret, all, sizeof(all));
}

static void unload(struct stock_source *src)
{
	for (size_t i = 0; i < NR_KINDS; i++) {
		if (src->views[i].memory)
			munmap(src->views[i].memory, src->views[i].length);
		src->views[i] = (struct view){ 0 };
	}
	for (size_t i = 0; i < NR_MODULES; i++)
		sysfs_module_release(&src->modules[i]);
	stock_bpf__destroy(src->skel);
	src->skel = NULL;
	src->notes[0] = src->notes[1] = (struct stock_notes){ 0 };
	src->agreed = false;
}

static int say_rights(void)
{
	msg_info(
		"this takes CAP_BPF, CAP_PERFMON and CAP_SYSLOG, and CAP_SYS_ADMIN to know all: run it as root; a kernel locked down for confidentiality refuses even root");
	return -EPERM;
}

/* What else could be wrong is seen later than that rights are missing. */
static bool may_load(void)
{
	return capability_in_effect(CAP_SYS_ADMIN) ||
	       (capability_in_effect(CAP_BPF) &&
		capability_in_effect(CAP_PERFMON));
}

static int say_load_failed(int err)
{
	/* the verifier knows no helper that reads memory then: EINVAL */
	if (sysfs_locked_down())
		err = -EPERM;
	msg_error_errno(err, "can't load the program that looks at the kernel");
	if (err == -EPERM)
		return say_rights();
	msg_info(
		"it needs Linux 6.1 or later with BTF of the kernel and of its dm modules (CONFIG_DEBUG_INFO_BTF_MODULES)");
	return -EOPNOTSUPP;
}

/* Before the program is loaded: what comes later it may not know. */
static int find_modules(struct stock_source *src)
{
	for (size_t i = 0; i < NR_MODULES; i++)
		sysfs_module_find(module_names[i], &src->modules[i]);
	if (src->modules[MODULE_DM].there)
		return 0;
	msg_error("device-mapper is not loaded: there is no device to report");
	return -ENODEV;
}

static bool modules_gone(const struct stock_source *src)
{
	for (size_t i = 0; i < NR_MODULES; i++) {
		if (sysfs_module_gone(&src->modules[i]))
			return true;
	}
	return false;
}

static int say_no_types(void)
{
	msg_error(
		"there are verity devices, but the kernel has no BTF of dm_verity or dm_bufio: their pools can't be found");
	msg_info(
		"it takes a kernel with CONFIG_DEBUG_INFO_BTF_MODULES, its modules not stripped");
	return -EOPNOTSUPP;
}

static int map_views(struct stock_source *src)
{
	struct kind kinds[NR_KINDS];
	long page = sysconf(_SC_PAGESIZE);

	list_kinds(src, kinds);
	for (size_t i = 0; i < NR_KINDS; i++) {
		struct view *view = &src->views[i];
		size_t length = 2 * kinds[i].room * kinds[i].size;
		void *memory;

		length = (length + page - 1) / page * page;
		memory = mmap(NULL, length, PROT_READ, MAP_SHARED,
			      kinds[i].map->map_fd, 0);
		if (memory == MAP_FAILED)
			return msg_error_errno(-errno,
					       "can't map what was noted");
		*view = (struct view){ memory, length };
	}
	return 0;
}

static int load_program(struct stock_source *src)
{
	struct kind kinds[NR_KINDS];
	int err = find_modules(src);

	if (err)
		return err;
	src->skel = stock_bpf__open();
	if (!src->skel)
		return say_load_failed(-errno);
	src->skel->rodata->page_size = sysconf(_SC_PAGESIZE);
	src->skel->rodata->room = src->room;
	src->skel->rodata->max_steps = src->room.devices * STEPS_PER_DEVICE;
	list_kinds(src, kinds);
	for (size_t i = 0; i < NR_KINDS; i++)
		kinds[i].map->max_entries = 2 * kinds[i].room;
	err = stock_bpf__load(src->skel);
	if (err)
		return say_load_failed(err);
	return map_views(src);
}

/* Loads the program with src->room in its maps; all of it or nothing. */
static int load(struct stock_source *src)
{
	int err = load_program(src);

	if (err)
		unload(src);
	return err;
}

int stock_source_open(struct stock_source **ret)
{
	struct stock_source *src;
	uint64_t devices = sysfs_count_devices() + SPARE_DEVICES;
	int err;

	if (!may_load())
		return say_load_failed(-EPERM);
	src = xcalloc(1, sizeof(*src));
	for (size_t i = 0; i < NR_MODULES; i++)
		src->modules[i].fd = -1;
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
		return err;
	}
	*ret = src;
	return 0;
}

/* Whether @room did for @nr; if not, it does then, and for half as many more. */
static bool fits(__u64 nr, __u64 *room)
{
	if (nr <= *room)
		return true;
	*room = nr + nr / 2;
	return false;
}

/* Whether everything found room; makes src->room large enough if not. */
static bool all_fit(struct stock_source *src, const struct stock_pass *done)
{
	const struct stock_numbers *nr = &done->nr;
	struct stock_numbers *room = &src->room;
	/* a pass that did not get to the end has met too many devices */
	uint64_t devices = done->finished ? nr->devices : 2 * room->devices + 1;

	/* each of them, so no short cut */
	return fits(devices, &room->devices) & fits(nr->tables, &room->tables) &
	       fits(nr->targets, &room->targets) &
	       fits(nr->lower, &room->lower) & fits(nr->pools, &room->pools) &
	       fits(nr->waits, &room->waits);
}

/*
 * One pass into half @half of the maps. Returns 0, -ENOSPC or -ESTALE where the
 * program has to be loaded anew, or -errno.
 */
static int make_pass(struct stock_source *src, int half)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	const struct stock_numbers room = src->room;
	struct stock_bpf *skel = src->skel;
	const struct stock_pass *done = &skel->bss->passes[half];
	int err;

	skel->bss->pass = half;
	err = bpf_prog_test_run_opts(skel->progs.stock_walk.prog_fd, &opts);
	if (err)
		return msg_error_errno(err, "can't look at the kernel");
	if (!done->found) {
		msg_error(
			"the kernel does not say where device-mapper's devices are");
		return say_rights();
	}
	/* afterwards: what is there then was there all the time */
	if (modules_gone(src))
		return -ESTALE;
	if (done->strange)
		return src->modules[MODULE_VERITY].there ? say_no_types() :
							   -ESTALE;
	if (!all_fit(src, done))
		return -ENOSPC;
#define HALF(i, type, what) ((type *)src->views[i].memory + half * room.what)
	src->notes[half] = (struct stock_notes){
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
	return 0;
}

/* Whether make_pass() failed for something that loading anew helps. */
static bool wants_reload(int err)
{
	return err == -ENOSPC || err == -ESTALE;
}

/*
 * The program anew, for @err: with the room that was found to be needed, for the
 * modules that are there now.
 */
static int reload(struct stock_source *src, int err)
{
	msg_debug(err == -ENOSPC ?
			  "more devices or pools than there was room for" :
			  "modules have come or gone");
	unload(src);
	return load(src);
}

/*
 * A pass over the earlier one in the maps. If it has noted what the later one has,
 * of which a sample was made, that is what there is; else one more. By another
 * program if they need it.
 */
int stock_source_look(struct stock_source *src, bool *same)
{
	int err = 0;

	*same = false;
	/* it could not be loaded anew last time; now the modules may be there */
	if (!src->skel)
		err = load(src);
	if (err)
		return err;
	for (int tries = 0; tries < MAX_RETRIES; tries++) {
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
		err = reload(src, err);
		if (err)
			return err;
	}
	return msg_error_errno(
		-EAGAIN, "devices or modules come faster than they are seen");
}

/* One more pass, after a while; returns what make_pass() does. */
static int pass_again(struct stock_source *src, int tries)
{
	const struct timespec pause = { .tv_nsec = FIRST_RETRY_NS << tries };

	nanosleep(&pause, NULL);
	src->later = !src->later;
	return make_pass(src, src->later);
}

int stock_source_fill(struct stock_source *src, struct sample *s)
{
	bool same;
	size_t missing = 0;
	int err = 0;

	src->agreed = false;
	for (int tries = 0; !err; tries++) {
		missing = stock_maps_add(&src->notes[!src->later],
					 &src->notes[src->later], &src->ids, s);
		/* all of it is in the two passes, and in no earlier one */
		src->agreed = !missing && !tries;
		if (!missing || tries == MAX_RETRIES)
			break;
		msg_debug("%zu devices have changed meanwhile: once more",
			  missing);
		err = pass_again(src, tries);
		if (wants_reload(err)) {
			err = reload(src, err);
			if (!err)
				err = stock_source_look(src, &same);
		}
	}
	if (err)
		return err;
	src->torn += stock_maps_end(&src->notes[src->later], s);
	s->source = SAMPLE_STOCK;
	s->losses = (struct sample_losses){ .raced_reads = src->torn };
	return 0;
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

void stock_source_close(struct stock_source *src)
{
	if (!src)
		return;
	unload(src);
	stock_ids_release(&src->ids);
	free(src);
}
