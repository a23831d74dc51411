// SPDX-License-Identifier: GPL-2.0-only
#include "system/clocks.h"

#include <time.h>

#include "base/times.h"

/* Reading these two clocks cannot fail since Linux 2.6.39. */
static uint64_t clock_now(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

uint64_t boottime_now(void)
{
	return clock_now(CLOCK_BOOTTIME);
}

uint64_t realtime_now(void)
{
	return clock_now(CLOCK_REALTIME);
}
