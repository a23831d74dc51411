// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a command several times and prints what each run cost as a whole
 * process: user and system time, in us. Waiting time is not counted: with
 * -icount the guest's clock jumps while nothing runs.
 * usage: time-command [--memory] ROUNDS COMMAND [ARGUMENT...]
 *
 * --memory: print its peak memory instead, in KiB.
 * The first run, which fills caches, is not shown. Its output goes to
 * /dev/null. Fails if a run does.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern char **environ;

static long long cpu_us(const struct rusage *usage)
{
	return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000LL +
	       usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t actions;
	bool memory = argc > 1 && strcmp(argv[1], "--memory") == 0;
	long rounds;

	argc -= memory;
	argv += memory;
	rounds = argc > 2 ? atol(argv[1]) : 0;
	if (rounds < 1)
		return 2;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);

	for (long round = 0; round <= rounds; round++) {
		struct rusage usage;
		pid_t pid;
		int err, status;

		err = posix_spawnp(&pid, argv[2], &actions, NULL, argv + 2,
				   environ);
		if (err) {
			fprintf(stderr, "%s: %s\n", argv[2], strerror(err));
			return 1;
		}
		if (wait4(pid, &status, 0, &usage) != pid || status) {
			fprintf(stderr, "%s failed: status %#x\n", argv[2],
				(unsigned int)status);
			return 1;
		}
		if (round)
			printf("%lld\n", memory ? (long long)usage.ru_maxrss :
						  cpu_us(&usage));
	}
	posix_spawn_file_actions_destroy(&actions);
	return 0;
}
