/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bench's notes, written before it changes anything, so that the next bench
 * can restore what a killed one has left.
 */
#ifndef MEMTOP_BENCH_STATE_H
#define MEMTOP_BENCH_STATE_H

#include <stdbool.h>
#include <stdint.h>

struct strbuf;

#define BENCH_DIRECTORY_ROOM 256

struct bench_state {
	uint64_t pid; /* of the bench, a part of the names that it creates */
	bool set; /* the parameter is, or is about to be, changed */
	uint64_t before; /* the old value */
	uint64_t ours; /* the new value */
	char directory[BENCH_DIRECTORY_ROOM]; /* of its files; "": none */
};

/*
 * Prefix of the names of devices and files of the bench with this pid, with a
 * dash.
 */
void bench_prefix(uint64_t pid, struct strbuf *ret);

void bench_state_format(const struct bench_state *state, struct strbuf *ret);

/*
 * Returns 0, or -EINVAL for text that bench_state_format() cannot have written.
 */
int bench_state_parse(const char *text, struct bench_state *ret);

#endif
