/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSTEM_HOST_H
#define MEMTOP_SYSTEM_HOST_H

#include <stdbool.h>

/*
 * Whether only this machine can have set the name @host, "name:80": an address,
 * a name without a dot, one below localhost, the machine's own name. A web page
 * could make another name an address of this machine (DNS rebinding), and read
 * what a browser here can read.
 */
bool host_is_safe(const char *host);

/*
 * The same for a request on the connection @fd; NULL: the request names no
 * host. On networks other than loopback each name is accepted: an attacker who
 * can reach it there needs no browser, and the machine's names there are
 * unknown.
 */
bool host_fits(const char *host, int fd);

#endif
