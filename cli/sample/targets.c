// SPDX-License-Identifier: GPL-2.0-only
#include "sample/targets.h"

#include <stddef.h>
#include <string.h>

#include "base/array.h"

/*
 * All but verity make no mempool, bio set, dm-io, dm-bufio or kcopyd client
 * (drivers/md of Linux 6.1 and 6.12). A thin device uses the reserves of its
 * thin-pool, an origin those of its snapshots.
 */
static const char *const known[] = {
	"delay",      "dust",	   "error",	      "flakey",	 "linear",
	"log-writes", "multipath", "snapshot-origin", "striped", "switch",
	"thin",	      "unstriped", "verity",	      "zero",
};

bool target_reserves_known(const char *type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcmp(known[i], type) == 0)
			return true;
	}
	return false;
}
