// SPDX-License-Identifier: GPL-2.0-only
#include "system/hook.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "system/stop.h"

/* A line with all holders of a large reserve, with some margin. */
#define MESSAGE_ROOM (128 * 1024)
#define END_MS 5000

struct hook {
	pid_t helper;
	int socket;
};

/* The message to the helper: the environment, an empty string, the input. */
struct order {
	char *text;
	size_t len;
	size_t input; /* where it begins */
};

/*
 * Removes all variables that begin with @prefix: an inherited one could be
 * mistaken for one of an event that leaves it out.
 */
static void drop_variables(const char *prefix)
{
	char **to = environ;

	for (char **from = environ; *from; from++) {
		if (strncmp(*from, prefix, strlen(prefix)) != 0)
			*to++ = *from;
	}
	*to = NULL;
}

/* Adds each "NAME=VALUE" to our environment. */
static void take_environment(struct order *order)
{
	char *next = order->text;

	while (*next) {
		char *value = strchr(next, '=');
		size_t len = strlen(next);

		if (value) {
			*value = '\0';
			setenv(next, value + 1, 1);
		}
		next += len + 1;
	}
	order->input = (size_t)(next + 1 - order->text);
}

/* Creates a file in memory, so that a command that does not read it cannot block. */
static void take_input(const struct order *order)
{
	size_t len = order->len - order->input;
	int fd = memfd_create("verity-memtop-event", MFD_CLOEXEC);

	if (fd < 0 ||
	    write(fd, order->text + order->input, len) != (ssize_t)len ||
	    lseek(fd, 0, SEEK_SET) || dup2(fd, STDIN_FILENO) < 0)
		msg_error_errno(errno, "the command gets no event on stdin");
}

/* In a child of the helper. */
static void run_command(const char *command, struct order *order)
{
	stop_restore_signals();
	/* ours is for events */
	dup2(2, 1);
	take_environment(order);
	take_input(order);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	msg_error_errno(errno, "cannot run /bin/sh");
	_exit(127);
}

/* Waits for a command that has ended; false: none has, or there is none. */
static bool reap(bool wait)
{
	int status;
	pid_t pid = waitpid(-1, &status, wait ? 0 : WNOHANG);

	if (pid <= 0)
		return false;
	if (WIFSIGNALED(status))
		msg_warning("the command was ended by signal %d",
			    WTERMSIG(status));
	else if (WEXITSTATUS(status))
		msg_warning("the command's exit status is %d",
			    WEXITSTATUS(status));
	return true;
}

static size_t reap_all(size_t running)
{
	while (running && reap(false))
		running--;
	return running;
}

static void start_command(const char *command, struct order *order,
			  size_t *running)
{
	pid_t pid;

	if (*running == HOOK_MOST && reap(true))
		(*running)--;
	pid = fork();
	if (pid == 0)
		run_command(command, order);
	if (pid < 0)
		msg_error_errno(errno, "cannot run the command");
	else
		(*running)++;
}

/* The next message: its length; 0: there will be none; -1: none yet. */
static ssize_t receive(int socket, char *room, bool wait)
{
	struct pollfd poll_one = { .fd = socket, .events = POLLIN };

	/* at intervals, waits for those that have ended */
	if (poll(&poll_one, 1, wait ? -1 : 1000) <= 0)
		return -1;
	return recv(socket, room, MESSAGE_ROOM, MSG_CMSG_CLOEXEC);
}

/* The helper process; it does not depend on the rest of the program. */
static void serve(const char *command, const char *prefix, int socket)
{
	struct order order = { .text = xcalloc(1, MESSAGE_ROOM) };
	size_t running = 0;
	ssize_t len;

	drop_variables(prefix);
	/* it ends when its starter does, not earlier */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	while ((len = receive(socket, order.text, !running))) {
		if (len > 0) {
			order.len = (size_t)len;
			start_command(command, &order, &running);
		}
		running = reap_all(running);
	}
	while (running && reap(true))
		running--;
	free(order.text);
	_exit(0);
}

int hook_start(const char *command, const char *prefix, struct hook **ret)
{
	const int room = 4 * MESSAGE_ROOM;
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return msg_error_errno(errno, "cannot make a socket");
	/* as large as permitted */
	setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	pid = fork();
	if (pid < 0) {
		int err = msg_error_errno(errno, "cannot start a process");

		close(ends[0]);
		close(ends[1]);
		return err;
	}
	if (pid == 0) {
		close(ends[0]);
		serve(command, prefix, ends[1]);
	}
	close(ends[1]);
	*ret = xcalloc(1, sizeof(**ret));
	(*ret)->helper = pid;
	(*ret)->socket = ends[0];
	return 0;
}

bool hook_run(struct hook *hook, const struct strbuf *environment,
	      const struct strbuf *input)
{
	char nothing = '\0';
	struct iovec parts[] = {
		{ environment->text, environment->len },
		{ &nothing, 1 },
		{ input->text, input->len },
	};
	const struct msghdr message = { .msg_iov = parts, .msg_iovlen = 3 };
	size_t len = environment->len + 1 + input->len;

	return len <= MESSAGE_ROOM &&
	       sendmsg(hook->socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) ==
		       (ssize_t)len;
}

void hook_end(struct hook *hook)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };
	int left = END_MS / 10;

	if (!hook)
		return;
	close(hook->socket);
	while (waitpid(hook->helper, NULL, WNOHANG) == 0 && left--)
		nanosleep(&pause, NULL);
	if (left < 0)
		msg_warning("a command is still running, and is left alone");
	free(hook);
}
