// SPDX-License-Identifier: GPL-2.0-only
#include "top/terminal_restore.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "base/array.h"
#include "system/stop.h"
#include "top/terminal_library.h"

/*
 * The data that a signal handler needs to restore the terminal; it can get it
 * only from a global. In a crash only the handler's own writes can do that:
 * curses must not be called there.
 */
static struct {
	volatile sig_atomic_t taken;
	int keys; /* descriptor */
	struct termios modes;
	char undo[128]; /* leaves the alternate screen */
	size_t undo_len;
	int stderr_copy; /* the original stderr, -1: it was not held */
	int held;
} terminal_before;

static const int crashes[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

/* Async-signal-safe. */
static void write_all(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		bytes += n;
		len -= (size_t)n;
	}
}

/* Prints the text that was held back. Async-signal-safe. */
static void release_stderr(void)
{
	char bytes[512];
	off_t at = 0;
	ssize_t n;

	if (terminal_before.stderr_copy < 0)
		return;
	dup2(terminal_before.stderr_copy, STDERR_FILENO);
	while ((n = pread(terminal_before.held, bytes, sizeof(bytes), at)) >
	       0) {
		write_all(STDERR_FILENO, bytes, (size_t)n);
		at += n;
	}
	close(terminal_before.stderr_copy);
	close(terminal_before.held);
	terminal_before.stderr_copy = -1;
}

void terminal_restore(void)
{
	if (!terminal_before.taken)
		return;
	terminal_before.taken = 0;
	write_all(STDOUT_FILENO, terminal_before.undo,
		  terminal_before.undo_len);
	tcsetattr(terminal_before.keys, TCSANOW, &terminal_before.modes);
	release_stderr();
}

static void crashed(int signal)
{
	int before = errno;

	terminal_restore();
	errno = before;
	/* the handler was reset to the default action */
	raise(signal);
}

/* A second signal ends the process at once, and the first one soon. */
static void stopped(int signal)
{
	const struct sigaction action = { .sa_handler = SIG_DFL };

	if (!stop_wanted()) {
		stop_note(signal);
		return;
	}
	terminal_restore();
	sigaction(signal, &action, NULL);
	raise(signal);
}

/* Those that are ignored stay so. */
static void catch_stops(void)
{
	static const int stops[] = { SIGINT, SIGTERM, SIGHUP };
	const struct sigaction action = { .sa_handler = stopped,
					  .sa_flags = SA_RESTART | SA_NODEFER };
	struct sigaction old;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(stops); i++) {
		if (sigaction(stops[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaction(stops[i], &action, NULL);
	}
}

static void catch_crashes(void)
{
	const struct sigaction action = {
		.sa_handler = crashed,
		.sa_flags = SA_RESETHAND | SA_NODEFER,
	};
	struct sigaction old;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(crashes); i++) {
		/* a sanitizer's handler prints more than ours */
		if (sigaction(crashes[i], NULL, &old) == 0 &&
		    old.sa_handler == SIG_DFL)
			sigaction(crashes[i], &action, NULL);
	}
}

/* Adds terminfo's string for @name, without padding, to the restoring ones. */
static void add_undo(const struct terminal_library *lib, const char *name)
{
	const char *bytes = lib->tigetstr(name);
	size_t room = sizeof(terminal_before.undo) - terminal_before.undo_len;
	size_t len;

	if (!bytes || bytes == (char *)-1)
		return;
	/* "$<5>" is a delay that no current terminal needs */
	len = strcspn(bytes, "$");
	if (len > room)
		return;
	memcpy(terminal_before.undo + terminal_before.undo_len, bytes, len);
	terminal_before.undo_len += len;
}

static void add_undo_bytes(const char *bytes)
{
	size_t len = strlen(bytes);

	if (len > sizeof(terminal_before.undo) - terminal_before.undo_len)
		return;
	memcpy(terminal_before.undo + terminal_before.undo_len, bytes, len);
	terminal_before.undo_len += len;
}

/* The view continues if this fails. */
static void hold_stderr(void)
{
	terminal_before.stderr_copy = -1;
	terminal_before.held = memfd_create("stderr", MFD_CLOEXEC);
	if (terminal_before.held < 0)
		return;
	fcntl(terminal_before.held, F_SETFL, O_APPEND);
	terminal_before.stderr_copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (terminal_before.stderr_copy < 0 ||
	    dup2(terminal_before.held, STDERR_FILENO) < 0) {
		close(terminal_before.held);
		terminal_before.stderr_copy = -1;
	}
}

void terminal_remember(const struct terminal_library *lib, int keys)
{
	int err;

	terminal_before.keys = keys;
	tcgetattr(keys, &terminal_before.modes);
	terminal_before.undo_len = 0;
	if (lib->setupterm(NULL, STDOUT_FILENO, &err) == OK) {
		/* the mouse, which has no name in curses */
		const char *mouse = lib->tigetstr("kmous");

		if (mouse && mouse != (char *)-1)
			add_undo_bytes("\033[?1000l");
		add_undo(lib, "rmkx");
		add_undo(lib, "sgr0");
		add_undo(lib, "cnorm");
		add_undo(lib, "rmcup");
		lib->del_curterm(lib->set_curterm(NULL));
	}
	terminal_before.taken = 1;
	hold_stderr();
	catch_stops();
	catch_crashes();
	/* the process may end in code that has no access to the terminal */
	atexit(terminal_restore);
}

bool terminal_is_taken(void)
{
	return terminal_before.taken;
}

int terminal_held(void)
{
	return terminal_before.stderr_copy < 0 ? -1 : terminal_before.held;
}
