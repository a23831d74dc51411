// SPDX-License-Identifier: GPL-2.0-only
/* Which client of an HTTP server is ended when clients want too much. */
#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/times.h"
#include "system/clients.h"
#include "system/host.h"

#define MOST 8
#define FILES 64

/* For each descriptor: what it has taken, and whether it was ended. */
static uint64_t taken[FILES];
static bool ended[FILES];

static uint64_t its_taken(int fd)
{
	return taken[fd];
}

static void end_it(int fd)
{
	ended[fd] = true;
}

static void begin(struct clients *clients)
{
	memset(taken, 0, sizeof(taken));
	memset(ended, 0, sizeof(ended));
	clients_init(clients, MOST);
	clients->taken = its_taken;
	clients->end = end_it;
}

static struct client *add(struct clients *clients, int fd, const char *address,
			  uint64_t now)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };

	if (inet_pton(AF_INET, address, &in.sin_addr) == 1)
		return clients_add(clients, fd, (struct sockaddr *)&in, now);
	assert_int_equal(inet_pton(AF_INET6, address, &in6.sin6_addr), 1);
	return clients_add(clients, fd, (struct sockaddr *)&in6, now);
}

static void end(struct clients *clients)
{
	while (clients->first)
		clients_remove(clients, clients->first);
	assert_int_equal(clients->nr, 0);
	assert_null(clients->addresses);
}

/* The descriptors that were ended, as bits. */
static uint64_t all_ended(void)
{
	uint64_t ret = 0;

	for (int i = 0; i < FILES; i++)
		ret |= (uint64_t)ended[i] << i;
	return ret;
}

static void oldest_request_goes(void **state)
{
	struct clients clients;

	(void)state;
	begin(&clients);
	for (int i = 0; i < MOST; i++)
		add(&clients, i, "127.0.0.1", i);
	assert_int_equal(all_ended(), 0);
	add(&clients, 8, "127.0.0.1", 8);
	assert_int_equal(all_ended(), 1);
	add(&clients, 9, "127.0.0.1", 9);
	assert_int_equal(all_ended(), 3);
	assert_int_equal(clients.nr, MOST);
	assert_int_equal(clients.dropped, 2);
	end(&clients);
}

/*
 * The address with the most connections loses one; if it is the new one's, the
 * new one is refused.
 */
static void addresses_share(void **state)
{
	static const char *const many[][2] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "127.0.0.1", "127.9.8.7" },
		{ "::1", "127.0.0.2" },
		{ "::ffff:192.0.2.1", "192.0.2.1" },
		{ "2001:db8::1", "2001:db8::ffff:2" },
	};
	struct clients clients;

	(void)state;
	for (size_t i = 0; i < sizeof(many) / sizeof(many[0]); i++) {
		begin(&clients);
		add(&clients, 0, "198.51.100.1", 0);
		for (int fd = 1; fd < MOST; fd++)
			add(&clients, fd, many[i][fd % 2], fd);
		add(&clients, 8, "198.51.100.2", 8);
		assert_int_equal(all_ended(), 1 << 1);
		add(&clients, 9, many[i][0], 9);
		assert_int_equal(all_ended(), 1 << 1 | 1 << 2);
		end(&clients);
	}
	/* other addresses do not count */
	begin(&clients);
	for (int fd = 0; fd < MOST; fd++)
		add(&clients, fd, fd % 2 ? "2001:db8:0:1::1" : "2001:db8::1",
		    fd);
	add(&clients, 8, "192.0.2.1", 8);
	assert_int_equal(clients.nr, MOST);
	assert_false(ended[8]);
	end(&clients);
}

/* One each: the new one is not ended. */
static void newest_stays(void **state)
{
	char address[32];
	struct clients clients;

	(void)state;
	begin(&clients);
	for (int fd = 0; fd < 32; fd++) {
		snprintf(address, sizeof(address), "192.0.2.%d", fd);
		add(&clients, fd, address, fd);
		assert_false(ended[fd]);
	}
	assert_int_equal(all_ended(), (1ULL << (32 - MOST)) - 1);
	end(&clients);
}

static void slowest_reader_goes(void **state)
{
	struct clients clients;

	(void)state;
	begin(&clients);
	for (int fd = 0; fd < MOST; fd++) {
		clients_asked(&clients, add(&clients, fd, "::1", fd * SECOND),
			      NULL, fd * SECOND);
		taken[fd] = 100000 * (MOST - fd);
	}
	taken[3] = 1000;
	add(&clients, 8, "::1", 60 * SECOND);
	assert_int_equal(all_ended(), 1 << 3);
	/* it has just begun */
	clients_asked(&clients, clients.first, NULL, 60 * SECOND);
	add(&clients, 9, "::1", 60 * SECOND + SECOND / 100);
	assert_false(ended[8]);
	assert_int_equal(__builtin_popcountll(all_ended()), 2);
	end(&clients);
}

