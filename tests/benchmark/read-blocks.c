// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the first blocks of a device, 4 KiB each, one after the other, PASSES
 * times a round, and prints what one read took, in ns, a line for each round
 * after the first.
 * usage: read-blocks DEVICE COUNT PASSES ROUNDS direct|buffered
 *
 * The first round fills dm-bufio's cache of hash blocks and is not shown.
 * Buffered reads find nothing in the page cache and cause no read-ahead.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BLOCK 4096

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static int drop_cache(int fd)
{
	int err = posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);

	return err ? err : posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
}

/* Returns the time of reading all blocks once, in ns, or -1 after reporting the reason. */
static int64_t read_all(const char *name, int fd, long count, void *buffer)
{
	uint64_t start = now();

	for (long i = 0; i < count; i++) {
		if (pread(fd, buffer, BLOCK, i * BLOCK) != BLOCK) {
			perror(name);
			return -1;
		}
	}
	return (int64_t)(now() - start);
}

int main(int argc, char **argv)
{
	bool direct = argc == 6 && strcmp(argv[5], "direct") == 0;
	void *buffer = aligned_alloc(BLOCK, BLOCK);
	long count, passes, rounds;
	int fd;

	if (argc != 6 || !buffer)
		return 2;
	count = atol(argv[2]);
	passes = atol(argv[3]);
	rounds = atol(argv[4]);
	fd = open(argv[1], O_RDONLY | O_CLOEXEC | (direct ? O_DIRECT : 0));
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	for (long round = 0; round <= rounds; round++) {
		int64_t sum = 0;

		for (long pass = 0; pass < passes; pass++) {
			int64_t ns;

			if (!direct && drop_cache(fd)) {
				fprintf(stderr, "%s: can't drop its cache\n",
					argv[1]);
				return 1;
			}
			ns = read_all(argv[1], fd, count, buffer);
			if (ns < 0)
				return 1;
			sum += ns;
		}
		if (round)
			printf("%" PRId64 "\n", sum / (count * passes));
	}
	return 0;
}
