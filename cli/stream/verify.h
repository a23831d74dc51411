/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares both sources, read one after another. */
#ifndef MEMTOP_STREAM_VERIFY_H
#define MEMTOP_STREAM_VERIFY_H

#include "base/exit_status.h"

struct options;
struct sample;

/*
 * Reads the kernel through either source; @ret gets the data of the
 * tracepoints, for the caller to release, whether or not the other source
 * agrees. The differences have been reported, with both values.
 */
enum exit_status verify_read(const struct options *options, struct sample *ret);

#endif
