/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSTEM_HOST_H
#define MEMTOP_SYSTEM_HOST_H

#include <stdbool.h>

/*
 * Whether nobody else can have made @host, "name:80", a name of this machine:
 * an address, a name without a dot, one below localhost, the machine's own. A
 * web page that has another name could be made one of this machine (DNS
 * rebinding), and read what a browser here may read.
 */
bool host_is_safe(const char *host);

/*
 * The same for a request on the connection @fd, NULL being one that names no
 * host. On networks other than loopback each name is fine: who can reach it
 * there needs no browser, and its names are not known.
 */
bool host_fits(const char *host, int fd);

#endif
