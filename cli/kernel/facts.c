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

#include "base/array.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "kernel/dm_source.h"
#include "kernel/sysfs_source.h"
#include "kernel/why.h"
#include "sample/doctor_facts.h"
#include "sample/sample.h"
#include "system/capability.h"

#define BTF "/sys/kernel/btf/"
#define MODULE "/sys/module/"
#define KALLSYMS "/proc/kallsyms"

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
 * Asks about no object: a kernel with the system call detects that
 * (bpf_obj_get_info_by_fd(), kernel/bpf/syscall.c) before it checks privileges.
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

static bool is_built_in(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), MODULE "%s/refcnt", name);
	return access(path, F_OK) != 0;
}

/* The types of the module @name, as a whole file. Returns whether there are any. */
static bool read_btf(const char *name, struct strbuf *ret)
{
	char path[64], part[16384];
	FILE *file;
	size_t n;
	bool whole;

	snprintf(path, sizeof(path), BTF "%s",
		 is_built_in(name) ? "vmlinux" : name);
	file = fopen(path, "re");
	if (!file)
		return false;
	setvbuf(file, NULL, _IONBF, 0);
	while ((n = fread(part, 1, sizeof(part), file)))
		strbuf_add(ret, part, n);
	whole = !ferror(file) && ret->len;
	fclose(file);
	return whole;
}

/*
 * A built-in module has no refcnt (kernel/module/sysfs.c), and its types are
 * among the kernel's.
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
	built_in = is_built_in(name);
	set(f, module, DOCTOR_FOUND, built_in ? "built in" : "module");
	snprintf(path, sizeof(path), BTF "%s", built_in ? "vmlinux" : name);
	set_found(f, btf, access(path, F_OK) == 0);
}

/*
 * An event of dm and one of verity; if either is missing, the source lacks it. The
 * series has both in dm_mod, so both are sought in each module.
 */
struct events {
	const char *names[2];
	enum doctor_check check;
};

static const char *const event_modules[2] = { "dm_mod", "dm_verity" };

static const struct events all_events[] = {
	{ { "dm_pool_state", "dm_verity_pool_state" }, CHECK_POOL_EVENTS },
	{ { "dm_pool_wait_state", "dm_verity_pool_wait_state" },
	  CHECK_USE_EVENTS },
};

/* What of @all_events there is; 0 or -errno if that cannot be seen. */
struct found_events {
	bool found[ARRAY_SIZE(all_events)][2];
	int err;
};

static bool has_name(const struct strbuf *btf, const char *event)
{
	char name[64];
	/* with the ends of the name before and of its own */
	int len = snprintf(name, sizeof(name), "%cbtf_trace_%s", '\0', event);

	return memmem(btf->text, btf->len, name, (size_t)len + 1);
}

static void find_names(const struct strbuf *btf, struct found_events *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(all_events); i++) {
		for (size_t j = 0; j < 2; j++)
			ret->found[i][j] |=
				has_name(btf, all_events[i].names[j]);
	}
}

/*
 * A kernel that offers an event to BPF programs has a type for it, btf_trace_NAME
 * (include/trace/bpf_probe.h). To search the types of two modules costs a thousandth
 * of reading all symbols of the kernel. Returns whether both modules have types.
 */
static bool find_in_types(const struct doctor_facts *f,
			  struct found_events *ret)
{
	bool known = true;

	for (size_t i = 0; known && i < ARRAY_SIZE(event_modules); i++) {
		enum doctor_check btf = i ? CHECK_BTF_VERITY : CHECK_BTF_DM;
		enum doctor_check module = i ? CHECK_VERITY : CHECK_DM;
		struct strbuf text = { 0 };

		/* a module that is not loaded has no event */
		if (f->facts[module].state == DOCTOR_MISSING)
			continue;
		known = f->facts[btf].state == DOCTOR_FOUND &&
			read_btf(event_modules[i], &text);
		if (known)
			find_names(&text, ret);
		strbuf_release(&text);
	}
	return known;
}

/* Records the event to which @symbol, a name in kallsyms, belongs. */
static void note_event(struct found_events *ret, const char *symbol)
{
	static const char prefix[] = "__traceiter_";

	if (strncmp(symbol, prefix, sizeof(prefix) - 1) != 0)
		return;
	symbol += sizeof(prefix) - 1;
	for (size_t i = 0; i < ARRAY_SIZE(all_events); i++) {
		for (size_t j = 0; j < 2; j++)
			ret->found[i][j] |=
				strcmp(symbol, all_events[i].names[j]) == 0;
	}
}

/* The other way: all processes see names in kallsyms, only some see the addresses. */
static void find_in_symbols(struct found_events *ret)
{
	FILE *file = fopen(KALLSYMS, "re");
	char name[512];

	if (!file) {
		ret->err = -errno;
		return;
	}
	while (fscanf(file, "%*x %*c %511s%*[^\n]", name) == 1)
		note_event(ret, name);
	fclose(file);
}

static void look_for_events(struct doctor_facts *f)
{
	struct found_events events = { 0 };

	if (!find_in_types(f, &events))
		find_in_symbols(&events);
	for (size_t i = 0; i < ARRAY_SIZE(all_events); i++) {
		const struct events *e = &all_events[i];
		const bool *found = events.found[i];
		char detail[96] = "";

		if (!found[0] || !found[1])
			snprintf(detail, sizeof(detail), "no %s",
				 e->names[found[0]]);
		if (events.err)
			set(f, e->check, DOCTOR_UNKNOWN, strerror(-events.err));
		else
			set(f, e->check,
			    *detail ? DOCTOR_MISSING : DOCTOR_FOUND, detail);
	}
}

/* For those who may not see addresses all of them are 0; only the first few are always. */
static void look_for_symbols(struct doctor_facts *f)
{
	FILE *file = fopen(KALLSYMS, "re");
	unsigned long long address = 0;

	if (!file) {
		set(f, CHECK_SYMBOLS, DOCTOR_UNKNOWN, strerror(errno));
		return;
	}
	while (!address && fscanf(file, "%llx%*[^\n]", &address) == 1)
		;
	fclose(file);
	set(f, CHECK_SYMBOLS, address ? DOCTOR_FOUND : DOCTOR_MISSING,
	    address		     ? "" :
	    why_kptr_restrict() == 2 ? "kernel.kptr_restrict is 2" :
				       "");
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

	if (!err)
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
	look_for_events(ret);
	look_for_tracefs(ret);
	look_for_control(ret);
	set_found(ret, CHECK_CAP_SYS_ADMIN,
		  capability_in_effect(CAP_SYS_ADMIN));
	set_found(ret, CHECK_CAP_BPF, capability_in_effect(CAP_BPF));
	set_found(ret, CHECK_CAP_PERFMON, capability_in_effect(CAP_PERFMON));
}
