// SPDX-License-Identifier: GPL-2.0-only
#include "collect/link_source.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "collect/link_maps.h"
#include "collect/stock_source.h"
#include "collect/sysfs_source.h"
#include "model/sample.h"
#include "util/alloc.h"
#include "util/msg.h"

#include "links.lskel.h"

/* Room at first; what does not fit is counted, and then there is room for it. */
#define SPARE_TABLES 64
#define LINKS_PER_TABLE 8

struct link_source {
	struct links_bpf *skel;
	uint32_t room_tables;
	uint32_t room_links;
	struct links_table *tables; /* mapped */
	const struct links_link *links; /* mapped */
};

static size_t whole_pages(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

static size_t tables_length(const struct link_source *src)
{
	return whole_pages(src->room_tables * sizeof(*src->tables));
}

static size_t links_length(const struct link_source *src)
{
	return whole_pages(src->room_links * sizeof(*src->links));
}

static void unload(struct link_source *src)
{
	if (src->tables)
		munmap(src->tables, tables_length(src));
	if (src->links)
		munmap((void *)src->links, links_length(src));
	src->tables = NULL;
	src->links = NULL;
	links_bpf__destroy(src->skel);
	src->skel = NULL;
}

static int map_views(struct link_source *src)
{
	void *tables = mmap(NULL, tables_length(src), PROT_READ | PROT_WRITE,
			    MAP_SHARED, src->skel->maps.tables.map_fd, 0);
	void *links;

	if (tables == MAP_FAILED)
		return -errno;
	src->tables = tables;
	links = mmap(NULL, links_length(src), PROT_READ, MAP_SHARED,
		     src->skel->maps.links.map_fd, 0);
	if (links == MAP_FAILED)
		return -errno;
	src->links = links;
	return 0;
}

static int load_program(struct link_source *src)
{
	int err;

	src->skel = links_bpf__open();
	if (!src->skel)
		return -errno;
	src->skel->rodata->room_tables = src->room_tables;
	src->skel->rodata->room_links = src->room_links;
	src->skel->rodata->nr_cpus = (uint32_t)sysconf(_SC_NPROCESSORS_CONF);
	src->skel->maps.tables.max_entries = src->room_tables;
	src->skel->maps.links.max_entries = src->room_links;
	err = links_bpf__load(src->skel);
	return err ? err : map_views(src);
}

/* All of it or nothing. */
static int load(struct link_source *src)
{
	int err = load_program(src);

	if (err)
		unload(src);
	return err;
}

static int say(int err)
{
	if (err)
		msg_debug("how devices are on each other is not known: %s",
			  strerror(-err));
	return err;
}

int link_source_open(struct link_source **ret)
{
	struct link_source *src = xcalloc(1, sizeof(*src));
	int err;

	src->room_tables = (uint32_t)sysfs_count_devices() + SPARE_TABLES;
	src->room_links = src->room_tables * LINKS_PER_TABLE;
	err = load(src);
	if (err) {
		link_source_close(src);
		return say(err);
	}
	*ret = src;
	return 0;
}

/* The program anew, with more room. */
static int grow(struct link_source *src, size_t tables, size_t links)
{
	unload(src);
	if (tables > src->room_tables)
		src->room_tables = (uint32_t)(tables + tables / 2);
	if (links > src->room_links)
		src->room_links = (uint32_t)(links + links / 2);
	return load(src);
}

/* Runs the program. Returns 0, -ENOSPC or -errno. */
static int look(struct link_source *src, size_t tables)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	int err;

	src->skel->bss->nr_tables = (uint32_t)tables;
	err = bpf_prog_test_run_opts(src->skel->progs.look_at_links.prog_fd,
				     &opts);
	if (!err && src->skel->bss->nr_links > src->room_links)
		err = -ENOSPC;
	return err;
}

int link_source_read(struct link_source *src, const struct stock_source *stock,
		     struct sample *s)
{
	size_t tables = stock_source_live_tables(stock, NULL, 0);
	int err = 0;

	if (!src->skel)
		err = load(src);
	if (!err && tables > src->room_tables)
		err = grow(src, tables, 0);
	for (int tries = 0; !err && tries < 3; tries++) {
		stock_source_live_tables(stock, src->tables, src->room_tables);
		err = look(src, tables);
		if (err != -ENOSPC)
			break;
		err = grow(src, tables, src->skel->bss->nr_links);
	}
	if (err)
		return say(err);
	free(s->links);
	s->links = NULL;
	s->nr_links = 0;
	link_maps_add(src->links, src->skel->bss->nr_links, s);
	return 0;
}

void link_source_close(struct link_source *src)
{
	if (!src)
		return;
	unload(src);
	free(src);
}
