/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a service manager (systemd) is told and gives. Nothing is done, and no
 * library loaded, where none has started us.
 */
#ifndef MEMTOP_SERVICE_H
#define MEMTOP_SERVICE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The @which-th socket that was passed to us, from 0, as a descriptor that does
 * not block; -ENOENT: there is none, or -errno, the reason already said.
 */
int service_socket(size_t which);

/*
 * Tells what state we are in: "READY=1", "STOPPING=1", "WATCHDOG=1", ...;
 * sd_notify(3) has more.
 */
void service_notify(const char *state);

/*
 * How often "WATCHDOG=1" has to be told at least, in ns; 0: nobody waits for
 * it.
 */
uint64_t service_watchdog(void);

#endif
