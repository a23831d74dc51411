// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/program.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel/light_skeleton.h"
#include "kernel/program_log.h"
#include "system/stop.h"

#include "links_record.h"
#include "stock_record.h"

#include "links.lskel.h"
#include "stock.lskel.h"

/* Steps along the edges of the tree of devices for each device: at most 3. */
#define STEPS_PER_DEVICE 4

/*
 * Log size that contains the last words: there is a line for each relocation.
 */
#define LOG_SIZE (1U << 20)

/* In the order of struct program_params.room. */
enum stock_map {
	STOCK_MAP_DEVICES,
	STOCK_MAP_TABLES,
	STOCK_MAP_TARGETS,
	STOCK_MAP_LOWER,
	STOCK_MAP_POOLS,
	STOCK_MAP_WAITS,
};

enum links_map {
	LINKS_MAP_TABLES,
	LINKS_MAP_LINKS,
};

struct program program_none(void)
{
	struct program p = { .prog = -1, .bss = -1 };

	for (size_t i = 0; i < PROGRAM_MAX_MAPS; i++)
		p.maps[i] = -1;
	return p;
}

void program_close(struct program *p)
{
	if (p->prog >= 0)
		close(p->prog);
	if (p->bss >= 0)
		close(p->bss);
	for (size_t i = 0; i < PROGRAM_MAX_MAPS; i++) {
		if (p->maps[i] >= 0)
			close(p->maps[i]);
	}
	*p = program_none();
}

/* The skeleton's descriptor is ours from now on: it closes none that is 0. */
static int take(int *fd)
{
	int taken = *fd;

	*fd = 0;
	return taken;
}

static int load_stock(const struct program_params *params,
		      struct light_load *load, struct program *ret)
{
	static const char *const programs[] = { "stock_walk", NULL };
	struct stock_bpf *skel = stock_bpf__open();
	struct bpf_map_desc *const maps[PROGRAM_MAX_MAPS] = {
		[STOCK_MAP_DEVICES] = skel ? &skel->maps.devices : NULL,
		[STOCK_MAP_TABLES] = skel ? &skel->maps.tables : NULL,
		[STOCK_MAP_TARGETS] = skel ? &skel->maps.targets : NULL,
		[STOCK_MAP_LOWER] = skel ? &skel->maps.lower : NULL,
		[STOCK_MAP_POOLS] = skel ? &skel->maps.pools : NULL,
		[STOCK_MAP_WAITS] = skel ? &skel->maps.waits : NULL,
	};
	int err;

	if (!skel)
		return -ENOMEM;
	skel->rodata->page_size = (__u64)sysconf(_SC_PAGESIZE);
	skel->rodata->max_steps =
		(__u32)params->room[STOCK_MAP_DEVICES] * STEPS_PER_DEVICE;
	skel->rodata->room = (struct stock_numbers){
		.devices = params->room[STOCK_MAP_DEVICES],
		.tables = params->room[STOCK_MAP_TABLES],
		.targets = params->room[STOCK_MAP_TARGETS],
		.lower = params->room[STOCK_MAP_LOWER],
		.pools = params->room[STOCK_MAP_POOLS],
		.waits = params->room[STOCK_MAP_WAITS],
	};
	/* two passes are in them */
	for (size_t i = 0; i < PROGRAM_MAX_MAPS; i++)
		maps[i]->max_entries = (__u32)(2 * params->room[i]);
	load->programs = programs;
	light_load_set(&skel->ctx, load);
	err = stock_bpf__load(skel);
	if (!err) {
		ret->prog = take(&skel->progs.stock_walk.prog_fd);
		ret->bss = take(&skel->maps.bss.map_fd);
		for (size_t i = 0; i < PROGRAM_MAX_MAPS; i++)
			ret->maps[i] = take(&maps[i]->map_fd);
	}
	stock_bpf__destroy(skel);
	return err;
}

static int load_links(const struct program_params *params,
		      struct light_load *load, struct program *ret)
{
	static const char *const programs[] = { "look_at_links", NULL };
	struct links_bpf *skel = links_bpf__open();
	int err;

