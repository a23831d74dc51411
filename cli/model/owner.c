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

/* How the group follows from the name of a device. */
enum grouping {
	GROUP_NONE, /* all devices of the kind are one group */
	GROUP_PATTERN, /* the rule's pattern */
	GROUP_VOLUME_GROUP, /* up to a single hyphen; two stand for one */
	GROUP_SNAPSHOTTER, /* up to "-snap-" */
};

/*
 * Who names devices so: lvm2 (build_dm_uuid()), cryptsetup (dm_prepare_uuid()), systemd
 * (dissect-image.c), multipath-tools, dmraid, Stratis, apexd, containerd, Docker.
 */
static const struct {
	const char *kind;
	const char *uuid; /* patterns; NULL: anything */
	const char *name;
	enum grouping grouping;
} rules[] = {
	{ "lvm", "LVM-*", NULL, GROUP_VOLUME_GROUP },
	{ "luks", "CRYPT-LUKS[12]-*", NULL, GROUP_NONE },
	{ "bitlocker", "CRYPT-BITLK-*", NULL, GROUP_NONE },
	{ "veracrypt", "CRYPT-TCRYPT-*", NULL, GROUP_NONE },
	{ "filevault", "CRYPT-FVAULT2-*", NULL, GROUP_NONE },
	{ "plain crypt", "CRYPT-PLAIN-*", NULL, GROUP_NONE },
	{ "integritysetup", "CRYPT-INTEGRITY-*", NULL, GROUP_NONE },
	/* images for RootImage=, portable services, sysext and confext */
	{ "systemd image", "CRYPT-VERITY-*", "*-verity", GROUP_NONE },
	{ "veritysetup", "CRYPT-VERITY-*", NULL, GROUP_NONE },
	{ "multipath", "mpath-*", NULL, GROUP_NONE },
	{ "multipath", "part[0-9]*-mpath-*", NULL, GROUP_NONE },
	{ "dmraid", "DMRAID-*", NULL, GROUP_NONE },
	{ "stratis", "stratis-1-*", NULL, GROUP_NONE },
	{ "apex", NULL, "com.android.*", GROUP_PATTERN },
	{ "apex", NULL, "com.google.android.*", GROUP_PATTERN },
	{ "docker", NULL, "docker-[0-9]*:[0-9]*-[0-9]*-*", GROUP_NONE },
	{ "containerd", NULL, "*-snap-[0-9]*", GROUP_SNAPSHOTTER },
};

/* fnmatch() alone would cost thousands of instructions for each rule. */
static bool matches(const char *pattern, const char *text)
{
	size_t plain = pattern ? strcspn(pattern, "*?[\\") : 0;

	return !pattern || (strncmp(pattern, text, plain) == 0 &&
			    fnmatch(pattern + plain, text + plain, 0) == 0);
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

bool owner_find(const struct sample_device *device, struct owner *ret)
{
	*ret = (struct owner){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		if (!matches(rules[i].uuid, device->uuid) ||
		    !matches(rules[i].name, device->name))
			continue;
		ret->kind = rules[i].kind;
		ret->uuid = rules[i].uuid;
		ret->name = rules[i].name;
		switch (rules[i].grouping) {
		case GROUP_NONE:
			break;
		case GROUP_PATTERN:
			text_copy(ret->group, sizeof(ret->group),
				  rules[i].name);
			break;
		case GROUP_VOLUME_GROUP:
			volume_group_of(device->name, ret->group);
			break;
		case GROUP_SNAPSHOTTER:
			snapshotter_of(device->name, ret->group);
			break;
		}
		return true;
	}
	return false;
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
	if (owner->uuid)
		strbuf_addf(sb, "uuid %s", owner->uuid);
	if (owner->name)
		strbuf_addf(sb, "%sname %s", owner->uuid ? ", " : "",
			    owner->name);
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
			owner_find(sel->entries[i]->device, &all[i].owner);
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
