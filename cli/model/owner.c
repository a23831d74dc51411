// SPDX-License-Identifier: GPL-2.0-only
#include "model/owner.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/compare.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "model/backing.h"

/* How the group follows from the name of a device. */
enum grouping {
	GROUP_NONE, /* all devices of the kind are one group */
	GROUP_PATTERN, /* the rule's pattern */
	GROUP_VOLUME_GROUP, /* up to a single hyphen; two stand for one */
	GROUP_SNAPSHOTTER, /* up to "-snap-" */
};

/*
 * Who names devices so: lvm2 (build_dm_uuid()), cryptsetup (dm_prepare_uuid()), systemd
 * (dissect-image.c), multipath-tools, dmraid, Stratis, apexd, containerd, Docker. Whose
 * files are there: apexd, snapd, systemd, the container engines. A UUID's prefix is the
 * strongest evidence and a name alone the weakest, because any tool can choose it.
 */
/* clang-format off */
static const struct {
	const char *kind;
	const char *uuid; /* patterns; NULL: anything */
	const char *backing;
	const char *mount;
	const char *name;
	enum grouping grouping;
} rules[] = {
#define UUID(kind, uuid, grouping) \
	{ kind, uuid, NULL, NULL, NULL, grouping }
#define IN(kind, backing) \
	{ kind, NULL, backing, NULL, NULL, GROUP_NONE }
#define NAMED(kind, uuid, name, grouping) \
	{ kind, uuid, NULL, NULL, name, grouping }
#define APEX(backing) \
	{ "apex", NULL, backing, NULL, "com.android.*", GROUP_PATTERN }, \
	{ "apex", NULL, backing, NULL, "com.google.android.*", GROUP_PATTERN }, \
	IN("apex", backing)
	UUID("lvm", "LVM-*", GROUP_VOLUME_GROUP),
	UUID("luks", "CRYPT-LUKS[12]-*", GROUP_NONE),
	UUID("bitlocker", "CRYPT-BITLK-*", GROUP_NONE),
	UUID("veracrypt", "CRYPT-TCRYPT-*", GROUP_NONE),
	UUID("filevault", "CRYPT-FVAULT2-*", GROUP_NONE),
	UUID("plain crypt", "CRYPT-PLAIN-*", GROUP_NONE),
	UUID("integritysetup", "CRYPT-INTEGRITY-*", GROUP_NONE),
	UUID("multipath", "mpath-*", GROUP_NONE),
	UUID("multipath", "part[0-9]*-mpath-*", GROUP_NONE),
	UUID("dmraid", "DMRAID-*", GROUP_NONE),
	UUID("stratis", "stratis-1-*", GROUP_NONE),
	APEX("/data/apex/*"),
	APEX("/apex/*"),
	APEX("/system/apex/*"),
	APEX("*.apex"),
	APEX("*.capex"),
	IN("snap", "/var/lib/snapd/*"),
	IN("snap", "*.snap"),
	IN("sysext", "/var/lib/extensions/*"),
	IN("sysext", "/run/extensions/*"),
	IN("sysext", "/etc/extensions/*"),
	IN("confext", "/var/lib/confexts/*"),
	IN("confext", "/run/confexts/*"),
	IN("portable service", "/var/lib/portables/*"),
	IN("portable service", "/run/portables/*"),
	IN("portable service", "/etc/portables/*"),
	IN("machine", "/var/lib/machines/*"),
	IN("docker", "/var/lib/docker/*"),
	IN("containerd", "/var/lib/containerd/*"),
	IN("containerd", "/run/containerd/*"),
	IN("containers", "/var/lib/containers/*"),
	IN("containers", "/run/containers/*"),
	IN("containers", "*/.local/share/containers/*"),
	/* the system's own image: Flatcar, Bottlerocket, ChromiumOS */
	{ "system image", "CRYPT-VERITY-*", NULL, "/", NULL, GROUP_NONE },
	{ "system image", "CRYPT-VERITY-*", NULL, "/usr", NULL, GROUP_NONE },
	{ "system image", NULL, NULL, "/", "root", GROUP_NONE },
	{ "system image", NULL, NULL, "/", "vroot", GROUP_NONE },
	{ "system image", NULL, NULL, "/usr", "usr", GROUP_NONE },
	/* images for RootImage=, portable services, sysext and confext */
	NAMED("systemd image", "CRYPT-VERITY-*", "*-verity", GROUP_NONE),
	UUID("veritysetup", "CRYPT-VERITY-*", GROUP_NONE),
	NAMED("apex", NULL, "com.android.*", GROUP_PATTERN),
	NAMED("apex", NULL, "com.google.android.*", GROUP_PATTERN),
	NAMED("docker", NULL, "docker-[0-9]*:[0-9]*-[0-9]*-*", GROUP_NONE),
	NAMED("containerd", NULL, "*-snap-[0-9]*", GROUP_SNAPSHOTTER),
#undef UUID
#undef IN
#undef NAMED
#undef APEX
};
/* clang-format on */

