// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/kprobe.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TYPE "/sys/bus/event_source/devices/kprobe/type"
/* Documentation/ABI/testing/sysfs-bus-event_source-devices-format: config:0 */
#define AT_RETURN 1

/* The number of that kind of events; below 0: the kernel does not have it. */
static int read_type(void)
{
	FILE *file = fopen(TYPE, "re");
	int type = -1;

	if (!file)
		return -EOPNOTSUPP;
	if (fscanf(file, "%d", &type) != 1)
		type = -EOPNOTSUPP;
	fclose(file);
	return type;
}

int kprobe_open(const char *function, bool at_return, int prog)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.config = at_return ? AT_RETURN : 0,
		.kprobe_func = (uintptr_t)function,
	};
	int type = read_type(), fd, err;

	if (type < 0)
		return type;
	attr.type = (uint32_t)type;
	/* the program runs on every CPU, whichever one the event is for */
	fd = (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1,
			  PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!ioctl(fd, PERF_EVENT_IOC_SET_BPF, prog) &&
	    !ioctl(fd, PERF_EVENT_IOC_ENABLE, 0))
		return fd;
	err = -errno;
	close(fd);
	return err;
}
