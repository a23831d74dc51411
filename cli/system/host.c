// SPDX-License-Identifier: GPL-2.0-only
#include "system/host.h"

#include <arpa/inet.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "system/address.h"

#define LOCALHOST ".localhost"
/* What DNS allows, with the NUL. */
#define ROOM 256

static bool is_address(const char *name)
{
	unsigned char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, name, address) == 1 ||
	       inet_pton(AF_INET6, name, address) == 1;
}

static bool ends_with(const char *name, const char *end)
{
	const size_t len = strlen(name), end_len = strlen(end);

	return len > end_len && strcasecmp(name + len - end_len, end) == 0;
}

static bool is_own_name(const char *name)
{
	char own[HOST_NAME_MAX + 1] = "";

	return gethostname(own, sizeof(own) - 1) == 0 &&
	       strcasecmp(name, own) == 0;
}

bool host_is_safe(const char *host)
{
	const bool bracket = *host == '[';
	const size_t len = strcspn(host + bracket, bracket ? "]" : ":");
	char name[ROOM];

	if (len >= sizeof(name))
		return false;
	text_copy(name, len + 1, host + bracket);
	return is_address(name) || (!bracket && !strchr(name, '.')) ||
	       ends_with(name, LOCALHOST) || is_own_name(name);
}

bool host_fits(const char *host, int fd)
{
	struct sockaddr_storage address = { 0 };
	socklen_t len = sizeof(address);

	if (!host || getsockname(fd, (struct sockaddr *)&address, &len) ||
	    !address_is_loopback((struct sockaddr *)&address))
		return true;
	return host_is_safe(host);
}
