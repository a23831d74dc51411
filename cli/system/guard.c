// SPDX-License-Identifier: GPL-2.0-only
#include "system/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "base/times.h"
#include "system/fds.h"
#include "system/stop.h"

/* A job's process, and the ends of the pipes from it. */
struct text_job {
	pid_t pid;
	int text;
	int messages;
};

static void run_job(void (*job)(void *arg, struct strbuf *text), void *arg,
		    int text_fd, int messages_fd)
{
	struct strbuf text = { 0 };
	int err;

	/* then the waiting process has ended */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(messages_fd, STDERR_FILENO);
	job(arg, &text);
	err = fds_write(text_fd, strbuf_text(&text), text.len);
	strbuf_release(&text);
	_exit(err ? EXIT_FAILURE : EXIT_SUCCESS);
}

static int text_job_start(void (*job)(void *arg, struct strbuf *text),
			  void *arg, struct text_job *ret)
{
	int text[2], messages[2], err;

	if (pipe2(text, O_CLOEXEC))
		return -errno;
	if (pipe2(messages, O_CLOEXEC)) {
		err = -errno;
		close(text[0]);
		close(text[1]);
		return err;
	}
	ret->pid = fork();
	err = ret->pid < 0 ? -errno : 0;
	if (ret->pid == 0)
		run_job(job, arg, text[1], messages[1]);
	close(text[1]);
	close(messages[1]);
	ret->text = text[0];
	ret->messages = messages[0];
	return err;
}

/* Adds the data that @fd has; false: it has ended. */
static bool read_some(int fd, struct strbuf *to)
{
	char room[4096];
	ssize_t n = read(fd, room, sizeof(room));

	if (n > 0)
		strbuf_add(to, room, (size_t)n);
	return n > 0 || (n < 0 && errno == EINTR);
}

static int ms_left(uint64_t deadline)
{
	uint64_t now = stop_clock();

	return now < deadline ? (int)((deadline - now + MS - 1) / MS) : 0;
}

/* Reads both pipes to their ends; false: that took too long. */
static bool read_both(const struct text_job *g, uint64_t deadline,
		      struct strbuf *text, struct strbuf *messages)
{
	struct pollfd fds[] = { { .fd = g->text, .events = POLLIN },
				{ .fd = g->messages, .events = POLLIN } };

	while (fds[0].fd >= 0 || fds[1].fd >= 0) {
		int ready = poll(fds, 2, ms_left(deadline));

		if (ready == 0)
			return false;
		if (ready > 0 && fds[0].revents && !read_some(g->text, text))
			fds[0].fd = -1;
		if (ready > 0 && fds[1].revents &&
		    !read_some(g->messages, messages))
			fds[1].fd = -1;
	}
	return true;
}

int guard_run(void (*job)(void *arg, struct strbuf *text), void *arg,
	      uint64_t timeout_ns, struct strbuf *text, struct strbuf *messages)
{
	uint64_t deadline = stop_clock() + timeout_ns;
	struct text_job g = { 0 };
	int status = 0, err = text_job_start(job, arg, &g);

	if (err)
		return err;
	if (!read_both(&g, deadline, text, messages)) {
		kill(g.pid, SIGKILL);
		/* not waited for: it may hang where it ignores signals */
		waitpid(g.pid, NULL, WNOHANG);
		err = -ETIMEDOUT;
	} else if (waitpid(g.pid, &status, 0) != g.pid || status) {
		err = -ECHILD;
	}
	close(g.text);
	close(g.messages);
	return err;
}

int guard_begin(void (*job)(void *arg, int fd), void *arg, struct guard *ret)
{
	int ends[2], err;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	ret->pid = fork();
	err = ret->pid < 0 ? -errno : 0;
	if (ret->pid == 0) {
		/* the reader of the answers has ended */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ends[0]);
		job(arg, ends[1]);
		_exit(EXIT_SUCCESS);
	}
	close(ends[1]);
	ret->fd = ends[0];
	if (err)
		close(ends[0]);
	return err;
}

int guard_read(const struct guard *g, void *to, size_t room,
	       uint64_t timeout_ns)
{
	uint64_t deadline = stop_clock() + timeout_ns;
	struct pollfd poll_fd = { .fd = g->fd, .events = POLLIN };

	for (;;) {
		int ready = poll(&poll_fd, 1, ms_left(deadline));
		ssize_t n;

		if (ready == 0)
			return -ETIMEDOUT;
		if (ready < 0 && errno == EINTR)
			continue;
		n = read(g->fd, to, room);
		if (n >= 0 || errno != EINTR)
			return n < 0 ? -errno : (int)n;
	}
}

void guard_end(struct guard *g)
{
	struct pollfd poll_fd = { .fd = g->fd, .events = POLLIN };
	bool ended = poll(&poll_fd, 1, 0) == 1 && (poll_fd.revents & POLLHUP);

	if (!ended)
		kill(g->pid, SIGKILL);
	/* not waited for if it may hang where it ignores signals */
	while (waitpid(g->pid, NULL, ended ? 0 : WNOHANG) < 0 && errno == EINTR)
		;
	close(g->fd);
}
