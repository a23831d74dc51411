// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the kernel skip runs of a BPF program of another process. The kernel
 * skips a run that begins during another run of the same program on the same
 * CPU.
 *
 * usage: run-nested NAME COUNT
 *
 * The program, which has to be a raw tracepoint's that reads the memory its
 * argument points to, is attached to page faults of the kernel (x86 has a
 * tracepoint for them) and run with an unmapped address. Reading it faults,
 * which starts a second run with the same address. That run faults as well, and
 * the kernel skips the third run.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An address in the kernel's half, above all mapped memory. */
#define NOTHING_THERE 0xffffeb0000001000ULL

/* A descriptor of the program named @name, or -errno. */
static int find_program(const char *name)
{
	uint32_t id = 0;

	while (bpf_prog_get_next_id(id, &id) == 0) {
		struct bpf_prog_info info = { 0 };
		uint32_t len = sizeof(info);
		int fd = bpf_prog_get_fd_by_id(id);

		if (fd < 0)
			continue;
		if (bpf_obj_get_info_by_fd(fd, &info, &len) == 0 &&
		    strcmp(info.name, name) == 0)
			return fd;
		close(fd);
	}
	return -ENOENT;
}

/* The result of @what, unless it is an error. */
static int check(int ret, const char *what)
{
	if (ret >= 0)
		return ret;
	fprintf(stderr, "run-nested: %s: %s\n", what, strerror(-ret));
	exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
	uint64_t args[] = { NOTHING_THERE };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = args,
		    .ctx_size_in = sizeof(args));
	int prog;

	if (argc != 3) {
		fprintf(stderr, "usage: run-nested NAME COUNT\n");
		return EXIT_FAILURE;
	}
	prog = check(find_program(argv[1]), argv[1]);
	check(bpf_raw_tracepoint_open("page_fault_kernel", prog),
	      "attach to page_fault_kernel");
	for (long nr = strtol(argv[2], NULL, 10); nr > 0; nr--)
		check(bpf_prog_test_run_opts(prog, &opts), "run it");
	return EXIT_SUCCESS;
}
