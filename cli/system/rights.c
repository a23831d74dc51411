// SPDX-License-Identifier: GPL-2.0-only
#include "system/rights.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/msg.h"
#include "system/capability.h"

/* The ID of the user nobody, in Debian as in the kernel. */
#define NOBODY 65534

/*
 * Capabilities that a started program could get; dropping them needs
 * CAP_SETPCAP, otherwise they stay.
 */
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
		return -errno;
	return 0;
}

static int set_capabilities(
	const struct __user_cap_data_struct wanted[_LINUX_CAPABILITY_U32S_3])
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};

	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	/* glibc has no wrapper */
	return syscall(SYS_capset, &header, wanted) ? -errno : 0;
}

static int rule_out_new(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0;
}

/* Prevents other processes of this user from reading or changing this one. */
static int shut_others_out(void)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ? -errno : 0;
}

int rights_drop(enum rights_user user)
{
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {
		{ 0 }
	};
	int err = 0;

	drop_bounding();
	if (user == RIGHTS_NOBODY)
		err = become_nobody();
	if (err)
		return msg_error_errno(err, "cannot become the user nobody");
	err = set_capabilities(none);
	if (err)
		return msg_error_errno(err, "cannot drop capabilities");
	err = rule_out_new();
	if (err)
		return msg_error_errno(err, "cannot set no_new_privs");
	err = shut_others_out();
	if (err)
		return msg_error_errno(err, "cannot clear the dumpable flag");
	return 0;
}

int rights_drop_others(const unsigned int *capabilities, size_t nr)
{
	struct __user_cap_data_struct kept[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
	int err;

	for (size_t i = 0; i < nr; i++) {
		struct __user_cap_data_struct *set =
			&kept[CAP_TO_INDEX(capabilities[i])];

		if (!capability_in_effect(capabilities[i]))
			continue;
		set->effective |= CAP_TO_MASK(capabilities[i]);
		set->permitted |= CAP_TO_MASK(capabilities[i]);
	}
	drop_bounding();
	/* otherwise they would be lost with root */
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
		return -errno;
	err = become_nobody();
	if (!err)
		err = set_capabilities(kept);
	if (!err)
		err = rule_out_new();
	return err ? err : shut_others_out();
}
