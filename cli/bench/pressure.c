// SPDX-License-Identifier: GPL-2.0-only
#include "bench/pressure.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "bench/child.h"
#include "util/msg.h"

/* Bit 31 of ecx in leaf 1 is set by hypervisors only. */
bool pressure_in_vm(void)
{
#if defined(__x86_64__) || defined(__i386__)
	unsigned int a, b, c, d;

	return __get_cpuid(1, &a, &b, &c, &d) && c >> 31;
#else
	return false;
#endif
}

/* The first to go should the kernel have to kill somebody. */
static void volunteer(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "1000", 4) != 4)
		msg_warning("can't volunteer for the OOM killer");
	close(fd);
}

/* Takes memory a piece at a time, and never gives any back. */
static void take_all(int ready)
{
	const size_t piece = 1UL << 20;
	struct sysinfo info;
	bool said = false;
	void *at;

	volunteer();
	for (;;) {
		if (sysinfo(&info))
			_exit(1);
		/* about what the kernel keeps for itself by min_free_kbytes */
		if ((uint64_t)info.freeram * info.mem_unit >
		    (uint64_t)info.totalram * info.mem_unit / 64) {
			at = mmap(NULL, piece, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE |
					  MAP_LOCKED,
				  -1, 0);
			if (at != MAP_FAILED) {
				memset(at, 1, piece);
				continue;
			}
		}
		if (!said && write(ready, "\n", 1) != 1)
			_exit(1);
		said = true;
		usleep(20000);
	}
}

/* Waits for its first byte, for a minute; or else it is ended. */
static int wait_ready(struct pressure *p, const char *what)
{
	struct pollfd poller = { .fd = p->said, .events = POLLIN };
	char byte;

	if (p->pid < 0) {
		close(p->said);
		return p->pid;
	}
	if (poll(&poller, 1, 60000) == 1 && read(p->said, &byte, 1) == 1)
		return 0;
	pressure_end(p);
	msg_error("%s ended, or was not ready within a minute", what);
	return -ECHILD;
}

int pressure_shortage(struct pressure *ret)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return msg_error_errno(errno, "can't make a pipe");
	ret->said = fds[0];
	ret->pid = child_fork();
	if (!ret->pid)
		take_all(fds[1]);
	close(fds[1]);
	return wait_ready(ret, "what takes memory");
}

int pressure_command(const char *command, struct pressure *ret)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)command, NULL };
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return msg_error_errno(errno, "can't make a pipe");
	ret->said = fds[0];
	ret->pid = child_start(argv, fds[1]);
	close(fds[1]);
	return wait_ready(ret, "the pressure command");
}

void pressure_end(struct pressure *p)
{
	child_end(p->pid);
	close(p->said);
}
