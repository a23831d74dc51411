// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads a table with each of its memory allocations made to fail in turn, by
 * /proc/self/fail-nth (fault injection: CONFIG_FAILSLAB,
 * CONFIG_FAIL_PAGE_ALLOC), until one load succeeds.
 * usage: table-load-fail DEVICE LENGTH TARGET PARAMS
 *
 * DEVICE exists and has no table. Afterwards it has the table in its inactive
 * slot. Prints "failed N loaded M": loads that failed as they should, and those
 * that succeeded although an allocation had failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <libdevmapper.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More allocations than any table load makes. */
#define MOST 5000

static int fail_nth;

static void quiet(int level, const char *file, int line, int err,
		  const char *fmt, ...)
{
	(void)level, (void)file, (void)line, (void)err, (void)fmt;
}

static void set_nth(int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", nth);

	if (pwrite(fail_nth, text, (size_t)len, 0) != len) {
		perror("fail-nth");
		exit(EXIT_FAILURE);
	}
}

/* The remaining count: 0 once the allocation was made to fail. */
static int get_nth(void)
{
	char text[16] = "";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) < 0) {
		perror("fail-nth");
		exit(EXIT_FAILURE);
	}
	return atoi(text);
}

static int load(char **argv, int nth, int *left)
{
	struct dm_task *task = dm_task_create(DM_DEVICE_RELOAD);
	int done;

	dm_task_set_name(task, argv[1]);
	dm_task_set_ro(task);
	dm_task_add_target(task, 0, strtoull(argv[2], NULL, 10), argv[3],
			   argv[4]);
	set_nth(nth);
	done = dm_task_run(task);
	*left = get_nth();
	set_nth(0);
	dm_task_destroy(task);
	return done;
}

static int clear(const char *name)
{
	struct dm_task *task = dm_task_create(DM_DEVICE_CLEAR);
	int done;

	dm_task_set_name(task, name);
	done = dm_task_run(task);
	dm_task_destroy(task);
	return done;
}

int main(int argc, char **argv)
{
	int failed = 0, loaded = 0;

	if (argc != 5)
		return 2;
	fail_nth = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0) {
		perror("/proc/self/fail-nth");
		return EXIT_FAILURE;
	}
	dm_log_with_errno_init(quiet);
	/* so that only the load itself still allocates memory */
	clear(argv[1]);

	for (int nth = 1; nth < MOST; nth++) {
		int left, done = load(argv, nth, &left);

		if (left) { /* the load made fewer than n allocations */
			printf("failed %d loaded %d\n", failed, loaded);
			return done ? EXIT_SUCCESS : EXIT_FAILURE;
		}
		if (done)
			loaded++;
		else
			failed++;
		if (done && !clear(argv[1]))
			break;
	}
	fprintf(stderr, "table-load-fail: gave up\n");
	return EXIT_FAILURE;
}
