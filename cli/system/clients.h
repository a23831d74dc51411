/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The clients of an HTTP server, and which of them is ended when there are too
 * many or when it is too slow. Clients of one address share a limit, so that
 * one address cannot keep the others out:
 *
 * - A new client is always accepted. If there are too many then, the address
 *   with the most loses one: the client that has been sending its request for
 *   longest or, if most of that address read, the slowest reader.
 * - If readers hold too many pages, the address with the most readers loses
 *   its slowest one, until a page is free.
 *
 * All addresses of the loopback network count as one, and so do those of an
 * IPv6 network of 64 bits. Nothing here depends on HTTP, and the caller passes
 * the times.
 */
#ifndef MEMTOP_SYSTEM_CLIENTS_H
#define MEMTOP_SYSTEM_CLIENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define CLIENTS_MOST 256

/* Time limit for sending a request. */
#define CLIENTS_REQUEST_NS (10 * 1000000000ULL)
/* In each such period, a reader must receive that many bytes. */
#define CLIENTS_READ_NS (30 * 1000000000ULL)
#define CLIENTS_READ_BYTES 32768

struct address;

/* An object that readers hold as long as they read it. */
struct held {
	unsigned int readers;
};

struct client {
	struct client *next; /* the youngest first */
	struct client **link; /* what points to it */
	struct address *address;
	struct held *held; /* the object that it reads; NULL: not tracked */
	int fd; /* not ours */
	bool asked; /* its request is whole: it reads */
	bool ended; /* it was shut down and no longer counts */
	uint64_t since; /* time of acceptance; for a reader, of its request */
	uint64_t checked; /* time at which .taken was measured */
	uint64_t taken;
};

struct clients {
	struct client *first; /* owned */
	struct address *addresses; /* owned; of present clients */
	unsigned int nr; /* without those that have ended */
	unsigned int most;
	uint64_t dropped; /* so far, because of a limit or a deadline */
	uint64_t (*taken)(int fd); /* bytes that the peer has received */
	void (*end)(int fd);
};

/* Begins without clients; takes functions that query and end sockets. */
void clients_init(struct clients *clients, unsigned int most);

/* Accepts the client at @fd; another one may be ended for it. */
struct client *clients_add(struct clients *clients, int fd,
			   const struct sockaddr *peer, uint64_t now);

/* The client at @fd has closed its connection. Frees it. */
void clients_remove(struct clients *clients, struct client *client);

/* Its request is complete, and it is going to read @held, which may be NULL. */
void clients_asked(struct clients *clients, struct client *client,
		   struct held *held, uint64_t now);

/* It no longer reads. */
void clients_served(struct clients *clients, struct client *client);

/* Ends readers until one of the held objects is free, or none reads. */
void clients_free_held(struct clients *clients, uint64_t now);

/*
 * Ends clients that exceed their time. Returns when to call it again at the
 * latest; UINT64_MAX: no need.
 */
uint64_t clients_end_slow(struct clients *clients, uint64_t now);

#endif
