// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/facts.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/text.h"
#include "kernel/dm_source.h"
#include "kernel/sysfs_source.h"
#include "kernel/why.h"
#include "sample/doctor_facts.h"
#include "sample/sample.h"
#include "system/capability.h"

#define BTF "/sys/kernel/btf/"
#define MODULE "/sys/module/"

static void set(struct doctor_facts *f, enum doctor_check check,
		enum doctor_state state, const char *detail)
{
	struct doctor_fact *fact = &f->facts[check];

	fact->state = state;
	text_copy(fact->detail, sizeof(fact->detail), detail);
}

static void set_found(struct doctor_facts *f, enum doctor_check check,
		      bool found)
{
	set(f, check, found ? DOCTOR_FOUND : DOCTOR_MISSING, "");
}

/*
 * Asks about no object: a kernel that has the system call finds that out
 * (bpf_obj_get_info_by_fd(), kernel/bpf/syscall.c) before it asks for rights.
 */
static void look_for_bpf(struct doctor_facts *f)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(-1, &info, &len) &&
	    (errno == ENOSYS || errno == EPERM || errno == EACCES))
		set(f, CHECK_BPF, DOCTOR_MISSING, strerror(errno));
	else
		set(f, CHECK_BPF, DOCTOR_FOUND, "");
}

static void look_for_lockdown(struct doctor_facts *f)
{
	char state[SYSFS_LOCKDOWN_ROOM];
	int err = sysfs_lockdown(state);

	if (err == -ENOENT)
		set(f, CHECK_UNLOCKED, DOCTOR_UNKNOWN,
		    "securityfs has no lockdown, or is not mounted");
	else if (err)
		set(f, CHECK_UNLOCKED, DOCTOR_UNKNOWN, strerror(-err));
	else
		set(f, CHECK_UNLOCKED,
		    sysfs_locked_down() ? DOCTOR_MISSING : DOCTOR_FOUND, state);
}

static void look_for_btf(struct doctor_facts *f)
{
	set_found(f, CHECK_BTF_KERNEL, access(BTF "vmlinux", F_OK) == 0);
}

/*
 * A module that is built in has no refcnt (kernel/module/sysfs.c), and its
 * types are among the kernel's.
 */
static void look_for_module(struct doctor_facts *f, const char *name,
			    enum doctor_check module, enum doctor_check btf)
{
	char path[64];
	bool built_in;

	snprintf(path, sizeof(path), MODULE "%s", name);
	if (access(path, F_OK)) {
		set(f, module, DOCTOR_MISSING, "not loaded");
		set(f, btf, DOCTOR_UNKNOWN, "the module is not loaded");
		return;
	}
	snprintf(path, sizeof(path), MODULE "%s/refcnt", name);
	built_in = access(path, F_OK) != 0;
	set(f, module, DOCTOR_FOUND, built_in ? "built in" : "module");
	snprintf(path, sizeof(path), BTF "%s", built_in ? "vmlinux" : name);
	set_found(f, btf, access(path, F_OK) == 0);
}

/* Of the functions that a kernel with an event has for it, those sought. */
struct events {
	const char *names[2]; /* one of each module */
	enum doctor_check check;
	bool found[2];
};

/* Notes the event that @symbol, a name in kallsyms, belongs to. */
static void note_event(struct events *events, const char *symbol)
{
	static const char prefix[] = "__traceiter_";

	if (strncmp(symbol, prefix, sizeof(prefix) - 1) != 0)
		return;
	for (size_t i = 0; i < 2; i++) {
		if (strcmp(symbol + sizeof(prefix) - 1, events->names[i]) == 0)
			events->found[i] = true;
	}
}

static void set_events(struct doctor_facts *f, const struct events *events)
{
	char detail[96] = "";

	for (size_t i = 0; i < 2; i++) {
		if (!events->found[i] && !*detail)
			snprintf(detail, sizeof(detail), "no %s",
				 events->names[i]);
	}
	set(f, events->check, *detail ? DOCTOR_MISSING : DOCTOR_FOUND, detail);
}

/* Names are in kallsyms for everybody, addresses only for some: else 0. */
static void look_for_symbols(struct doctor_facts *f)
{
	struct events pools = { { "dm_pool_state", "dm_verity_pool_state" },
				CHECK_POOL_EVENTS,
				{ false } };
	struct events uses = { { "dm_pool_wait_state",
				 "dm_verity_pool_wait_state" },
			       CHECK_USE_EVENTS,
			       { false } };
	FILE *file = fopen("/proc/kallsyms", "re");
	unsigned long long address;
	char name[512];
	bool shown = false;

	if (!file) {
		set(f, CHECK_SYMBOLS, DOCTOR_UNKNOWN, strerror(errno));
		set(f, CHECK_POOL_EVENTS, DOCTOR_UNKNOWN, strerror(errno));
		set(f, CHECK_USE_EVENTS, DOCTOR_UNKNOWN, strerror(errno));
		return;
	}
	while (fscanf(file, "%llx %*c %511s%*[^\n]", &address, name) == 2) {
		shown = shown || address;
		note_event(&pools, name);
		note_event(&uses, name);
	}
	fclose(file);
	set(f, CHECK_SYMBOLS, shown ? DOCTOR_FOUND : DOCTOR_MISSING,
	    shown		     ? "" :
	    why_kptr_restrict() == 2 ? "kernel.kptr_restrict is 2" :
				       "");
	set_events(f, &pools);
	set_events(f, &uses);
}

static void look_for_tracefs(struct doctor_facts *f)
{
	if (access("/sys/kernel/tracing/events", F_OK) == 0)
		set(f, CHECK_TRACEFS, DOCTOR_FOUND, "");
	else if (errno == ENOENT)
		set(f, CHECK_TRACEFS, DOCTOR_MISSING, "not mounted");
	else
		set(f, CHECK_TRACEFS, DOCTOR_UNKNOWN, strerror(errno));
}

static void look_for_control(struct doctor_facts *f)
{
	int err = dm_source_control();

	if (!err && !dm_source_works())
		set(f, CHECK_DM_CONTROL, DOCTOR_MISSING,
		    "no /proc/devices or /proc/misc: mount -t proc proc /proc");
	else if (!err)
		set(f, CHECK_DM_CONTROL, DOCTOR_FOUND, "");
	else
		set(f, CHECK_DM_CONTROL,
		    err == -EACCES ? DOCTOR_MISSING : DOCTOR_UNKNOWN,
		    strerror(-err));
}

void facts_collect(struct doctor_facts *ret)
{
	struct utsname name;

	*ret = (struct doctor_facts){ .devices = MEMTOP_UNKNOWN };
	if (uname(&name) == 0)
		text_copy(ret->kernel, sizeof(ret->kernel), name.release);
	if (access("/sys/block", R_OK) == 0)
		ret->devices = sysfs_count_devices();
	look_for_bpf(ret);
	look_for_lockdown(ret);
	look_for_btf(ret);
	look_for_module(ret, "dm_mod", CHECK_DM, CHECK_BTF_DM);
	look_for_module(ret, "dm_verity", CHECK_VERITY, CHECK_BTF_VERITY);
	look_for_symbols(ret);
	look_for_tracefs(ret);
	look_for_control(ret);
	set_found(ret, CHECK_CAP_SYS_ADMIN,
		  capability_in_effect(CAP_SYS_ADMIN));
	set_found(ret, CHECK_CAP_BPF, capability_in_effect(CAP_BPF));
	set_found(ret, CHECK_CAP_PERFMON, capability_in_effect(CAP_PERFMON));
}
