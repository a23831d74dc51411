/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a service manager (systemd) that has started us wants to be told, as
 * sd_notify(3) describes it. By a socket that is connected at the start and not
 * waited for: the library's call would wait for a service manager that is stuck,
 * and have to be loaded, from a disk that may be. Nothing is done where none has
 * started us.
 */
#ifndef MEMTOP_SYSTEM_NOTIFY_H
#define MEMTOP_SYSTEM_NOTIFY_H

#include <stdint.h>

struct notify {
	int fd; /* -1: there is nobody to be told */
	uint64_t interval; /* of signs of life, ns; 0: nobody waits for them */
	uint64_t due; /* the next one, by stop_clock() */
};

/* If it can't be told, that is said, and we go on. notify_close() is due. */
void notify_open(struct notify *ret);
void notify_close(struct notify *notify);

/* We do what we are there for, or no longer. */
void notify_ready(const struct notify *notify);
void notify_stopping(const struct notify *notify);

/*
 * We are alive: tells it if that is due. Returns when to come again, by
 * stop_clock(), UINT64_MAX: never.
 */
uint64_t notify_alive(struct notify *notify);

#endif