/*
 * Half of the connections is for requests, so that readers cannot keep them
 * out.
 */
static void halves(void **state)
{
	struct clients clients;
	int fd = 0;

	(void)state;
	begin(&clients);
	for (; fd < MOST; fd++)
		clients_asked(&clients, add(&clients, fd, "::1", fd), NULL, fd);
	for (; fd < 2 * MOST; fd++)
		add(&clients, fd, "::1", fd);
	/*
	 * readers while they have more than half, then connections with
	 * requests
	 */
	assert_int_equal(all_ended() & 0xff, 0xf);
	assert_int_equal(all_ended() >> 8, 0xf);
	end(&clients);
}

static void held_is_freed(void **state)
{
	struct held pages[3] = { { 0 } };
	struct clients clients;

	(void)state;
	begin(&clients);
	for (int fd = 0; fd < 6; fd++)
		clients_asked(&clients, add(&clients, fd, "192.0.2.1", 0),
			      &pages[fd % 2], 0);
	clients_asked(&clients, add(&clients, 6, "192.0.2.2", 0), &pages[2], 0);
	for (int fd = 0; fd < 6; fd++)
		taken[fd] = 100000 * fd;
	/* until one is free, of the address that reads most */
	clients_free_held(&clients, SECOND);
	assert_int_equal(all_ended(), 0x1f);
	assert_int_equal(pages[0].readers, 0);
	assert_int_equal(pages[1].readers, 1);
	assert_int_equal(pages[2].readers, 1);
	/* a connection that was served holds nothing */
	clients_served(&clients, clients.first);
	assert_int_equal(pages[2].readers, 0);
	clients_free_held(&clients, SECOND);
	assert_int_equal(all_ended(), 0x3f);
	clients_free_held(&clients, SECOND);
	assert_int_equal(all_ended(), 0x3f);
	end(&clients);
}

static void times(void **state)
{
	struct clients clients;
	uint64_t now;

	(void)state;
	begin(&clients);
	assert_int_equal(clients_end_slow(&clients, 0), UINT64_MAX);
	add(&clients, 0, "::1", 5);
	assert_int_equal(clients_end_slow(&clients, 6), 5 + CLIENTS_REQUEST_NS);
	clients_end_slow(&clients, 4 + CLIENTS_REQUEST_NS);
	assert_int_equal(all_ended(), 0);
	clients_asked(&clients, add(&clients, 1, "::1", 7), NULL, 9);
	assert_int_equal(clients_end_slow(&clients, 5 + CLIENTS_REQUEST_NS),
			 9 + CLIENTS_READ_NS);
	assert_int_equal(all_ended(), 1);
	/* it may stay as long as it reads */
	for (now = 9; now < 100 * CLIENTS_READ_NS;) {
		taken[1] += CLIENTS_READ_BYTES;
		now += CLIENTS_READ_NS;
		assert_int_equal(clients_end_slow(&clients, now),
				 now + CLIENTS_READ_NS);
	}
	taken[1] += CLIENTS_READ_BYTES - 1;
	assert_false(ended[1]);
	assert_int_equal(clients_end_slow(&clients, now + CLIENTS_READ_NS),
			 UINT64_MAX);
	assert_true(ended[1]);
	assert_int_equal(clients.dropped, 2);
	end(&clients);
}

static void names(void **state)
{
	static const char *const safe[] = {
		"localhost",   "LocalHost:80", "a.localhost",
		"127.0.0.1:1", "[::1]:80",     "[2001:db8::1]",
		"192.0.2.1",   "machine",      "",
	};
	static const char *const unsafe[] = {
		"a.b",	     "a.b:80",		"127.0.0.1.a", "localhost.a",
		"a.",	     "[a.b]",		"[localhost]", ".localhost.b",
		"1.2.3.4.5", "[::1.example]:1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(safe) / sizeof(safe[0]); i++)
		assert_true(host_is_safe(safe[i]));
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++)
		assert_false(host_is_safe(unsafe[i]));
	assert_true(host_fits(NULL, -1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(oldest_request_goes),
		cmocka_unit_test(addresses_share),
		cmocka_unit_test(newest_stays),
		cmocka_unit_test(slowest_reader_goes),
		cmocka_unit_test(halves),
		cmocka_unit_test(held_is_freed),
		cmocka_unit_test(times),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
