// SPDX-License-Identifier: GPL-2.0-only
#include "model/device_arg.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"

/* dm's minors, MINORBITS of <linux/kdev_t.h>. */
#define MAX_MINOR ((1U << 20) - 1)

/* From the most specific way of naming a device to the least. */
enum rank {
	RANK_NAME,
	RANK_MANGLED, /* a name with bytes as \xNN */
	RANK_UUID, /* unchanged, or the UUID in it, in other tools' form */
	RANK_NUMBER, /* "254:3", "dm-3" */
	RANK_PATH, /* by its text: /dev/mapper/NAME, /dev/dm-3, VG/LV */
	RANK_DEVICE, /* the block device that the path leads to */
	RANK_ABOVE, /* devices built on that */
	RANK_HOLDER, /* the device of the file system of the path */
	RANK_ABOVE_HOLDER,
	RANK_UUID_BEGIN, /* LVM-, CRYPT-LUKS2-0123 */
	RANK_GLOB, /* on the name or the UUID */
};

void device_args_release(struct device_args *args)
{
	for (size_t i = 0; i < args->nr; i++)
		free(args->args[i].devs);
	free(args->args);
	*args = (struct device_args){ 0 };
}

static const char *skip_prefix(const char *s, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(s, prefix, len) == 0 ? s + len : NULL;
}

static bool same_dev(struct sample_devno a, struct sample_devno b)
{
	return a.major == b.major && a.minor == b.minor;
}

/* "dm-3": dm uses its minor number as the disk's number. */
static bool is_disk(const char *word, struct sample_devno dev)
{
	const char *digits = skip_prefix(word, "dm-");
	uint64_t minor;

	return digits && text_to_u64(digits, 0, MAX_MINOR, &minor) == 0 &&
	       dev.minor == minor;
}

static bool is_number(const char *word, struct sample_devno dev)
{
	struct sample_devno number;

	return is_disk(word, dev) ||
	       (sample_parse_devno(word, &number) && same_dev(number, dev));
}

static unsigned int hex_digit(char c)
{
	return isdigit((unsigned char)c) ?
		       (unsigned int)(c - '0') :
		       (unsigned int)(tolower(c) - 'a') + 10;
}

/* The byte that @s begins with, which may be escaped in libdevmapper's way. */
static char next_byte(const char **s)
{
	const char *at = *s;

	if (at[0] == '\\' && at[1] == 'x' && isxdigit((unsigned char)at[2]) &&
	    isxdigit((unsigned char)at[3])) {
		*s += 4;
		return (char)(hex_digit(at[2]) << 4 | hex_digit(at[3]));
	}
	(*s)++;
	return *at;
}

bool device_name_is(const char *a, const char *b)
{
	while (*a && *b) {
		if (next_byte(&a) != next_byte(&b))
			return false;
	}
	return !*a && !*b;
}

bool device_name_matches(const char *name, const char *glob)
{
	struct strbuf plain = { 0 };
	bool matches = fnmatch(glob, name, 0) == 0;

	if (matches || !strstr(glob, "\\x"))
		return matches;
	while (*glob) {
		const char *next = glob;
		const char byte = next_byte(&next);

		/* as a literal character of the pattern */
		if (next > glob + 1)
			strbuf_addf(&plain, "\\%c", byte);
		else
			strbuf_add(&plain, glob, 1);
		glob = next;
	}
	matches = fnmatch(strbuf_text(&plain), name, 0) == 0;
	strbuf_release(&plain);
	return matches;
}

/*
 * "VG/LV" has the device name "VG-LV", with the hyphens in VG and LV doubled.
 */
static bool is_volume(const char *word, const char *name)
{
	const char *slash = strchr(word, '/');

	if (!slash || slash == word || !slash[1] || strchr(slash + 1, '/'))
		return false;
	for (; *word; word++) {
		if (*name++ != (*word == '/' ? '-' : *word))
			return false;
		if (*word == '-' && *name++ != '-')
			return false;
	}
	return !*name;
}

