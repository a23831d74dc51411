// SPDX-License-Identifier: GPL-2.0-only
#include "system/stop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "base/times.h"

/* Limit for work that is interrupted repeatedly. */
#define MAX_TRIES 100

/* Writable and global: a signal handler has no other way to report. */
static volatile sig_atomic_t stop_noted;

static const int stop_signals[] = { SIGINT, SIGTERM, SIGHUP };
#define NR_SIGNALS (sizeof(stop_signals) / sizeof(stop_signals[0]))

void stop_note(int signal)
{
	(void)signal;
	stop_noted = 1;
}

void stop_catch(void)
{
	/* Signals end only sleeps early; other work continues. */
	const struct sigaction action = {
		.sa_handler = stop_note, .sa_flags = SA_RESTART | SA_RESETHAND
	};
	struct sigaction before;
	size_t i;

	for (i = 0; i < NR_SIGNALS; i++) {
		if (sigaction(stop_signals[i], NULL, &before) == 0 &&
		    before.sa_handler != SIG_IGN)
			sigaction(stop_signals[i], &action, NULL);
	}
}

void stop_restore_signals(void)
{
	size_t i;

	for (i = 0; i < NR_SIGNALS; i++)
		signal(stop_signals[i], SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
}

bool stop_wanted(void)
{
	return stop_noted;
}

uint64_t stop_clock(void)
{
	struct timespec now = { 0 };

	/* Cannot fail with this clock. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

void stop_sleep_until_readable(int fd, uint64_t deadline)
{
	struct pollfd poll = { .fd = fd, .events = POLLIN };
	sigset_t ours, before;
	int ready = 0;
	uint64_t now;
	size_t i;

	/* A signal between the check and the sleep must not get lost. */
	sigemptyset(&ours);
	for (i = 0; i < NR_SIGNALS; i++)
		sigaddset(&ours, stop_signals[i]);
	sigprocmask(SIG_BLOCK, &ours, &before);
	while (ready <= 0 && !stop_noted && (now = stop_clock()) < deadline) {
		const struct timespec left = {
			.tv_sec = (time_t)((deadline - now) / SECOND),
			.tv_nsec = (long)((deadline - now) % SECOND),
		};

		ready = ppoll(&poll, 1, &left, &before);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
}

void stop_sleep_until(uint64_t deadline)
{
	/* poll() ignores a negative descriptor */
	stop_sleep_until_readable(-1, deadline);
}

int stop_undisturbed(int (*work)(void *arg), void *arg)
{
	sigset_t all, before;
	int err = -EAGAIN;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (int i = 0; (err == -EAGAIN || err == -EINTR) && i < MAX_TRIES; i++)
		err = work(arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}