	if (!skel)
		return -ENOMEM;
	skel->rodata->room_tables = (__u32)params->room[LINKS_MAP_TABLES];
	skel->rodata->room_links = (__u32)params->room[LINKS_MAP_LINKS];
	skel->rodata->nr_cpus = params->nr_cpus;
	skel->maps.tables.max_entries = (__u32)params->room[LINKS_MAP_TABLES];
	skel->maps.links.max_entries = (__u32)params->room[LINKS_MAP_LINKS];
	load->programs = programs;
	light_load_set(&skel->ctx, load);
	err = links_bpf__load(skel);
	if (!err) {
		ret->prog = take(&skel->progs.look_at_links.prog_fd);
		ret->bss = take(&skel->maps.bss.map_fd);
		ret->maps[LINKS_MAP_TABLES] = take(&skel->maps.tables.map_fd);
		ret->maps[LINKS_MAP_LINKS] = take(&skel->maps.links.map_fd);
	}
	links_bpf__destroy(skel);
	return err;
}

static bool is_valid(const struct program_params *params)
{
	static const size_t nr_maps[NR_PROGRAMS] = {
		[PROGRAM_STOCK] = 6, [PROGRAM_LINKS] = 2
	};

	if (params->kind >= NR_PROGRAMS || !params->nr_cpus)
		return false;
	for (size_t i = 0; i < nr_maps[params->kind]; i++) {
		if (!params->room[i] || params->room[i] > PROGRAM_MAX_ROOM)
			return false;
	}
	return true;
}

/* The program to load, and where to. */
struct load {
	const struct program_params *params;
	struct program *ret;
	struct light_load how;
};

/* From the beginning: objects that were loaded before an error are gone. */
static int load(void *arg)
{
	struct load *l = arg;

	*l->ret = program_none();
	return l->params->kind == PROGRAM_STOCK ?
		       load_stock(l->params, &l->how, l->ret) :
		       load_links(l->params, &l->how, l->ret);
}

/* If privileges, memory or time are missing the verifier has no message. */
static bool is_refused(int err)
{
	return err == -EINVAL || err == -EACCES || err == -E2BIG ||
	       err == -ENOENT || err == -EFAULT || err == -ESRCH;
}

/*
 * Loads the program once more, to get the messages of the verifier and of the kernel's
 * relocation.
 */
static void ask_why(struct load *l, struct program_refusal *why)
{
	l->how = (struct light_load){ .log = malloc(LOG_SIZE),
				      .log_size = LOG_SIZE };
	if (!l->how.log)
		return;
	l->how.log[0] = '\0';
	/*
	 * it may succeed now; then it is not used, because it was loaded with a
	 * log
	 */
	if (!stop_undisturbed(load, l))
		program_close(l->ret);
	else
		program_log_read(l->how.log, why);
	free(l->how.log);
}

int program_load(const struct program_params *params,
		 const struct kernel_types *types, struct program *ret,
		 struct program_refusal *why)
{
	struct load l = { .params = params,
			  .ret = ret,
			  .how = { .types = types } };
	int err;

	*ret = program_none();
	*why = (struct program_refusal){ 0 };
	if (!is_valid(params))
		return -EINVAL;
	err = stop_undisturbed(load, &l);
	if (is_refused(err))
		ask_why(&l, why);
	return err;
}

size_t program_vars_size(enum program_kind kind)
{
	return kind == PROGRAM_STOCK ? sizeof(struct stock_bpf__bss) :
				       sizeof(struct links_bpf__bss);
}

struct program_stock_vars program_stock_vars(void *memory)
{
	struct stock_bpf__bss *bss = memory;

	return (struct program_stock_vars){
		.pass = &bss->pass,
		.anchor_fd = &bss->anchor_fd,
		.anchor_minor = &bss->anchor_minor,
		.passes = (const struct stock_pass *)bss->passes,
		.missing = bss->missing,
	};
}

struct program_links_vars program_links_vars(void *memory)
{
	struct links_bpf__bss *bss = memory;

	return (struct program_links_vars){ .nr_tables = &bss->nr_tables,
					    .nr_links = &bss->nr_links,
					    .missing = bss->missing };
}

static size_t whole_pages(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

void *program_map(int fd, size_t size, int writable)
{
	void *memory = mmap(NULL, whole_pages(size),
			    writable ? PROT_READ | PROT_WRITE : PROT_READ,
			    MAP_SHARED, fd, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void program_unmap(void *memory, size_t size)
{
	if (memory)
		munmap(memory, whole_pages(size));
}
