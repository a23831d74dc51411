/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSTEM_ADDRESS_H
#define MEMTOP_SYSTEM_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

struct sockaddr;

/* Also as an IPv6 socket has an address of IPv4. */
bool address_is_loopback(const struct sockaddr *address);

/*
 * A number for all addresses that one machine or user has easily: one of IPv4,
 * an IPv6 network of 64 bits, the loopback network. What is none of these has
 * one number.
 */
uint64_t address_network(const struct sockaddr *address);

#endif
