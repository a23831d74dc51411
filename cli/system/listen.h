/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSTEM_LISTEN_H
#define MEMTOP_SYSTEM_LISTEN_H

#include <stdbool.h>

struct strbuf;

/* A socket to be served. */
struct listening {
	int fd; /* owned */
	bool local; /* only this machine can connect */
};

/*
 * Listens at @address, "127.0.0.1:80", "[::1]:80", ":80" for all addresses,
 * "fd://0" for the first socket that the service manager has passed. Returns 0;
 * -EINVAL if @address has another form, or -errno, already reported.
 */
int listen_at(const char *address, struct listening *ret);

/* Adds the address, "127.0.0.1:80". */
void listen_describe(const struct listening *listening, struct strbuf *sb);

#endif
