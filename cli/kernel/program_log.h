/* SPDX-License-Identifier: GPL-2.0-only */
/* Interprets the verifier's log about a program that it refused. */
#ifndef MEMTOP_KERNEL_PROGRAM_LOG_H
#define MEMTOP_KERNEL_PROGRAM_LOG_H

/* Why the kernel refused a program; each may be empty. */
struct program_refusal {
	char words[160]; /* the verifier's last words */
	char member[96]; /* of the kernel's structures, which it lacks */
};

/*
 * Fills @why from @log, which is changed: the last line with a message, and the
 * member that the instruction was to read, if that is the reason.
 */
void program_log_read(char *log, struct program_refusal *why);

#endif
