/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ending in good order: SIGINT, SIGTERM and SIGHUP are noted, and whoever runs
 * for long asks now and then. A second signal ends the process at once, should
 * what it waits for never come.
 */
#ifndef MEMTOP_SYSTEM_STOP_H
#define MEMTOP_SYSTEM_STOP_H

#include <stdbool.h>
#include <stdint.h>

/* From now on; signals that are ignored stay so. */
void stop_catch(void);

/*
 * In a child that is going to run another program: gives it the default
 * actions of all signals that this one catches or ignores.
 */
void stop_restore_signals(void);

bool stop_wanted(void);

/* What a handler of such a @signal has to do; async-signal-safe. */
void stop_note(int signal);

/* Now on CLOCK_MONOTONIC, ns. */
uint64_t stop_clock(void);

/* Sleeps until stop_clock() is @deadline, or a signal comes. */
void stop_sleep_until(uint64_t deadline);

/* The same, or until @fd can be read; -1: no such thing. */
void stop_sleep_until_readable(int fd, uint64_t deadline);

/*
 * Calls @work, for which signals are held back: the kernel ends some of what it does
 * for us when one is pending (-EAGAIN, -EINTR). SIGSTOP can't be held back, nor can a
 * freezer: after these it is called again, a limited number of times. Returns what
 * it returns.
 */
int stop_undisturbed(int (*work)(void *arg), void *arg);

#endif
