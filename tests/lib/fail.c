// SPDX-License-Identifier: GPL-2.0-only
/*
 * For LD_PRELOAD: makes one of many calls fail, so that a test can make each of
 * them fail in turn.
 *
 *   FAIL_ALLOCATION=N   allocation number N fails
 *   FAIL_FROM=N         all allocations from number N on fail
 *   FAIL_WRITE=N        write(2) number N writes half of its data, then fails
 *                       with ENOSPC
 *   FAIL_NO_TMPFILE=1   the file system has no files without a name
 *   KILL_CALL=N         SIGKILL before call number N that changes files
 *   FAIL_COUNT=FILE     the file gets the numbers of allocations, writes and
 *                       calls that change files
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* glibc's own functions, which these replace */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static long allocations, writes, calls;

/*
 * Increments @count; whether this call is the one that the environment names.
 */
static bool is_turn(long *count, const char *name)
{
	const char *turn = getenv(name);

	return ++*count == (turn ? atol(turn) : 0);
}

static bool fails(void)
{
	const char *from = getenv("FAIL_FROM");

	if (!is_turn(&allocations, "FAIL_ALLOCATION") &&
	    (!from || allocations < atol(from)))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(old, bytes);
}

static void *next(const char *name)
{
	if (is_turn(&calls, "KILL_CALL"))
		raise(SIGKILL);
	return dlsym(RTLD_NEXT, name);
}

int openat(int directory, const char *path, int flags, ...)
{
	typeof(&openat) real;
	mode_t mode = 0;
	va_list ap;

	if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
		if ((flags & O_TMPFILE) == O_TMPFILE &&
		    getenv("FAIL_NO_TMPFILE")) {
			errno = EOPNOTSUPP;
			return -1;
		}
		real = next("openat");
	} else {
		real = dlsym(RTLD_NEXT, "openat");
	}
	return real(directory, path, flags, mode);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	typeof(&write) real = next("write");
	static bool full;

	if (full) {
		errno = ENOSPC;
		return -1;
	}
	if (fd > 2 && is_turn(&writes, "FAIL_WRITE")) {
		full = true;
		return real(fd, bytes, len / 2);
	}
	return real(fd, bytes, len);
}

#define PASS(name, arguments, ...)                \
	int name arguments                        \
	{                                         \
		typeof(&name) real = next(#name); \
                                                  \
		return real(__VA_ARGS__);         \
	}

PASS(fchmod, (int fd, mode_t mode), fd, mode)
PASS(fsync, (int fd), fd)
PASS(ftruncate, (int fd, off_t size), fd, size)
PASS(linkat, (int from, const char *old, int to, const char *name, int flags),
     from, old, to, name, flags)
PASS(renameat, (int from, const char *old, int to, const char *name), from, old,
     to, name)
PASS(unlinkat, (int directory, const char *name, int flags), directory, name,
     flags)

__attribute__((destructor)) static void report(void)
{
	const char *path = getenv("FAIL_COUNT");
	long totals[] = { allocations, writes, calls };
	FILE *file = path ? fopen(path, "w") : NULL;

	if (!file)
		return;
	fprintf(file, "%ld %ld %ld\n", totals[0], totals[1], totals[2]);
	fclose(file);
}