/* fnmatch() alone would cost thousands of instructions for each rule. */
static bool matches(const char *pattern, const char *text)
{
	size_t plain = pattern ? strcspn(pattern, "*?[\\") : 0;

	return !pattern || (strncmp(pattern, text, plain) == 0 &&
			    fnmatch(pattern + plain, text + plain, 0) == 0);
}

/* A device, and what the rules can ask of it. */
struct subject {
	const struct sample_device *device;
	char *paths[BACKING_MOST]; /* owned; of its files */
	size_t nr_paths;
	const struct sample_block *block; /* its mounts; NULL: none */
};

static void subject_make(const struct sample *s,
			 const struct sample_device *device,
			 struct subject *ret)
{
	struct backing backing;

	backing_find(s, device, &backing);
	ret->device = device;
	ret->block = sample_find_block(s, device->dev);
	ret->nr_paths = 0;
	for (size_t i = 0; i < backing.nr; i++) {
		const char *path = backing.loops[i]->backing;
		char *copy = xstrdup(path);

		copy[backing_path_len(path)] = '\0';
		ret->paths[ret->nr_paths++] = copy;
	}
}

static bool has_path(const struct subject *subject, const char *pattern)
{
	for (size_t i = 0; pattern && i < subject->nr_paths; i++) {
		if (matches(pattern, subject->paths[i]))
			return true;
	}
	return !pattern;
}

static bool has_mount(const struct subject *subject, const char *pattern)
{
	for (size_t i = 0;
	     pattern && subject->block && i < subject->block->nr_mounts; i++) {
		if (matches(pattern, subject->block->mounts[i].point))
			return true;
	}
	return !pattern;
}

static bool is_of_rule(const struct subject *subject, size_t rule)
{
	return matches(rules[rule].uuid, subject->device->uuid) &&
	       matches(rules[rule].name, subject->device->name) &&
	       has_path(subject, rules[rule].backing) &&
	       has_mount(subject, rules[rule].mount);
}

/* The name of an LVM volume: "vg--a-lv" is lv in vg-a. */
static void volume_group_of(const char *name, char *to)
{
	for (; *name; name++) {
		if (*name == '-' && *++name != '-')
			break;
		*to++ = *name;
	}
	*to = '\0';
}

static void snapshotter_of(const char *name, char *to)
{
	const char *at = name, *last = name;

	while ((at = strstr(at, "-snap-")))
		last = at++;
	memcpy(to, name, (size_t)(last - name));
	to[last - name] = '\0';
}

static void fill_owner(const struct sample_device *device, size_t rule,
		       struct owner *ret)
{
	ret->kind = rules[rule].kind;
	ret->uuid = rules[rule].uuid;
	ret->backing = rules[rule].backing;
	ret->mount = rules[rule].mount;
	ret->name = rules[rule].name;
	switch (rules[rule].grouping) {
	case GROUP_NONE:
		break;
	case GROUP_PATTERN:
		text_copy(ret->group, sizeof(ret->group), rules[rule].name);
		break;
	case GROUP_VOLUME_GROUP:
		volume_group_of(device->name, ret->group);
		break;
	case GROUP_SNAPSHOTTER:
		snapshotter_of(device->name, ret->group);
		break;
	}
}

