// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads blocks of a device when there may be no memory: everything that needs
 * memory is done before.
 *
 * usage: read-later DEVICE COUNT
 *
 * Makes COUNT threads, writes "ready" and waits for a byte on stdin; then each
 * reads one block of 4096 bytes, past the page cache. Exits with 0 if all
 * could.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define BLOCK 4096
#define MAX_READERS 256

static pthread_barrier_t begin;
static int device;
static char *buffers;
static bool failed;

static void *read_one(void *arg)
{
	size_t nr = (size_t)arg;

	pthread_barrier_wait(&begin);
	if (pread(device, buffers + nr * BLOCK, BLOCK, (off_t)(nr * BLOCK)) !=
	    BLOCK)
		failed = true;
	return NULL;
}

int main(int argc, char **argv)
{
	size_t nr = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	pthread_t threads[MAX_READERS];
	pthread_attr_t attr;
	char byte;

	if (!nr || nr > MAX_READERS) {
		fprintf(stderr, "usage: read-later DEVICE COUNT\n");
		return 2;
	}
	device = open(argv[1], O_RDONLY | O_DIRECT | O_CLOEXEC);
	if (device < 0 || mlockall(MCL_CURRENT | MCL_FUTURE) ||
	    posix_memalign((void **)&buffers, BLOCK, nr * BLOCK)) {
		perror(argv[1]);
		return 1;
	}
	pthread_barrier_init(&begin, NULL, (unsigned int)nr + 1);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 * 1024);
	for (size_t i = 0; i < nr; i++) {
		if (pthread_create(&threads[i], &attr, read_one, (void *)i))
			return 1;
	}
	printf("ready\n");
	fflush(stdout);
	if (read(STDIN_FILENO, &byte, 1) != 1)
		return 1;
	pthread_barrier_wait(&begin);
	for (size_t i = 0; i < nr; i++)
		pthread_join(threads[i], NULL);
	return failed;
}
