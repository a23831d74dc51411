// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded into a command: while the first byte of the file REFUSE_PROGRAMS is
 * 1, each BPF program is refused with EINVAL. The kernel does the same for a
 * moment while a module that the program refers to is being loaded or unloaded.
 *
 * The file is mapped at the start, because the process that loads programs
 * cannot open files later.
 *
 * With REFUSE_KPROBES=1 there is no kprobe (EACCES).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static const volatile char *refuse = "";
static int refuse_kprobes;
static long (*next)(long, ...);

static void __attribute__((constructor)) prepare(void)
{
	const char *path = getenv("REFUSE_PROGRAMS");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *memory = fd < 0 ? MAP_FAILED :
				mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);

	if (fd >= 0)
		close(fd);
	if (memory != MAP_FAILED)
		refuse = memory;
	refuse_kprobes = getenv("REFUSE_KPROBES") != NULL;
	next = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
}

long syscall(long number, ...)
{
	long args[6];
	va_list ap;

	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		args[i] = va_arg(ap, long);
	va_end(ap);
	if (number == SYS_bpf && args[0] == BPF_PROG_LOAD && *refuse == '1') {
		errno = EINVAL;
		return -1;
	}
	if (number == SYS_perf_event_open && refuse_kprobes) {
		errno = EACCES;
		return -1;
	}
	return next(number, args[0], args[1], args[2], args[3], args[4],
		    args[5]);
}
