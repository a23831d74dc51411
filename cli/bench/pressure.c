// SPDX-License-Identifier: GPL-2.0-only
#include "bench/pressure.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "base/msg.h"
#include "bench/child.h"
#include "system/stop.h"

/* Time limit until memory is short. */
#define READY_MS 60000

/* Only hypervisors set bit 31 of ecx in leaf 1. */
bool pressure_in_vm(void)
{
#if defined(__x86_64__) || defined(__i386__)
	unsigned int a, b, c, d;

	return __get_cpuid(1, &a, &b, &c, &d) && c >> 31;
#else
	return false;
#endif
}

/* Makes the process the first one that the OOM killer selects. */
static void volunteer(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "1000", 4) != 4)
		msg_warning("cannot set the OOM score");
	close(fd);
}

/*
 * Bytes that all zones together keep free: their high watermarks; 0: unknown.
 */
static uint64_t high_watermarks(void)
{
	FILE *file = fopen("/proc/zoneinfo", "re");
	uint64_t pages = 0;
	char line[128];

	while (file && fgets(line, sizeof(line), file)) {
		unsigned long long high;

		/* "high:" of each CPU has a colon */
		if (sscanf(line, " high %llu", &high) == 1)
			pages += high;
	}
	if (file)
		fclose(file);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/*
 * Free memory that is not taken. Below the high watermarks the kernel reclaims,
 * and the OOM killer would find only processes of the load.
 */
static uint64_t left_free(const struct sysinfo *info)
{
	uint64_t share = (uint64_t)info->totalram * info->mem_unit / 64;
	uint64_t kept = high_watermarks();

	return kept > share ? kept : share;
}

/* Takes memory piece by piece, and never frees any. */
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
		/* the kernel's parameters can change meanwhile */
		if ((uint64_t)info.freeram * info.mem_unit >
		    left_free(&info) + piece) {
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

uint64_t pressure_oom_kills(void)
{
	FILE *file = fopen("/proc/vmstat", "re");
	unsigned long long kills = 0;
	char line[128];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "oom_kill %llu", &kills) == 1)
			break;
	}
	if (file)
		fclose(file);
	return kills;
}

/* Reports why a process, called @what, is not ready; @closed: it has ended by itself. */
static void report_end(struct pressure *p, const char *what, bool closed,
		       uint64_t kills)
{
	int status = 0;

	if (closed && child_wait(p->pid, stop_clock() + 1000000000, &status)) {
		if (pressure_oom_kills() != kills)
			msg_error(
				"%s ended: the kernel's OOM killer killed %s; "
				"the machine has too little memory for it",
				what, WIFSIGNALED(status) ? "it" : "a process");
		else if (WIFSIGNALED(status))
			msg_error(
				"%s was killed by signal %d before it was ready",
				what, WTERMSIG(status));
		else
			msg_error(
				"%s exited with status %d before it was ready",
				what, WEXITSTATUS(status));
		close(p->said);
		return;
	}
	pressure_end(p);
	msg_error("%s was not ready within a minute", what);
}

/* Waits for its first byte; without one, ends it. */
static int wait_ready(struct pressure *p, const char *what)
{
	struct pollfd poller = { .fd = p->said, .events = POLLIN };
	uint64_t kills = pressure_oom_kills();
	char byte;
	int got;

	if (p->pid < 0) {
		close(p->said);
		return p->pid;
	}
	got = poll(&poller, 1, READY_MS);
	if (got == 1 && read(p->said, &byte, 1) == 1)
		return 0;
	report_end(p, what, got == 1, kills);
	return -ECHILD;
}

int pressure_shortage(struct pressure *ret)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return msg_error_errno(errno, "cannot make a pipe");
	ret->said = fds[0];
	ret->pid = child_fork();
	if (!ret->pid)
		take_all(fds[1]);
	close(fds[1]);
	return wait_ready(ret, "the process that takes memory");
}

int pressure_command(const char *command, struct pressure *ret)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)command, NULL };
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return msg_error_errno(errno, "cannot make a pipe");
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
