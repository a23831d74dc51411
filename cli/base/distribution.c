// SPDX-License-Identifier: GPL-2.0-only
#include "base/distribution.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/array.h"

const char *const distribution_names[NR_DISTRIBUTIONS] = {
	[DISTRIBUTION_OTHER] = "other",
	[DISTRIBUTION_DEBIAN] = "debian",
	[DISTRIBUTION_FEDORA] = "fedora",
	[DISTRIBUTION_OSTREE] = "ostree",
	[DISTRIBUTION_FLATCAR] = "flatcar",
	[DISTRIBUTION_BOTTLEROCKET] = "bottlerocket",
	[DISTRIBUTION_ANDROID] = "android",
};

/* As ID and ID_LIKE of os-release(5) have them. */
static const struct {
	const char *id;
	enum distribution is;
} ids[] = {
	{ "flatcar", DISTRIBUTION_FLATCAR },
	{ "bottlerocket", DISTRIBUTION_BOTTLEROCKET },
	{ "debian", DISTRIBUTION_DEBIAN },
	{ "ubuntu", DISTRIBUTION_DEBIAN },
	{ "fedora", DISTRIBUTION_FEDORA },
	{ "rhel", DISTRIBUTION_FEDORA },
	{ "centos", DISTRIBUTION_FEDORA },
};

/* The kind that one of the @len characters' words at @words names. */
static enum distribution find_word(const char *words, size_t len)
{
	static const char blanks[] = " \t\r\"'";
	const char *const end = words + len;

	while (words < end) {
		size_t word = strcspn(words, " \t\r\n\"'");

		for (size_t i = 0; word && i < ARRAY_SIZE(ids); i++) {
			if (strlen(ids[i].id) == word &&
			    strncmp(ids[i].id, words, word) == 0)
				return ids[i].is;
		}
		words += word;
		words += strspn(words, blanks);
	}
	return DISTRIBUTION_OTHER;
}

static enum distribution find_in(const char *text, const char *key)
{
	const size_t len = strlen(key);

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		if (strncmp(text, key, len) == 0)
			return find_word(text + len, strcspn(text, "\n") - len);
	}
	return DISTRIBUTION_OTHER;
}

enum distribution distribution_of(const char *text)
{
	enum distribution found = find_in(text, "ID=");

	return found ? found : find_in(text, "ID_LIKE=");
}
