// SPDX-License-Identifier: GPL-2.0-only
#include "system/clocks.h"

#include <time.h>

uint64_t boottime_now(void)
{
	struct timespec now;

	/* can't fail since Linux 2.6.39, which has that clock */
	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
