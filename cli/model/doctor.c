// SPDX-License-Identifier: GPL-2.0-only
#include "model/doctor.h"

#include "base/array.h"

const struct doctor_info doctor_infos[NR_CHECKS] = {
	[CHECK_BPF] = { "bpf", "the system call bpf(2)", "every report",
			"use a kernel with CONFIG_BPF_SYSCALL; in a container, permit bpf(2) in the seccomp profile" },
	[CHECK_UNLOCKED] = { "unlocked", "no lockdown for confidentiality",
			     "every report",
			     "boot without lockdown=confidentiality, which forbids programs to read kernel memory" },
	[CHECK_SYMBOLS] = { "symbols", "addresses in /proc/kallsyms",
			    "source stock: a second way to find the devices, after /sys/block",
			    "run it as root, or with CAP_SYSLOG; sysctl kernel.kptr_restrict=1" },
	[CHECK_BTF_KERNEL] = { "btf-kernel", "types of the kernel (BTF)",
			       "source stock: the kernel's structures",
			       "use a kernel with CONFIG_DEBUG_INFO_BTF" },
	[CHECK_DM] = { "dm", "device-mapper", "devices to report",
		       "modprobe dm_mod" },
	[CHECK_BTF_DM] = { "btf-dm", "types of dm_mod (BTF)",
			   "source stock: device-mapper's structures",
			   "use a kernel with CONFIG_DEBUG_INFO_BTF_MODULES, whose modules are not stripped" },
	[CHECK_VERITY] = { "verity", "dm-verity", "verity devices to report",
			   "modprobe dm_verity; creating a verity device loads it, too" },
	[CHECK_BTF_VERITY] = { "btf-verity", "types of dm_verity (BTF)",
			       "source stock: verity's structures",
			       "use a kernel with CONFIG_DEBUG_INFO_BTF_MODULES, whose modules are not stripped" },
	[CHECK_POOL_EVENTS] = { "pool-events", "tracepoints of pools",
				"source tracepoints: each pool from its "
				"creation on",
				"load the patched dm_mod and dm_verity: README.md, \"On your own machine\"" },
	[CHECK_USE_EVENTS] = { "use-events", "tracepoints of the use of pools",
			       "source tracepoints: counts and durations of waits, rechecks and corrections; holders of elements",
			       "load the patched modules of the whole series: README.md, \"On your own machine\"" },
	[CHECK_TRACEFS] = { "tracefs", "tracing files in /sys/kernel/tracing",
			    "the same events for trace-cmd and perf; not needed by this tool",
			    "as root: mount -t tracefs tracefs /sys/kernel/tracing" },
	[CHECK_DM_CONTROL] = { "dm-control", "access to /dev/mapper/control",
			       "source tracepoints: the list of existing pools",
			       "run it as root, or with CAP_DAC_OVERRIDE" },
	[CHECK_CAP_SYS_ADMIN] = { "cap-sys-admin", "CAP_SYS_ADMIN",
				  "source tracepoints: queries to device-mapper",
				  "run it as root, or with CAP_SYS_ADMIN" },
	[CHECK_CAP_BPF] = { "cap-bpf", "CAP_BPF",
			    "loading of programs; CAP_SYS_ADMIN includes it",
			    "run it as root, or with CAP_BPF" },
	[CHECK_CAP_PERFMON] = { "cap-perfmon", "CAP_PERFMON",
				"programs that read kernel memory; CAP_SYS_ADMIN includes it",
				"run it as root, or with CAP_PERFMON" },
};

const char *const doctor_root_names[] = { [DOCTOR_ROOT_NONE] = NULL,
					  [DOCTOR_ROOT_SYSFS] = "sysfs",
					  [DOCTOR_ROOT_SYMBOL] = "symbol" };

/* The requirements of a way, and the kind of each. */
struct need {
	enum doctor_check check;
	enum doctor_lack lack;
	bool ways[NR_SAMPLE_SOURCES];
	bool admin_will_do; /* capable() of it or of CAP_SYS_ADMIN */
};

/*
 * Capabilities: bpf_capable() and perfmon_capable() in
 * include/linux/capability.h, ctl_ioctl() in drivers/md/dm-ioctl.c. Lockdown:
 * bpf_probe_read_kernel's in kernel/trace/bpf_trace.c.
 */
static const struct need needs[] = {
	{ CHECK_BPF, LACK_KERNEL, { true, true }, false },
	{ CHECK_BTF_KERNEL, LACK_KERNEL, { false, true }, false },
	{ CHECK_BTF_DM, LACK_KERNEL, { false, true }, false },
	{ CHECK_BTF_VERITY, LACK_KERNEL, { false, true }, false },
	{ CHECK_POOL_EVENTS, LACK_KERNEL, { true, false }, false },
	{ CHECK_UNLOCKED, LACK_RIGHT, { true, true }, false },
	{ CHECK_DM_CONTROL, LACK_RIGHT, { true, false }, false },
	{ CHECK_CAP_SYS_ADMIN, LACK_RIGHT, { true, false }, false },
	{ CHECK_CAP_BPF, LACK_RIGHT, { true, true }, true },
	{ CHECK_CAP_PERFMON, LACK_RIGHT, { true, true }, true },
	{ CHECK_DM, LACK_DM, { true, true }, false },
};

static bool is_missing(const struct doctor_facts *facts,
		       enum doctor_check check)
{
	return facts->facts[check].state == DOCTOR_MISSING;
}

static bool lacks(const struct doctor_facts *facts, const struct need *need)
{
	if (need->admin_will_do && !is_missing(facts, CHECK_CAP_SYS_ADMIN))
		return false;
	return is_missing(facts, need->check);
}

struct doctor_result doctor_decide(const struct doctor_facts *facts)
{
	struct doctor_result result = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(needs); i++) {
		const struct need *need = &needs[i];

		if (!lacks(facts, need))
			continue;
		for (size_t way = 0; way < NR_SAMPLE_SOURCES; way++) {
			if (!need->ways[way])
				continue;
			result.missing[way][need->check] = true;
			if (result.lack[way] < need->lack)
				result.lack[way] = need->lack;
		}
	}
	return result;
}

enum doctor_lack doctor_least_lack(const struct doctor_result *result)
{
	enum doctor_lack least = LACK_KERNEL;

	for (size_t way = 0; way < NR_SAMPLE_SOURCES; way++) {
		if (result->lack[way] < least)
			least = result->lack[way];
	}
	return least;
}
