/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The clients of an HTTP server, and which of them has to go when there is no
 * room or it is too slow. Clients of one address share what is there, so that
 * nobody can keep the others out:
 *
 * - A new client is always let in. If there are too many then, the address
 *   with the most loses one: the client that has been sending its request for
 *   longest or, if most of that address read, the slowest reader.
 * - If readers hold too many pages, the address with the most readers loses
 *   its slowest one, until a page is free.
 *
 * All addresses of the loopback network are one, and so are those of an IPv6
 * network of 64 bits. Nothing here knows HTTP, and times are the caller's.
 */
#ifndef MEMTOP_SYSTEM_CLIENTS_H
#define MEMTOP_SYSTEM_CLIENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define CLIENTS_MOST 256

/* A request has to be whole by then. */
#define CLIENTS_REQUEST_NS (10 * 1000000000ULL)
/* In each such time, a reader has to take that many bytes. */
#define CLIENTS_READ_NS (30 * 1000000000ULL)
#define CLIENTS_READ_BYTES 32768

struct address;

/* Something that readers hold as long as they read it. */
struct held {
	unsigned int readers;
};

struct client {
	struct client *next; /* the youngest first */
	struct client **link; /* what points to it */
	struct address *address;
	struct held *held; /* what it reads; NULL: nothing that matters */
	int fd; /* not ours */
	bool asked; /* its request is whole: it reads */
	bool ended; /* it has been shut down and does not count any more */
	uint64_t since; /* it was let in; for a reader, it asked */
	uint64_t checked; /* when it had taken .taken */
	uint64_t taken;
};

struct clients {
	struct client *first; /* owned */
	struct address *addresses; /* owned; of clients that are here */
	unsigned int nr; /* without those that have ended */
	unsigned int most;
	uint64_t dropped; /* so far, for want of room or time */
	uint64_t (*taken)(int fd); /* bytes that the peer has received */
	void (*end)(int fd);
};

/* Begins with none, and with what asks and ends sockets. */
void clients_init(struct clients *clients, unsigned int most);

/* Lets in the client at @fd; another one may have to go. */
struct client *clients_add(struct clients *clients, int fd,
			   const struct sockaddr *peer, uint64_t now);

/* The client at @fd is gone. Frees it. */
void clients_remove(struct clients *clients, struct client *client);

/* Its request is whole, and it is going to read @held, which may be NULL. */
void clients_asked(struct clients *clients, struct client *client,
		   struct held *held, uint64_t now);

/* It no longer reads. */
void clients_served(struct clients *clients, struct client *client);

/* Ends readers until one of those things that are held is free, or none reads. */
void clients_free_held(struct clients *clients, uint64_t now);

/*
 * Ends those that take too long. Returns when to look again at the latest;
 * UINT64_MAX: no need.
 */
uint64_t clients_end_slow(struct clients *clients, uint64_t now);

#endif
