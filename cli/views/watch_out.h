/* SPDX-License-Identifier: GPL-2.0-only */
/* All destinations of a watch's events. */
#ifndef MEMTOP_VIEWS_WATCH_OUT_H
#define MEMTOP_VIEWS_WATCH_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "views/trace_events.h"

struct hook;
struct log_socket;
struct options;
struct sample;
struct watch_event;

struct watch_out {
	bool json;
	bool traces; /* stdout gets a trace */
	struct trace_events trace;
	bool wide; /* lines may be wider than the terminal */
	bool ascii_only;
	bool no_wall_clock; /* lines are without the time of day */
	bool no_host; /* and without the host name and the boot ID */
	struct hook *hook; /* owned, as the others; NULL: not requested */
	struct log_socket *syslog;
	struct log_socket *journal;
	uint64_t unheard; /* events that did not fit in one of these */
};

/*
 * Opens the destinations in @options, and starts a process for commands, which
 * should be done while ours is small. Returns 0 or -errno, already reported;
 * call watch_out_close() in either case.
 */
int watch_out_open(const struct options *options, struct watch_out *ret);

/*
 * Writes what the trace needs of @sample, if there is one. Before the events of the
 * sample. Returns 0 or -errno, already reported where possible.
 */
int watch_out_sample(struct watch_out *out, const struct sample *sample);

/* Writes the end of the trace, if there is one. Returns as above. */
int watch_out_end(struct watch_out *out);

/*
 * Reports @event of @sample. Only stdout may block. Returns 0 or -errno, if
 * stdout cannot be written to, already reported where possible.
 */
int watch_out_tell(struct watch_out *out, const struct sample *sample,
		   const struct watch_event *event);

/*
 * Does everything except sending, so that nothing is done for the first time
 * later.
 */
void watch_out_rehearse(const struct watch_out *out);

void watch_out_close(struct watch_out *out);

#endif
