// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two processes wake each other in turn, and each sleeps until then. Prints what one
 * sleep took, in ns, with the switch to the other process; a line for each round after
 * the first.
 * usage: sleep-wake TURNS ROUNDS
 *
 * A read of a stream socket that has nothing to read calls prepare_to_wait() and
 * finish_wait() once each (unix_stream_data_wait(), net/unix/af_unix.c).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Returns 0 when the other end is closed. */
static int answer(int fd)
{
	char byte;

	while (read(fd, &byte, 1) == 1) {
		if (write(fd, &byte, 1) != 1)
			return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	long turns = argc == 3 ? atol(argv[1]) : 0, rounds;
	char byte = 0;
	int ends[2];

	if (turns <= 0)
		return 2;
	rounds = atol(argv[2]);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends)) {
		perror("socketpair");
		return 1;
	}
	if (fork() == 0) {
		close(ends[0]);
		_exit(answer(ends[1]));
	}
	close(ends[1]);
	for (long round = 0; round <= rounds; round++) {
		uint64_t start = now();

		for (long i = 0; i < turns; i++) {
			if (write(ends[0], &byte, 1) != 1 ||
			    read(ends[0], &byte, 1) != 1) {
				perror("socket");
				return 1;
			}
		}
		if (round)
			printf("%.1f\n",
			       (double)(now() - start) / (2 * (double)turns));
	}
	return 0;
}
