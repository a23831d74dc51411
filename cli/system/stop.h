/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clean termination: SIGINT, SIGTERM and SIGHUP are recorded, and long-running
 * code checks that. A second signal ends the process at once, in case the first
 * one cannot take effect.
 */
#ifndef MEMTOP_SYSTEM_STOP_H
#define MEMTOP_SYSTEM_STOP_H

#include <stdbool.h>
#include <stdint.h>

/* Begins to record signals; those that are ignored stay ignored. */
void stop_catch(void);

/*
 * In a child that is going to run another program: restores the default actions
 * of all signals that this process catches or ignores.
 */
void stop_restore_signals(void);

bool stop_wanted(void);

/* What a handler of such a @signal must do; async-signal-safe. */
void stop_note(int signal);

/* Now on CLOCK_MONOTONIC, ns. */
uint64_t stop_clock(void);

/* Sleeps until stop_clock() is @deadline, or a signal comes. */
void stop_sleep_until(uint64_t deadline);

/* The same, or until @fd is readable; -1: no descriptor. */
void stop_sleep_until_readable(int fd, uint64_t deadline);

/*
 * Calls @work with signals blocked: the kernel ends some operations when a
 * signal is pending (-EAGAIN, -EINTR). SIGSTOP cannot be blocked, nor can a
 * freezer: after these it is called again, a limited number of times. Returns
 * the result of @work.
 */
int stop_undisturbed(int (*work)(void *arg), void *arg);

#endif
