// SPDX-License-Identifier: GPL-2.0-only
#include "bench/child.h"

#include <errno.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/msg.h"
#include "system/stop.h"

#define MILLISECOND 1000000ULL

/* Like fork(), with @flags of clone(2). */
static pid_t fork_with(uint64_t flags)
{
	struct clone_args args = { .flags = flags, .exit_signal = SIGCHLD };

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

/* Whether the process of pidfd @fd has ended. */
static bool has_ended(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	return poll(&pollfd, 1, 0) != 0;
}

static pid_t start_process(uint64_t flags)
{
	/* in another namespace it does not see its parent */
	int parent = pidfd_open(getpid(), 0);
	pid_t pid = parent < 0 ? -1 : fork_with(flags);

	if (pid < 0)
		pid = (pid_t)msg_error_errno(errno, "cannot start a process");
	else if (pid) /* by both, because either may come first */
		setpgid(pid, pid);
	if (pid) {
		if (parent >= 0)
			close(parent);
		return pid;
	}
	setpgid(0, 0);
	stop_restore_signals();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (has_ended(parent))
		_exit(1);
	return 0;
}

pid_t child_fork(void)
{
	return start_process(0);
}

/*
 * Descendants must not outlive it, even if it is killed while they start: the
 * end of the first process of a PID namespace ends all others in it.
 */
pid_t child_start(char *const *argv, int output)
{
	pid_t pid = start_process(CLONE_NEWPID);

	if (pid)
		return pid;
	if (dup2(output, STDOUT_FILENO) >= 0)
		execvp(argv[0], argv);
	msg_error_errno(errno, "cannot run %s", argv[0]);
	_exit(127);
}

int child_wait(pid_t pid, uint64_t deadline, int *status)
{
	uint64_t now;

	for (;;) {
		pid_t got = waitpid(pid, status, WNOHANG);

		if (got == pid || (got < 0 && errno == ECHILD))
			return 1;
		now = stop_clock();
		if (now >= deadline || stop_wanted())
			return 0;
		now += 10 * MILLISECOND;
		stop_sleep_until(now < deadline ? now : deadline);
	}
}

void child_end(pid_t pid)
{
	uint64_t patience = stop_clock() + 1000 * MILLISECOND;
	int status;

	kill(-pid, SIGTERM);
	/* not child_wait(), which does not wait once a stop was requested */
	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (stop_clock() >= patience) {
			kill(-pid, SIGKILL);
			patience = UINT64_MAX;
			/* an uninterruptible sleep can last a while */
			for (int i = 0; i < 500; i++) {
				if (waitpid(pid, &status, WNOHANG))
					return;
				usleep(10000);
			}
			return;
		}
		usleep(10000);
	}
}
