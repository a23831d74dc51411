/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notifications for a service manager (systemd), as in sd_notify(3), through a
 * socket that is connected at the start and never waited for. The library's
 * function would wait for a service manager that hangs, and would have to be
 * loaded from a disk that may hang. Without a service manager nothing is done.
 */
#ifndef MEMTOP_SYSTEM_NOTIFY_H
#define MEMTOP_SYSTEM_NOTIFY_H

#include <stdint.h>

struct notify {
	int fd; /* -1: no service manager */
	uint64_t interval; /* of watchdog notifications, ns; 0: none */
	uint64_t due; /* time of the next one, by stop_clock() */
};

/* An error is reported and otherwise ignored. Call notify_close() later. */
void notify_open(struct notify *ret);
void notify_close(struct notify *notify);

/* Reports that the service is ready, or is stopping. */
void notify_ready(const struct notify *notify);
void notify_stopping(const struct notify *notify);

/*
 * Sends a watchdog notification if one is due. Returns when to call it again,
 * by stop_clock(), UINT64_MAX: never.
 */
uint64_t notify_alive(struct notify *notify);

#endif
