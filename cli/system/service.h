/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets from a service manager (systemd). Without one, no library is loaded.
 * Notifications are in system/notify.h.
 */
#ifndef MEMTOP_SYSTEM_SERVICE_H
#define MEMTOP_SYSTEM_SERVICE_H

#include <stddef.h>

/*
 * The @which-th socket that was passed, from 0, as a non-blocking descriptor;
 * -ENOENT: there is none, or -errno, already reported.
 */
int service_socket(size_t which);

#endif
