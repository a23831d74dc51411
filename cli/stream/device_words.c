// SPDX-License-Identifier: GPL-2.0-only
#include "stream/device_words.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "model/snapshot.h"
#include "options/options.h"
#include "stream/device_path.h"

/* Limit of suggested names. */
#define MOST_NEAR 3

void device_words_resolve(const struct options *options,
			  struct device_args *ret)
{
	const struct word_list *words = &options->arguments;

	*ret = (struct device_args){ 0 };
	ret->args = xcalloc(words->nr, sizeof(*ret->args));
	for (; ret->nr < words->nr; ret->nr++) {
		const char *word = words->words[ret->nr];

		if (options->replay)
			ret->args[ret->nr] =
				(struct device_arg){ .word = word };
		else
			device_path_resolve("", word, &ret->args[ret->nr]);
	}
}

int device_words_find_on(const struct options *options,
			 struct sample_devno **ret, size_t *ret_nr)
{
	const struct word_list *files = &options->on_files;
	int failed = 0;

	*ret = xcalloc(files->nr, sizeof(**ret));
	*ret_nr = 0;
	for (size_t i = 0; i < files->nr; i++) {
		struct file_place place;
		int err = device_path_place(files->words[i], &place);

		if (err)
			msg_error("--on: cannot find '%s': %s", files->words[i],
				  strerror(-err));
		else if (!place.dev_known)
			msg_error(
				"--on: '%s' is on a file system of type %s, which has no block device of its own",
				files->words[i],
				*place.type ? place.type : "unknown");
		else
			(*ret)[(*ret_nr)++] = place.dev;
		if (err || !place.dev_known)
			failed = -ENOENT;
	}
	return failed;
}

/*
 * The part of a path that can be a name: "VG-LV" of /dev/VG/LV, otherwise its
 * last part.
 */
static void add_wanted(struct strbuf *sb, const char *word)
{
	const char *last = strrchr(word, '/');
	const char *volume;

	if (!last) {
		strbuf_addstr(sb, word);
		return;
	}
	volume = strncmp(word, "/dev/", 5) == 0 ? word + 5 : word;
	if (strncmp(volume, "mapper/", 7) != 0 && volume < last &&
	    memchr(volume, '/', last - volume) == NULL) {
		strbuf_add(sb, volume, last - volume);
		strbuf_addstr(sb, "-");
	}
	strbuf_addstr(sb, last + 1);
}

struct near_names {
	struct text_nearest names[MOST_NEAR]; /* the most similar first */
	size_t nr;
};

static bool has_name(const struct near_names *near, const char *name)
{
	for (size_t i = 0; i < near->nr; i++) {
		if (strcmp(near->names[i].best, name) == 0)
			return true;
	}
	return false;
}

static void offer(struct near_names *near, const char *word, const char *name)
{
	struct text_nearest next = { .word = word };

	text_nearest_offer(&next, name);
	if (!next.best || has_name(near, name))
		return;
	for (size_t i = 0; i < near->nr; i++) {
		struct text_nearest at = near->names[i];

		if (next.distance >= at.distance)
			continue;
		near->names[i] = next;
		next = at;
	}
	if (near->nr < MOST_NEAR)
		near->names[near->nr++] = next;
}

static void add_near(struct strbuf *sb, const char *word,
		     const struct snapshot *snap)
{
	struct strbuf wanted = { 0 };
	struct near_names near = { 0 };

	add_wanted(&wanted, word);
	for (size_t i = 0; i < snap->nr_entries; i++) {
		const struct sample_device *device = snap->entries[i].device;

		if (!device)
			continue;
		offer(&near, strbuf_text(&wanted), device->name);
		if (*device->uuid)
			offer(&near, word, device->uuid);
	}
	for (size_t i = 0; i < near.nr; i++)
		strbuf_addf(sb, "%s'%s'",
			    !i		     ? "; did you mean " :
			    i + 1 == near.nr ? " or " :
					       ", ",
			    near.names[i].best);
	if (near.nr)
		strbuf_addstr(sb, "?");
	strbuf_release(&wanted);
}

/* Adds the type of the file instead, or the reason why it is unknown. */
static void add_why(struct strbuf *sb, const struct device_arg *arg)
{
	const char *what = arg->nr_devs ? "it is the block device" :
					  "it is on the block device";
	struct sample_devno dev = arg->nr_devs ? arg->devs[0] : arg->holder;

	if (arg->err)
		strbuf_addf(sb, ": %s", strerror(-arg->err));
	else if (arg->nr_devs || arg->holder_known)
		strbuf_addf(sb,
			    ": %s %" PRIu32 ":%" PRIu32
			    ", and none is built on that",
			    what, dev.major, dev.minor);
}

size_t device_words_missing(const struct device_args *args,
			    const struct snapshot *snap, bool replay)
{
	size_t missing = 0;

	for (size_t i = 0; i < args->nr; i++) {
		const struct device_arg *arg = &args->args[i];
		struct strbuf more = { 0 };

		if (snapshot_rank(snap, arg) != DEVICE_ARG_NONE)
			continue;
		add_why(&more, arg);
		add_near(&more, arg->word, snap);
		msg_error("no device-mapper device '%s'%s%s", arg->word,
			  replay ? " in the recording" : "",
			  strbuf_text(&more));
		strbuf_release(&more);
		missing++;
	}
	return missing;
}
