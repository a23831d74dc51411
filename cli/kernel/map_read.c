// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/map_read.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "decode/map_copy.h"

/* Entries that one system call reads; a hash bucket must fit. */
#define BATCH 4096

int map_read(int fd, size_t key_size, size_t size, struct map_copy *copy)
{
	LIBBPF_OPTS(bpf_map_batch_opts, opts);
	char *keys = xcalloc(BATCH, key_size);
	uint32_t place;
	bool first = true;
	int err;

	*copy = (struct map_copy){ .size = size };
	do {
		uint32_t nr = BATCH;

		copy->values =
			xreallocarray(copy->values, copy->nr + BATCH, size);
		err = bpf_map_lookup_batch(fd, first ? NULL : &place, &place,
					   keys, copy->values + copy->nr * size,
					   &nr, &opts);
		if (!err || err == -ENOENT)
			copy->nr += nr;
		first = false;
	} while (!err);
	free(keys);
	if (err != -ENOENT)
		return err;
	map_copy_sort(copy);
	return 0;
}
