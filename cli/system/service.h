/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a service manager (systemd) gives. No library is loaded where none has
 * started us. What it is told is in util/notify.h.
 */
#ifndef MEMTOP_SYSTEM_SERVICE_H
#define MEMTOP_SYSTEM_SERVICE_H

#include <stddef.h>

/*
 * The @which-th socket that was passed to us, from 0, as a descriptor that does
 * not block; -ENOENT: there is none, or -errno, the reason already said.
 */
int service_socket(size_t which);

#endif
