/* SPDX-License-Identifier: GPL-2.0-only */
/* What a client accepts, by its HTTP headers (RFC 9110, 12.4 and 12.5). */
#ifndef MEMTOP_SYSTEM_ACCEPT_H
#define MEMTOP_SYSTEM_ACCEPT_H

#include <stdbool.h>

/*
 * Whether a client with these values of Accept-Encoding, NULL for none, is sent
 * gzip: if it accepts that, and does not prefer a reply without encoding.
 */
bool accept_gzip(const char *value);

/*
 * Whether a client with these values of Accept, NULL for none, is sent
 * OpenMetrics 1.0.0: if it names that, and does not prefer text/plain.
 */
bool accept_openmetrics(const char *value);

#endif
