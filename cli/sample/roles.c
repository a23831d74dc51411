// SPDX-License-Identifier: GPL-2.0-only
#include "sample/roles.h"

#include <string.h>

#include "base/array.h"

static const struct {
	const char *client;
	enum role_group group;
} clients[] = {
	{ "core", ROLE_CORE },	    { "recheck", ROLE_RECHECK },
	{ "hash", ROLE_HASH },	    { "fec", ROLE_FEC },
	{ "fec_parity", ROLE_FEC }, { "fec_data", ROLE_FEC },
};

/* In the order in which a request meets them. */
/* clang-format off */
static const char *const known[] = {
	"core.io", "core.clone", "core.io.bip", "core.io.bvec",
	"core.clone.bip", "core.clone.bvec",
	"recheck.page", "recheck.io", "recheck.bio", "recheck.bvec",
	"hash.buffer", "hash.io", "hash.bio", "hash.bvec",
	"fec.fio", "fec.rs", "fec.prealloc", "fec.extra", "fec.output",
	"fec_parity.buffer", "fec_parity.io", "fec_parity.bio",
	"fec_parity.bvec",
	"fec_data.buffer", "fec_data.io", "fec_data.bio", "fec_data.bvec",
	"other.io", "other.bio", "other.bvec",
};
/* clang-format on */

enum role_group role_group(const char *role)
{
	size_t len = strcspn(role, "."), i;

	for (i = 0; i < ARRAY_SIZE(clients); i++) {
		if (strlen(clients[i].client) == len &&
		    strncmp(role, clients[i].client, len) == 0)
			return clients[i].group;
	}
	return ROLE_OTHER;
}

bool role_has_kind(const char *role, const char *kind)
{
	const char *dot = strrchr(role, '.');

	return dot && strcmp(dot + 1, kind) == 0;
}

bool role_is_biovec(const char *role)
{
	return role_has_kind(role, "bvec");
}

unsigned int role_rank(const char *role)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcmp(role, known[i]) == 0)
			break;
	}
	return i;
}
