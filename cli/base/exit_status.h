/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_BASE_EXIT_STATUS_H
#define MEMTOP_BASE_EXIT_STATUS_H

/* The exit statuses of all commands; explained in exit_status.c for --help. */
enum exit_status {
	STATUS_OK,
	STATUS_FAILED,
	STATUS_USAGE,
	STATUS_NOT_PERMITTED,
	STATUS_UNSUPPORTED,
	STATUS_NOT_FOUND,
	STATUS_STALL,
};

/* One line of help for @status, NULL past the last. */
const char *exit_status_text(unsigned int status);

/* The status for @err, 0 or -errno as the collector returns it. */
enum exit_status exit_status_of(int err);

#endif
