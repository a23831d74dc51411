// SPDX-License-Identifier: GPL-2.0-only
#include "base/exit_status.h"

#include <errno.h>
#include <stddef.h>

static const char *const texts[] = {
	[STATUS_OK] = "success",
	[STATUS_FAILED] = "failure",
	[STATUS_USAGE] = "wrong usage: unknown command, option or column",
	[STATUS_NOT_PERMITTED] = "insufficient privileges",
	[STATUS_UNSUPPORTED] = "the kernel lacks a required feature",
	[STATUS_NOT_FOUND] = "not found",
	[STATUS_STALL] = "watch: a stall or a deadlock was reported",
};

const char *exit_status_text(unsigned int status)
{
	return status < sizeof(texts) / sizeof(texts[0]) ? texts[status] : NULL;
}

enum exit_status exit_status_of(int err)
{
	switch (err) {
	case 0:
		return STATUS_OK;
	case -EPERM:
	case -EACCES:
		return STATUS_NOT_PERMITTED;
	case -EOPNOTSUPP:
		return STATUS_UNSUPPORTED;
	case -ENODEV:
		return STATUS_NOT_FOUND;
	default:
		return STATUS_FAILED;
	}
}
