/* SPDX-License-Identifier: GPL-2.0-only */
/* What the verifier's log says of a program that it refused. */
#ifndef MEMTOP_KERNEL_PROGRAM_LOG_H
#define MEMTOP_KERNEL_PROGRAM_LOG_H

/* Why the kernel refused a program; each may be empty. */
struct program_refusal {
	char words[160]; /* the verifier's last ones */
	char member[96]; /* of the kernel's structures, which it lacks */
};

/*
 * Fills @why from @log, which is changed: the last line that says something, and
 * the member that the instruction was to read, if that is how it failed.
 */
void program_log_read(char *log, struct program_refusal *why);

#endif
