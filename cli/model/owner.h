/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The software that made a device, derived from its UUID, the file that it is on, where
 * it is mounted, or its name. Each rule is a row of one table.
 */
#ifndef MEMTOP_MODEL_OWNER_H
#define MEMTOP_MODEL_OWNER_H

#include <stdbool.h>

#include "model/snapshot.h"
#include "sample/sample.h"

struct strbuf;

struct owner {
	const char *kind; /* "lvm" */
	char group[SAMPLE_NAME_LEN]; /* which one of its kind; "": they are one */
	const char *uuid; /* the patterns that matched; NULL: not of the rule */
	const char *backing;
	const char *mount;
	const char *name;
};

/* Whether a rule matches @device, one of @s; the first one counts. */
bool owner_find(const struct sample *s, const struct sample_device *device,
		struct owner *ret);

/* By kind, then by group. */
int owner_compare(const struct owner *a, const struct owner *b);

/* "lvm vg0" */
void owner_add_name(struct strbuf *sb, const struct owner *owner);

/* "uuid CRYPT-VERITY-*, name *-verity" */
void owner_add_evidence(struct strbuf *sb, const struct owner *owner);

/* The shown devices of one owner. */
struct owner_group {
	struct owner owner; /* .kind is NULL: no rule matches these devices */
	struct snap_count count;
	struct snap_sums sums;
};

/*
 * The devices of @sel by owner: those with most bytes in reserve first, those without
 * an owner last. The caller frees the list.
 */
struct owner_group *owner_list_groups(const struct snapshot *snap,
				      const struct snap_selection *sel,
				      size_t *ret_nr);

#endif