bool owner_find(const struct sample *s, const struct sample_device *device,
		struct owner *ret)
{
	struct subject subject;
	size_t rule = 0;

	*ret = (struct owner){ 0 };
	subject_make(s, device, &subject);
	while (rule < ARRAY_SIZE(rules) && !is_of_rule(&subject, rule))
		rule++;
	if (rule < ARRAY_SIZE(rules))
		fill_owner(device, rule, ret);
	for (size_t i = 0; i < subject.nr_paths; i++)
		free(subject.paths[i]);
	return rule < ARRAY_SIZE(rules);
}

int owner_compare(const struct owner *a, const struct owner *b)
{
	int order = strcmp(a->kind, b->kind);

	return order ? order : strcmp(a->group, b->group);
}

void owner_add_name(struct strbuf *sb, const struct owner *owner)
{
	strbuf_addf(sb, "%s%s%s", owner->kind, *owner->group ? " " : "",
		    owner->group);
}

void owner_add_evidence(struct strbuf *sb, const struct owner *owner)
{
	const struct {
		const char *what;
		const char *pattern;
	} parts[] = {
		{ "uuid", owner->uuid },
		{ "backing", owner->backing },
		{ "mount", owner->mount },
		{ "name", owner->name },
	};
	const char *before = "";

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (!parts[i].pattern)
			continue;
		strbuf_addf(sb, "%s%s %s", before, parts[i].what,
			    parts[i].pattern);
		before = ", ";
	}
}

/* ---- groups --------------------------------------------------------------------- */

struct owned {
	struct owner owner;
	const struct snap_entry *entry;
};

/* Without an owner last. */
static int compare_owners(const struct owner *a, const struct owner *b)
{
	if (!a->kind || !b->kind)
		return (!a->kind) - (!b->kind);
	return owner_compare(a, b);
}

static int compare_owned(const void *pa, const void *pb)
{
	const struct owned *a = pa, *b = pb;
	int order = compare_owners(&a->owner, &b->owner);

	return order ? order : compare_addresses(a->entry, b->entry);
}

static int compare_groups(const void *pa, const void *pb)
{
	const struct owner_group *a = pa, *b = pb;
	uint64_t size_a = a->sums.reserved.least;
	uint64_t size_b = b->sums.reserved.least;

	if (a->owner.kind && b->owner.kind && size_a != size_b)
		return size_a < size_b ? 1 : -1;
	return compare_owners(&a->owner, &b->owner);
}

/* Sorted by owner; pools without a device have none. */
static struct owned *list_owned(const struct snap_selection *sel)
{
	struct owned *all = xcalloc(sel->nr, sizeof(*all));

	for (size_t i = 0; i < sel->nr; i++) {
		all[i].entry = sel->entries[i];
		if (sel->entries[i]->device)
			owner_find(sel->entries[i]->sample,
				   sel->entries[i]->device, &all[i].owner);
	}
	if (sel->nr)
		qsort(all, sel->nr, sizeof(*all), compare_owned);
	return all;
}

struct owner_group *owner_list_groups(const struct snapshot *snap,
				      const struct snap_selection *sel,
				      size_t *ret_nr)
{
	struct owner_group *groups = xcalloc(sel->nr, sizeof(*groups));
	size_t *seen = xcalloc(snap->nr_pools, sizeof(*seen));
	const struct snap_entry **entries = xcalloc(sel->nr, sizeof(*entries));
	struct owned *all = list_owned(sel);
	size_t nr = 0, end;

	for (size_t at = 0; at < sel->nr; at = end) {
		struct owner_group *group = &groups[nr++];

		group->owner = all[at].owner;
		for (end = at;
		     end < sel->nr &&
		     compare_owners(&all[end].owner, &group->owner) == 0;
		     end++)
			entries[end - at] = all[end].entry;
		snap_sum_entries(entries, end - at, seen, nr, &group->sums,
				 &group->count);
	}
	if (nr)
		qsort(groups, nr, sizeof(*groups), compare_groups);
	free(all);
	free(entries);
	free(seen);
	*ret_nr = nr;
	return groups;
}
