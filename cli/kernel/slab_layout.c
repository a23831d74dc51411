// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel provides the offset: a program is loaded with a relocation and run
 * once. The kernel caches a type that it has searched for. libbpf resolves
 * relocations itself, for which it parses all of the kernel's BTF: five
 * megabytes and most of the cost of a report. It leaves them to the kernel only
 * in loader programs, which load all of an object's programs or none. Therefore
 * this uses bpf(2) directly.
 */
#include "kernel/slab_layout.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/msg.h"
#include "system/stop.h"

/* The width of "size", which the programs of bpf/ read. */
#define SIZE_BYTES 4

/* Data that the kernel needs for a relocation. */
struct types {
	struct btf *btf;
	int cache; /* struct kmem_cache { unsigned int size; } */
	int func; /* unsigned int offset(void) */
	int path; /* of the member, as a string's offset */
};

/* Returns 0 or -errno; @ret->btf is the caller's to free either way. */
static int make_types(struct types *ret)
{
	int number, proto, err;

	*ret = (struct types){ .btf = btf__new_empty() };
	if (!ret->btf)
		return -errno;
	number = btf__add_int(ret->btf, "unsigned int", SIZE_BYTES, 0);
	ret->cache = btf__add_struct(ret->btf, "kmem_cache", SIZE_BYTES);
	err = btf__add_field(ret->btf, "size", number, 0, 0);
	proto = btf__add_func_proto(ret->btf, number);
	ret->func = btf__add_func(ret->btf, "offset", BTF_FUNC_STATIC, proto);
	ret->path = btf__add_str(ret->btf, "0:0");
	if (number < 0 || ret->cache < 0 || err || proto < 0 || ret->func < 0 ||
	    ret->path < 0)
		return -ENOMEM;
	return 0;
}

/* A descriptor or -errno. */
static int load_types(const struct types *types)
{
	uint32_t size;
	const void *data = btf__raw_data(types->btf, &size);

	return data ? bpf_btf_load(data, size, NULL) : -ENOMEM;
}

/*
 * Loads a program that returns the offset, or 0 if the member has another width
 * than ours. The kernel refuses it if there is no such member, or if structs of
 * that name differ. Returns a descriptor or -errno.
 */
static int load_program(const struct types *types, int btf_fd)
{
	const struct bpf_insn insns[] = {
		/* r0 and r1: values for our own struct, relocated */
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K,
		  .dst_reg = 1,
		  .imm = SIZE_BYTES },
		{ .code = BPF_JMP | BPF_JEQ | BPF_K,
		  .dst_reg = 1,
		  .imm = SIZE_BYTES,
		  .off = 1 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	const struct bpf_core_relo relos[] = {
		{ .insn_off = 0,
		  .type_id = (uint32_t)types->cache,
		  .access_str_off = (uint32_t)types->path,
		  .kind = BPF_CORE_FIELD_BYTE_OFFSET },
		{ .insn_off = sizeof(insns[0]),
		  .type_id = (uint32_t)types->cache,
		  .access_str_off = (uint32_t)types->path,
		  .kind = BPF_CORE_FIELD_BYTE_SIZE },
	};
	/* without it the kernel does not search for relocations */
	const struct bpf_func_info func = { .type_id = (uint32_t)types->func };
	union bpf_attr attr;
	long fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT;
	attr.license = (uintptr_t) "GPL";
	attr.insns = (uintptr_t)insns;
	attr.insn_cnt = sizeof(insns) / sizeof(insns[0]);
	attr.prog_btf_fd = (uint32_t)btf_fd;
	attr.func_info = (uintptr_t)&func;
	attr.func_info_cnt = 1;
	attr.func_info_rec_size = sizeof(func);
	attr.core_relos = (uintptr_t)relos;
	attr.core_relo_cnt = sizeof(relos) / sizeof(relos[0]);
	attr.core_relo_rec_size = sizeof(relos[0]);
	fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	return fd < 0 ? -errno : (int)fd;
}

static int run(int prog_fd, uint32_t *ret)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	int err = bpf_prog_test_run_opts(prog_fd, &opts);

	*ret = opts.retval;
	return err;
}

/* @arg: the offset, uint32_t. Returns 0 or -errno. */
static int ask(void *arg)
{
	uint32_t *ret = arg;
	struct types types;
	int btf_fd = -1, prog_fd = -1;
	int err = make_types(&types);

	if (!err)
		err = btf_fd = load_types(&types);
	if (err >= 0)
		err = prog_fd = load_program(&types, btf_fd);
	if (err >= 0)
		err = run(prog_fd, ret);
	if (prog_fd >= 0)
		close(prog_fd);
	if (btf_fd >= 0)
		close(btf_fd);
	btf__free(types.btf);
	return err;
}

uint32_t slab_layout_size_offset(void)
{
	uint32_t offset = 0;
	int err = stop_undisturbed(ask, &offset);

	if (err < 0)
		msg_debug(
			"the kernel does not say where kmem_cache.size is (%s): the size of slab objects is unknown",
			strerror(-err));
	else if (!offset)
		msg_debug(
			"kmem_cache.size is not as it was: the size of slab objects is unknown");
	return err < 0 ? 0 : offset;
}
