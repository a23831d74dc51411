// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/why.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/msg.h"
#include "kernel/program.h"
#include "kernel/sysfs_source.h"
#include "system/capability.h"

#define KALLSYMS "/proc/kallsyms"
#define KPTR_RESTRICT "/proc/sys/kernel/kptr_restrict"

/* ---- facts ------------------------------------------------------------------ */

struct symbols {
	int err; /* -errno: they cannot be read */
	bool shown; /* with their addresses */
	bool listed; /* including the required one */
};

/* All users see the names; only some see addresses, others see 0. */
static struct symbols read_symbols(const char *wanted)
{
	struct symbols s = { 0 };
	FILE *file = fopen(KALLSYMS, "re");
	unsigned long long address;
	char name[512];

	if (!file)
		return (struct symbols){ .err = -errno };
	while (fscanf(file, "%llx %*c %511s%*[^\n]", &address, name) == 2) {
		s.shown = s.shown || address;
		s.listed = s.listed || strcmp(name, wanted) == 0;
	}
	fclose(file);
	return s;
}

int why_kptr_restrict(void)
{
	FILE *file = fopen(KPTR_RESTRICT, "re");
	int value = -1;

	if (!file)
		return -1;
	if (fscanf(file, "%d", &value) != 1)
		value = -1;
	fclose(file);
	return value;
}

/*
 * Whether the system call itself is refused. The kernel searches for the object
 * before it checks capabilities (bpf_obj_get_info_by_fd()).
 */
static bool bpf_is_refused(int *err)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);

	if (!bpf_obj_get_info_by_fd(-1, &info, &len))
		return false;
	*err = errno;
	return errno == EPERM || errno == EACCES || errno == ENOSYS;
}

static bool has(unsigned int capability)
{
	return capability_in_effect(capability) ||
	       capability_in_effect(CAP_SYS_ADMIN);
}

/* ---- messages ------------------------------------------------------------------ */

/* Symbols are hidden. */
static int say_hidden(void)
{
	int restricted = why_kptr_restrict();

	if (restricted == 2) {
		msg_info(
			"kernel.kptr_restrict is 2, which hides the kernel's symbols from every process: sysctl kernel.kptr_restrict=1");
		return -EPERM;
	}
	if (!capability_in_effect(CAP_SYSLOG)) {
		msg_info(
			"the kernel's symbols are hidden without CAP_SYSLOG: run this as root, or with that capability");
		return -EPERM;
	}
	msg_info(
		"the kernel hides its symbols in %s, although CAP_SYSLOG is present; kernel.kptr_restrict is %s",
		KALLSYMS,
		restricted < 0	? "unknown" :
		restricted == 0 ? "0" :
				  "1");
	return -EPERM;
}

/* The symbol is the alternative, which would be enough. */
static int say_no_symbol(const char *symbol)
{
	struct symbols s = read_symbols(symbol);

	if (s.err) {
		msg_info("the reason is unknown: %s: %s", KALLSYMS,
			 strerror(-s.err));
		if (s.err == -ENOENT)
			msg_info("mount -t proc proc /proc");
		return -EPERM;
	}
	if (!s.listed) {
		msg_info(
			"the symbol %s is not in %s: use a kernel with CONFIG_KALLSYMS_ALL",
			symbol, KALLSYMS);
		return -EOPNOTSUPP;
	}
	if (!s.shown)
		return say_hidden();
	msg_info("the symbol %s is in %s, but BPF programs cannot get it",
		 symbol, KALLSYMS);
	return -EOPNOTSUPP;
}

int why_no_root(const char *member, const char *symbol)
{
	if (member)
		msg_info(
			"the kernel has no %s, so devices cannot be found by way of /sys/block",
			member);
	else
		msg_info(
			"no directory of a device in /sys/block leads to them");
	return say_no_symbol(symbol);
}

static int say_refused(void)
{
	const bool bpf = has(CAP_BPF), perfmon = has(CAP_PERFMON);
	int err;

	if (bpf_is_refused(&err)) {
		msg_info(
			"the system call bpf(2) is refused (%s), for example by the seccomp filter of a container",
			strerror(err));
		return -EPERM;
	}
	if (!bpf || !perfmon) {
		msg_info(
			"%s%s%s: run this as root, or with CAP_BPF and CAP_PERFMON",
			bpf ? "" : "CAP_BPF is missing",
			bpf || perfmon ? "" : ", ",
			perfmon ? "" : "CAP_PERFMON is missing");
		return -EPERM;
	}
	msg_info(
		"CAP_BPF and CAP_PERFMON are present; a security module (for example SELinux) can refuse bpf(2): see its audit log");
	return -EPERM;
}

/* The details about a program that the verifier refused. */
static void say_words(const struct program_refusal *refusal)
{
	if (*refusal->member)
		msg_info("the kernel has no %s, which the program reads",
			 refusal->member);
	if (*refusal->words)
		msg_info("the verifier's last words: %s", refusal->words);
}

int why_not_loaded(int err, const struct program_refusal *refusal)
{
	/* then the verifier has no helper that reads memory: EINVAL */
	if (sysfs_locked_down()) {
		msg_info(
			"the kernel is locked down for confidentiality, which forbids programs to read its memory: boot without lockdown=confidentiality");
		return -EPERM;
	}
	if (err == -ENOSYS) {
		msg_info(
			"bpf(2) is missing: use a kernel with CONFIG_BPF_SYSCALL, and no seccomp filter that hides it");
		return -EOPNOTSUPP;
	}
	if (err == -EPERM || err == -EACCES)
		return say_refused();
	if (err == -EAGAIN || err == -EINTR || err == -ENOMEM ||
	    err == -ETIMEDOUT || err == -EPIPE)
		return err;
	if (access("/sys/kernel/btf/vmlinux", F_OK))
		msg_info(
			"/sys/kernel/btf/vmlinux is missing: use a kernel with CONFIG_DEBUG_INFO_BTF, and mount sysfs on /sys");
	else if (refusal && (*refusal->member || *refusal->words))
		say_words(refusal);
	else
		msg_info(
			"use Linux 6.1 or later with BTF of the kernel and of its dm modules (CONFIG_DEBUG_INFO_BTF_MODULES)");
	return -EOPNOTSUPP;
}
