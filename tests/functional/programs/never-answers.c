// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded into a command: makes a query of device-mapper never return.
 * NEVER_ANSWERS names it: "list", or "table MINOR".
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/ioctl.h>
#include <linux/types.h>

#include <linux/dm-ioctl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int is_chosen(unsigned long request, const struct dm_ioctl *dmi)
{
	const char *chosen = getenv("NEVER_ANSWERS");
	unsigned int minor_number;

	if (!chosen)
		return 0;
	if (strcmp(chosen, "list") == 0)
		return request == DM_LIST_DEVICES;
	return request == DM_TABLE_STATUS &&
	       sscanf(chosen, "table %u", &minor_number) == 1 &&
	       minor(dmi->dev) == minor_number;
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*next)(int, unsigned long, ...) =
		(int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl");
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	while (is_chosen(request, arg))
		pause();
	return next(fd, request, arg);
}
