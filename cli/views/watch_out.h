/* SPDX-License-Identifier: GPL-2.0-only */
/* All the places where a watch tells its events. */
#ifndef MEMTOP_VIEWS_WATCH_OUT_H
#define MEMTOP_VIEWS_WATCH_OUT_H

#include <stdbool.h>
#include <stdint.h>

struct hook;
struct log_socket;
struct options;
struct sample;
struct watch_event;

struct watch_out {
	bool json;
	bool wide; /* lines may be wider than the terminal */
	bool ascii_only;
	struct hook *hook; /* owned, as the others; NULL: not asked for */
	struct log_socket *syslog;
	struct log_socket *journal;
	uint64_t unheard; /* events that one of these had no room for */
};

/*
 * Makes ready what @options ask for, and starts a process for commands, which
 * should be done while ours is small. Returns 0 or -errno, the reason already
 * said; watch_out_close() is due in either case.
 */
int watch_out_open(const struct options *options, struct watch_out *ret);

/*
 * Tells @event of @sample. Nobody but stdout is waited for. Returns 0 or -errno,
 * if that can't be written to, said already where there is somebody to hear it.
 */
int watch_out_tell(struct watch_out *out, const struct sample *sample,
		   const struct watch_event *event);

/* Does all of it but sending, so that nothing is done for the first time later. */
void watch_out_rehearse(const struct watch_out *out);

void watch_out_close(struct watch_out *out);

#endif
