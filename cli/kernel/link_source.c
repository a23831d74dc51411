// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/link_source.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/text.h"
#include "decode/link_maps.h"
#include "kernel/gaps.h"
#include "kernel/loader.h"
#include "kernel/program.h"
#include "kernel/stock_source.h"
#include "kernel/sysfs_source.h"
#include "sample/sample.h"

#include "links_record.h"

/*
 * Initial size; entries that do not fit are counted, and then there is room for
 * them.
 */
#define SPARE_TABLES 64
#define LINKS_PER_TABLE 8

struct link_source {
	struct loader *loader; /* not owned; NULL: loads in this process */
	struct program program; /* .prog is -1: none is loaded */
	uint64_t generation; /* of the modules that it was loaded for */
	uint32_t nr_cpus;
	uint32_t room_tables;
	uint32_t room_links;
	void *vars; /* mapped */
	struct links_table *tables; /* mapped */
	const struct links_link *links; /* mapped */
	struct program_refusal why; /* the last load failed */
	bool said; /* that failure was reported */
	int err; /* of the last load for these modules */
};

static size_t tables_length(const struct link_source *src)
{
	return src->room_tables * sizeof(*src->tables);
}

static size_t links_length(const struct link_source *src)
{
	return src->room_links * sizeof(*src->links);
}

static void unload(struct link_source *src)
{
	program_unmap(src->tables, tables_length(src));
	program_unmap((void *)src->links, links_length(src));
	program_unmap(src->vars, program_vars_size(PROGRAM_LINKS));
	src->tables = NULL;
	src->links = NULL;
	src->vars = NULL;
	program_close(&src->program);
}

static int map_views(struct link_source *src)
{
	src->vars = program_map(src->program.bss,
				program_vars_size(PROGRAM_LINKS), true);
	if (src->vars)
		src->tables = program_map(src->program.maps[0],
					  tables_length(src), true);
	if (src->tables)
		src->links = program_map(src->program.maps[1],
					 links_length(src), false);
	return src->links ? 0 : -errno;
}

static int load_program(struct link_source *src,
			const struct kernel_types *types)
{
	const struct program_params params = { .kind = PROGRAM_LINKS,
					       .nr_cpus = src->nr_cpus,
					       .room = { src->room_tables,
							 src->room_links } };
	int err = loader_load(src->loader, &params, types, &src->program,
			      &src->why);

	return err ? err : map_views(src);
}

/* Maps all or nothing. */
static int load(struct link_source *src, const struct kernel_types *types)
{
	int err = load_program(src, types);

	if (err)
		unload(src);
	return err;
}

/* Reports once, until it works again: a watch tries every second. */
static int say(struct link_source *src, int err)
{
	if (err && !src->said) {
		msg_warning(
			"cannot read how devices depend on each other (%s): deadlocks are not detected",
			strerror(-err));
		if (*src->why.member)
			msg_info(
				"the kernel has no %s, which the program reads",
				src->why.member);
		if (*src->why.words)
			msg_info("the verifier's last words: %s",
				 src->why.words);
	}
	src->said = err;
	return err;
}

struct link_source *link_source_open(struct loader *loader,
				     const struct kernel_types *types)
{
	struct link_source *src = xcalloc(1, sizeof(*src));

	src->loader = loader;
	src->program = program_none();
	src->nr_cpus = (uint32_t)sysconf(_SC_NPROCESSORS_CONF);
	src->room_tables = (uint32_t)sysfs_count_devices() + SPARE_TABLES;
	src->room_links = src->room_tables * LINKS_PER_TABLE;
	src->err = say(src, load(src, types));
	return src;
}

/* Loads the program again, with larger maps. */
static int grow(struct link_source *src, size_t tables, size_t links)
{
	unload(src);
	if (tables > src->room_tables)
		src->room_tables = (uint32_t)(tables + tables / 2);
	if (links > src->room_links)
		src->room_links = (uint32_t)(links + links / 2);
	return load(src, NULL);
}

/* Runs the program. Returns 0, -ENOSPC or -errno. */
static int look(struct link_source *src, size_t tables)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	const struct program_links_vars vars = program_links_vars(src->vars);
	const char *member;
	int err;

	*vars.nr_tables = (uint32_t)tables;
	err = bpf_prog_test_run_opts(src->program.prog, &opts);
	if (!err && *vars.nr_links > src->room_links)
		err = -ENOSPC;
	member = err ? NULL : gaps_without_links(vars.missing);
	if (member) {
		text_copy(src->why.member, sizeof(src->why.member), member);
		err = -EOPNOTSUPP;
	}
	return err;
}

int link_source_read(struct link_source *src, const struct stock_source *stock,
		     struct sample *s)
{
	size_t tables = stock_source_live_tables(stock, NULL, 0);
	int err = 0;

	/* offsets in structures of a module are those of its build */
	if (src->generation != stock_source_generation(stock)) {
		if (src->generation)
			unload(src);
		src->generation = stock_source_generation(stock);
	}
	/* it failed for these modules, and would again */
	else if (src->err)
		return src->err;
	if (src->program.prog < 0)
		err = src->err = load(src, NULL);
	if (!err && tables > src->room_tables)
		err = grow(src, tables, 0);
	for (int tries = 0; !err && tries < 3; tries++) {
		stock_source_live_tables(stock, src->tables, src->room_tables);
		err = look(src, tables);
		if (err != -ENOSPC)
			break;
		err = grow(src, tables,
			   *program_links_vars(src->vars).nr_links);
	}
	if (say(src, err))
		return err;
	free(s->links);
	s->links = NULL;
	s->nr_links = 0;
	link_maps_add(src->links, *program_links_vars(src->vars).nr_links, s);
	return 0;
}

void link_source_list_gaps(const struct link_source *src,
			   struct doctor_gaps *to)
{
	if (src->vars)
		gaps_add_links(program_links_vars(src->vars).missing, to);
	else
		gaps_add_no_links(&src->why, to);
}

void link_source_close(struct link_source *src)
{
	if (!src)
		return;
	unload(src);
	free(src);
}
