/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSTEM_ADDRESS_H
#define MEMTOP_SYSTEM_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

struct sockaddr;

/* Also for an IPv4 address in its form for IPv6 sockets. */
bool address_is_loopback(const struct sockaddr *address);

/*
 * A number for a group of addresses that one machine or user can easily have:
 * one IPv4 address, an IPv6 network of 64 bits, the loopback network. All other
 * addresses share one number.
 */
uint64_t address_network(const struct sockaddr *address);

#endif