/* By the text of a path, because another machine's paths cannot be resolved. */
static bool is_path(const char *word, struct sample_devno dev,
		    const struct sample_device *device)
{
	const char *name = device ? device->name : NULL;
	const char *rest;

	if (name && is_volume(word, name))
		return true;
	rest = skip_prefix(word, "/dev/");
	if (!rest)
		return skip_prefix(word, "/sys") &&
		       is_number(strrchr(word, '/') + 1, dev);
	if (name && is_volume(rest, name))
		return true;
	if (skip_prefix(rest, "block/"))
		rest += strlen("block/");
	if (is_number(rest, dev))
		return true;
	rest = skip_prefix(rest, "mapper/");
	return rest && name && device_name_is(rest, name);
}

static bool is_above(const struct sample_device *device,
		     struct sample_devno dev)
{
	for (size_t i = 0; device && i < device->nr_lower; i++) {
		if (same_dev(device->lower[i], dev))
			return true;
	}
	return false;
}

/* The hexadecimal digits of a UUID; LVM's have as many characters. */
#define UUID_LENGTH 32
/* A shorter beginning of a UUID is ambiguous. */
#define UUID_LEAST 4

/*
 * Whether @word is the UUID of a volume in the form of lvs and blkid: LVM and
 * cryptsetup put it into the device's UUID without hyphens, LVM after the
 * group's.
 */
static bool is_uuid_in(const char *word, const char *uuid)
{
	char plain[UUID_LENGTH + 1];
	const char *at;
	size_t len = 0;

	for (; *word && len <= UUID_LENGTH; word++) {
		if (*word != '-')
			plain[len++] = *word;
	}
	if (*word || len != UUID_LENGTH)
		return false;
	plain[len] = '\0';
	at = strstr(uuid, plain);
	/* the group's UUID is in that of each of its volumes */
	return at && (!at[len] || at[len] == '-');
}

static bool is_uuid(const char *word, const char *uuid)
{
	return *word && (strcmp(uuid, word) == 0 || is_uuid_in(word, uuid));
}

static bool begins_uuid(const char *word, const char *uuid)
{
	return strlen(word) >= UUID_LEAST && skip_prefix(uuid, word);
}

static bool is_glob(const char *word)
{
	return word[strcspn(word, "*?[")] != '\0';
}

/* Compares with the devices found at the path. */
static unsigned int rank_found(const struct device_arg *arg,
			       struct sample_devno dev,
			       const struct sample_device *device)
{
	unsigned int rank = DEVICE_ARG_NONE;

	for (size_t i = 0; i < arg->nr_devs; i++) {
		if (same_dev(arg->devs[i], dev))
			return RANK_DEVICE;
		if (is_above(device, arg->devs[i]))
			rank = RANK_ABOVE;
	}
	if (rank != DEVICE_ARG_NONE || !arg->holder_known)
		return rank;
	if (same_dev(arg->holder, dev))
		return RANK_HOLDER;
	return is_above(device, arg->holder) ? RANK_ABOVE_HOLDER : rank;
}

unsigned int device_arg_rank(const struct device_arg *arg,
			     struct sample_devno dev,
			     const struct sample_device *device)
{
	const char *word = arg->word;
	struct sample_devno number;
	unsigned int rank;

	if (device && strcmp(device->name, word) == 0)
		return RANK_NAME;
	if (device && device_name_is(device->name, word))
		return RANK_MANGLED;
	if (device && is_uuid(word, device->uuid))
		return RANK_UUID;
	if (is_number(word, dev))
		return RANK_NUMBER;
	if (is_path(word, dev, device))
		return RANK_PATH;
	rank = rank_found(arg, dev, device);
	if (rank != DEVICE_ARG_NONE)
		return rank;
	/* in a recording, too, a number can be that of a device below */
	if (sample_parse_devno(word, &number) && is_above(device, number))
		return RANK_ABOVE;
	if (device && begins_uuid(word, device->uuid))
		return RANK_UUID_BEGIN;
	return device && is_glob(word) &&
			       (device_name_matches(device->name, word) ||
				fnmatch(word, device->uuid, 0) == 0) ?
		       RANK_GLOB :
		       DEVICE_ARG_NONE;
}
