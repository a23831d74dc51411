/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the bench notes down before it changes anything, so that whoever runs it
 * next can put right what was left by one that was killed.
 */
#ifndef MEMTOP_BENCH_STATE_H
#define MEMTOP_BENCH_STATE_H

#include <stdbool.h>
#include <stdint.h>

struct strbuf;

#define BENCH_DIRECTORY_ROOM 256

struct bench_state {
	uint64_t pid; /* of the bench, which is in the names it makes */
	bool set; /* the parameter is, or is about to be, ours */
	uint64_t before; /* what it was */
	uint64_t ours; /* what it is set to */
	char directory[BENCH_DIRECTORY_ROOM]; /* of its files; "": none */
};

/* What the bench with this pid calls its devices and files, and a dash. */
void bench_prefix(uint64_t pid, struct strbuf *ret);

void bench_state_format(const struct bench_state *state, struct strbuf *ret);

/* Returns 0, or -EINVAL for what bench_state_format() would not have made. */
int bench_state_parse(const char *text, struct bench_state *ret);

#endif
