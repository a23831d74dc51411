// SPDX-License-Identifier: GPL-2.0-only
#include "system/clients.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/times.h"
#include "system/address.h"

/*
 * Time before a reader's rate counts, so that a new reader is not the slowest.
 */
#define CREDIT_BYTES 16384
#define CREDIT_NS (SECOND / 10)

/* Clients that share a limit. */
struct address {
	struct address *next;
	uint64_t network;
	unsigned int nr; /* clients, without those that have ended */
	unsigned int readers; /* of these */
	unsigned int holders; /* of these: they read an object that is held */
	unsigned int refs; /* clients, with those that have ended */
};

static struct address *take_address(struct clients *clients, uint64_t network)
{
	struct address *a;

	for (a = clients->addresses; a; a = a->next) {
		if (a->network == network)
			break;
	}
	if (!a) {
		a = xcalloc(1, sizeof(*a));
		a->network = network;
		a->next = clients->addresses;
		clients->addresses = a;
	}
	a->refs++;
	return a;
}

static void put_address(struct clients *clients, struct address *address)
{
	struct address **link = &clients->addresses;

	if (--address->refs)
		return;
	while (*link != address)
		link = &(*link)->next;
	*link = address->next;
	free(address);
}

/* Other sockets than TCP have no count, so it is 0. */
static uint64_t ask_taken(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return 0;
	return info.tcpi_bytes_acked;
}

static void end_socket(int fd)
{
	/* bytes that were not received do not remain in the kernel either */
	const struct linger none = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	shutdown(fd, SHUT_RDWR);
}

void clients_init(struct clients *clients, unsigned int most)
{
	*clients = (struct clients){ .most = most,
				     .taken = ask_taken,
				     .end = end_socket };
}

static void let_go(struct client *client)
{
	if (client->held) {
		client->held->readers--;
		client->address->holders--;
	}
	client->held = NULL;
}

/* The client no longer counts. */
static void leave(struct clients *clients, struct client *client)
{
	if (client->ended)
		return;
	let_go(client);
	client->ended = true;
	client->address->nr--;
	client->address->readers -= client->asked;
	clients->nr--;
}

static void drop(struct clients *clients, struct client *client)
{
	leave(clients, client);
	clients->dropped++;
	clients->end(client->fd);
}

/* Bytes a second. */
static uint64_t rate(const struct clients *clients, const struct client *client,
		     uint64_t now)
{
	uint64_t ms = (now - client->since + CREDIT_NS) / (SECOND / 1000);

	return (clients->taken(client->fd) + CREDIT_BYTES) * 1000 / ms;
}

/*
 * The slowest of the readers at @address, or of those that hold an object; or
 * NULL.
 */
static struct client *slowest_reader(const struct clients *clients,
				     const struct address *address,
				     bool holders, uint64_t now)
{
	struct client *slowest = NULL;
	uint64_t least = UINT64_MAX;

	for (struct client *c = clients->first; c; c = c->next) {
		uint64_t its;

		if (c->ended || c->address != address || !c->asked ||
		    (holders && !c->held))
			continue;
		its = rate(clients, c, now);
		if (its <= least) {
			least = its;
			slowest = c;
		}
	}
	return slowest;
}

/* The oldest of those at @address that still send their request; or NULL. */
static struct client *oldest_asker(const struct clients *clients,
				   const struct address *address)
{
	struct client *oldest = NULL;

	for (struct client *c = clients->first; c; c = c->next) {
		if (!c->ended && c->address == address && !c->asked)
			oldest = c;
	}
	return oldest;
}

static void make_room(struct clients *clients, uint64_t now)
{
	struct address *most = clients->addresses;

	/* of equal addresses the last one, which has the oldest clients */
	for (struct address *a = most; a; a = a->next) {
		if (a->nr >= most->nr)
			most = a;
	}
	/* half of its share is for clients that will be served in a moment */
	if (2 * most->readers >= most->nr)
		drop(clients, slowest_reader(clients, most, false, now));
	else
		drop(clients, oldest_asker(clients, most));
}

struct client *clients_add(struct clients *clients, int fd,
			   const struct sockaddr *peer, uint64_t now)
{
	struct client *client = xcalloc(1, sizeof(*client));

	client->fd = fd;
	client->since = client->checked = now;
	client->address = take_address(clients, address_network(peer));
	client->address->nr++;
	client->next = clients->first;
	client->link = &clients->first;
	if (client->next)
		client->next->link = &client->next;
	clients->first = client;
	clients->nr++;
	if (clients->nr > clients->most)
		make_room(clients, now);
	return client;
}

void clients_remove(struct clients *clients, struct client *client)
{
	leave(clients, client);
	if (client->next)
		client->next->link = client->link;
	*client->link = client->next;
	put_address(clients, client->address);
	free(client);
}

void clients_asked(struct clients *clients, struct client *client,
		   struct held *held, uint64_t now)
{
	(void)clients;
	if (client->ended)
		return;
	client->address->readers += !client->asked;
	client->asked = true;
	client->since = client->checked = now;
	client->held = held;
	if (held) {
		held->readers++;
		client->address->holders++;
	}
}

void clients_served(struct clients *clients, struct client *client)
{
	(void)clients;
	let_go(client);
}

void clients_free_held(struct clients *clients, uint64_t now)
{
	for (;;) {
		struct address *most = clients->addresses;
		struct client *client;
		struct held *held;

		for (struct address *a = most; a; a = a->next) {
			if (a->holders >= most->holders)
				most = a;
		}
		client = most ? slowest_reader(clients, most, true, now) : NULL;
		if (!client)
			return;
		held = client->held;
		drop(clients, client);
		if (!held->readers)
			return;
	}
}

/* Whether @client may stay after its deadline; if so, it gets a new one. */
static bool may_stay(struct clients *clients, struct client *client,
		     uint64_t now)
{
	uint64_t taken = client->asked ? clients->taken(client->fd) : 0;

	if (!client->asked || taken < client->taken + CLIENTS_READ_BYTES)
		return false;
	client->taken = taken;
	client->checked = now;
	return true;
}

uint64_t clients_end_slow(struct clients *clients, uint64_t now)
{
	uint64_t next = UINT64_MAX;

	for (struct client *c = clients->first; c; c = c->next) {
		const uint64_t time = c->asked ? CLIENTS_READ_NS :
						 CLIENTS_REQUEST_NS;

		if (c->ended)
			continue;
		if (now - c->checked >= time && !may_stay(clients, c, now))
			drop(clients, c);
		else if (c->checked + time < next)
			next = c->checked + time;
	}
	return next;
}
