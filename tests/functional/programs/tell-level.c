// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a BPF program for pool events that another process has loaded, with a
 * constructed event, so that events arrive in a rare order.
 *
 * usage: tell-level PROGRAM POOL LEVEL
 *        tell-level POOL		prints the stored level
 *
 * PROGRAM is on_pool, or one for uses of pools. The event is for the pool with
 * the number POOL and has the values that the program has stored, but LEVEL
 * elements. The layout of the events is that of
 * Documentation/admin-guide/device-mapper/dm-pool.rst.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decode/pool_maps.h"
#include "memtop_record.h"

struct event {
	__u16 version;
	__u16 slot;
	__s32 target;
	__u64 id;
	__u64 table;
	__u32 major;
	__u32 minor;
	__u32 min_nr;
	__u32 curr_nr;
	__u32 object_size;
	__u32 alloc_size;
	__u64 caches[2];
	__u32 nr_cached;
	__u32 n;
	__u32 of;
	__u32 pad;
	char type[16];
	char role[24];
	char use[96]; /* additional fields of the events of uses */
	__u64 address; /* its address in the kernel's memory */
};
_Static_assert(offsetof(struct event, use) == 120, "format of the events");

/* The result of @what, unless it is an error. */
static int check(int ret, const char *what)
{
	if (ret >= 0)
		return ret;
	fprintf(stderr, "tell-level: %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

/* The newest map: those of an ended process may stay for a while. */
static int find_program(const char *name)
{
	int found = -1;
	__u32 id = 0;

	while (bpf_prog_get_next_id(id, &id) == 0) {
		struct bpf_prog_info info = { 0 };
		__u32 len = sizeof(info);
		int fd = bpf_prog_get_fd_by_id(id);

		if (fd < 0)
			continue;
		if (bpf_obj_get_info_by_fd(fd, &info, &len) ||
		    strcmp(info.name, name) != 0) {
			close(fd);
			continue;
		}
		if (found >= 0)
			close(found);
		found = fd;
	}
	if (found < 0)
		errno = ENOENT;
	return found;
}

/* The value in the newest map; unchanged if there is no such pool. */
static void find_pool(__u64 number, struct memtop_pool *ret)
{
	__u32 id = 0;

	while (bpf_map_get_next_id(id, &id) == 0) {
		struct bpf_map_info info = { 0 };
		__u32 len = sizeof(info);
		int fd = bpf_map_get_fd_by_id(id);

		if (fd < 0)
			continue;
		if (bpf_obj_get_info_by_fd(fd, &info, &len) == 0 &&
		    strcmp(info.name, "pools") == 0 &&
		    info.value_size == sizeof(*ret))
			bpf_map_lookup_elem(fd, &number, ret);
		close(fd);
	}
}

static void fill(struct event *ev, __u64 number, __u32 level)
{
	struct memtop_pool pool = { 0 };

	find_pool(number, &pool);
	*ev = (struct event){
		.version = MEMTOP_EVENT_VERSION,
		.slot = MEMTOP_SLOT_LIVE,
		.target = pool.target,
		.id = number,
		.table = pool.table,
		.major = pool.major,
		.minor = pool.minor,
		.min_nr = pool.min_nr,
		.curr_nr = level,
		.object_size = pool.object_size,
		.alloc_size = pool.alloc_size,
		.nr_cached = pool.nr_cached,
	};
	memcpy(ev->type, pool.type, sizeof(ev->type));
	memcpy(ev->role, pool.role, sizeof(ev->role));
}

/* Copies @ev into the kernel's memory, and returns its address. */
static __u64 put(int map, struct event *ev)
{
	const struct bpf_insn insns[] = {
		{ BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_VALUE, 0,
		  map },
		{ 0 },
		{ BPF_STX | BPF_MEM | BPF_DW, BPF_REG_1, BPF_REG_1,
		  offsetof(struct event, address), 0 },
		{ BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0 },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	const __u32 zero = 0;
	int prog = check(bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "address",
				       "GPL", insns,
				       sizeof(insns) / sizeof(insns[0]), NULL),
			 "load a program");

	check(bpf_map_update_elem(map, &zero, ev, BPF_ANY), "write the event");
	check(bpf_prog_test_run_opts(prog, &opts), "run it");
	check(bpf_map_lookup_elem(map, &zero, ev), "read its address");
	close(prog);
	return ev->address;
}

static int show(__u64 number)
{
	struct memtop_pool pool = { 0 };

	find_pool(number, &pool);
	printf("%u/%u\n", pool_maps_level(&pool), pool.min_nr);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct event ev;
	__u64 args[1];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = args,
		    .ctx_size_in = sizeof(args));
	int prog, map;

	if (argc == 2)
		return show(strtoull(argv[1], NULL, 10));
	if (argc != 4) {
		fprintf(stderr, "usage: tell-level [PROGRAM] POOL [LEVEL]\n");
		return EXIT_FAILURE;
	}
	prog = check(find_program(argv[1]), argv[1]);
	map = check(bpf_map_create(BPF_MAP_TYPE_ARRAY, "event", sizeof(__u32),
				   sizeof(ev), 1, NULL),
		    "make a map");
	fill(&ev, strtoull(argv[2], NULL, 10),
	     (__u32)strtoul(argv[3], NULL, 10));
	args[0] = put(map, &ev);
	check(bpf_prog_test_run_opts(prog, &opts), argv[1]);
	return EXIT_SUCCESS;
}
