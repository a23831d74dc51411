// SPDX-License-Identifier: GPL-2.0-only
#include "serve/rights.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/msg.h"

/* Of "nobody", in Debian as in the kernel. */
#define NOBODY 65534

/* What a program that we run could get; takes CAP_SETPCAP, else it stays. */
static void drop_bounding(void)
{
	unsigned long capability;

	for (capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
	     capability++)
		prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
}

static int become_nobody(void)
{
	if (geteuid() != 0)
		return 0;
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		return msg_error_errno(errno, "can't become nobody");
	return 0;
}

static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {
		{ 0 }
	};

	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	/* glibc has no wrapper */
	if (syscall(SYS_capset, &header, none))
		return msg_error_errno(errno, "can't give up capabilities");
	return 0;
}

int rights_drop(enum rights_user user)
{
	int err = 0;

	drop_bounding();
	if (user == RIGHTS_NOBODY)
		err = become_nobody();
	if (!err)
		err = drop_capabilities();
	if (!err && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err = msg_error_errno(errno, "can't rule out new rights");
	/* not for others of this user to look into, or to change */
	if (!err && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		err = msg_error_errno(errno, "can't shut others out");
	return err;
}
