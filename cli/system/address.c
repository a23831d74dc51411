// SPDX-License-Identifier: GPL-2.0-only
#include "system/address.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define LOOPBACK 1
#define OTHER 2
/* No IPv6 network in use begins with 31 zero bits. */
#define IPV4 (1ULL << 32)

/* The IPv4 address that @address is, in the machine's byte order. */
static bool get_ipv4(const struct sockaddr *address, uint32_t *ret)
{
	const struct sockaddr_in6 *in6 = (const void *)address;
	const struct sockaddr_in *in = (const void *)address;

	if (address->sa_family == AF_INET) {
		*ret = ntohl(in->sin_addr.s_addr);
		return true;
	}
	if (address->sa_family != AF_INET6 ||
	    !IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr))
		return false;
	memcpy(ret, in6->sin6_addr.s6_addr + 12, sizeof(*ret));
	*ret = ntohl(*ret);
	return true;
}

bool address_is_loopback(const struct sockaddr *address)
{
	const struct sockaddr_in6 *in6 = (const void *)address;
	uint32_t ipv4;

	if (get_ipv4(address, &ipv4))
		return ipv4 >> 24 == IN_LOOPBACKNET;
	return address->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
}

uint64_t address_network(const struct sockaddr *address)
{
	const struct sockaddr_in6 *in6 = (const void *)address;
	uint64_t network = 0;
	uint32_t ipv4;

	if (address_is_loopback(address))
		return LOOPBACK;
	if (get_ipv4(address, &ipv4))
		return IPV4 | ipv4;
	if (address->sa_family != AF_INET6)
		return OTHER;
	for (int i = 0; i < 8; i++)
		network = network << 8 | in6->sin6_addr.s6_addr[i];
	return network;
}
