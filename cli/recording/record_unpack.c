// SPDX-License-Identifier: GPL-2.0-only
#include "recording/record_unpack.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "recording/record.h"
#include "recording/record_chunk.h"
#include "recording/record_decode.h"
#include "recording/record_tree.h"
#include "recording/record_wire.h"
#include "system/zstd.h"

/* Memory limit of a part: ROOM, and ROOM_RATIO for each of its bytes in the file. */
#define ROOM (4U << 20)
#define ROOM_RATIO 4096U
/* Limit of the memory that is allocated ahead for bytes that were not read yet. */
#define STEP (64U << 10)
/*
 * Limit of the bytes read for damaged chunks. Beyond it, their length is trusted;
 * otherwise reading a file of nested false chunks could take hours.
 */
#define IN_VAIN (64U << 20)
#define TOOL_VERSION 256

/* A damaged place, and the samples that it makes unusable. */
struct damage {
	bool any;
	bool cut; /* the file ends inside a chunk */
	const char *name;
	uint64_t at; /* in that file */
	uint32_t part; /* of unusable samples; 0: none was found */
	uint32_t first; /* number of the first such sample */
	uint32_t last;
};

struct unpacker {
	FILE *file;
	const char *name;
	unpack_next_file next_file;
	void *from;
	char *bytes; /* owned; read and not used yet: from @at to @end */
	size_t at;
	size_t end;
	size_t room;
	uint64_t offset; /* of bytes[at] in the file */
	uint64_t in_vain;
	bool sure; /* known to be a compact recording, even if damaged */
	bool found; /* .next is valid: the chunk at @at */
	struct chunk next;
	uint64_t next_shown; /* the number that users see for it */
	/* The newest sample and its position. */
	struct zstd *zstd; /* owned; NULL: not needed so far */
	char *raw; /* owned */
	size_t raw_room;
	struct record_shape *shape; /* owned */
	struct sample sample; /* owned */
	bool intact; /* changes can be applied to it */
	uint32_t part;
	uint32_t number;
	uint64_t shown; /* the number that users see, which only grows */
	uint64_t restarts;
	size_t left; /* memory that the part may still take */
	struct damage damage;
};

/* ---- bytes ----------------------------------------------------------------- */

/* Reads until @nr bytes are available; returns their number, less at the end. */
static size_t fill(struct unpacker *u, size_t nr)
{
	while (u->end - u->at < nr) {
		size_t wanted = nr - (u->end - u->at), got;

		if (wanted > STEP && wanted > u->end - u->at)
			wanted = u->end - u->at > STEP ? u->end - u->at : STEP;
		if (u->at) {
			memmove(u->bytes, u->bytes + u->at, u->end - u->at);
			u->end -= u->at;
			u->at = 0;
		}
		if (u->end + wanted > u->room) {
			u->room = 2 * (u->end + wanted);
			u->bytes = xreallocarray(u->bytes, u->room, 1);
		}
		got = fread(u->bytes + u->end, 1, wanted, u->file);
		u->end += got;
		if (got < wanted)
			break;
	}
	return u->end - u->at < nr ? u->end - u->at : nr;
}

static void drop(struct unpacker *u, size_t nr)
{
	u->at += nr;
	u->offset += nr;
}

/* Skips to the next byte that can begin a chunk. */
static void skip(struct unpacker *u)
{
	const char *next;

	drop(u, 1);
	next = memchr(u->bytes + u->at, 0x93, u->end - u->at);
	drop(u, next ? (size_t)(next - (u->bytes + u->at)) : u->end - u->at);
}

static int fail_here(const struct unpacker *u, const char *problem)
{
	msg_error("%s: byte %" PRIu64 ": %s", u->name, u->offset + 1, problem);
	return -EINVAL;
}

/* ---- damage ---------------------------------------------------------------- */

static void note_damage(struct unpacker *u, bool cut)
{
	if (u->damage.any)
		return;
	u->damage = (struct damage){
		.any = true, .cut = cut, .name = u->name, .at = u->offset
	};
	u->intact = false;
}

/* Notes a sample that is unusable because its part is damaged before it. */
static void note_lost(struct unpacker *u, const struct chunk *chunk)
{
	note_damage(u, false);
	u->damage.cut = false;
	if (!u->damage.part) {
		u->damage.part = chunk->part;
		u->damage.first = chunk->number;
	}
	u->damage.last = chunk->number;
}

/* Warns of the samples from @first to @last, as users number them. */
static void say_missing(const struct damage *d, uint32_t part, uint64_t first,
			uint64_t last)
{
	if (last < first)
		msg_warning("%s: part %" PRIu32 " is damaged at byte %" PRIu64
			    ": no sample is missing",
			    d->name, part, d->at + 1);
	else if (last == first)
		msg_warning("%s: part %" PRIu32 " is damaged at byte %" PRIu64
			    ": sample %" PRIu64 " is missing",
			    d->name, part, d->at + 1, first);
	else
		msg_warning("%s: part %" PRIu32 " is damaged at byte %" PRIu64
			    ": %" PRIu64 " samples are missing, %" PRIu64
			    " to %" PRIu64,
			    d->name, part, d->at + 1, last - first + 1, first,
			    last);
}

/* Reports the damage when @next, which begins a part, has been found. */
static void end_damage(struct unpacker *u, const struct chunk *next)
{
	const struct damage *d = &u->damage;
	const uint32_t part = d->part ? d->part : next->part - 1;
	uint64_t first = u->shown + 1, last = u->next_shown - 1;

	/* samples that a ring has removed are not missing */
	if (!u->number && part > 1)
		first = d->part ? d->first - 1 : last;
	say_missing(d, part ? part : 1, first, last);
	u->damage.any = false;
}

/* Reports damage that reaches to the end of the file. */
static void end_file(struct unpacker *u)
{
	const struct damage *d = &u->damage;
	const uint64_t before = u->shown - u->number;

	if (!d->any)
		return;
	if (d->cut)
		msg_warning("%s: the last sample is cut short and left out",
			    d->name);
	else if (d->part)
		say_missing(d, d->part, u->shown + 1, before + d->last);
	else
		msg_warning("%s: damaged at byte %" PRIu64
			    ": the rest of the file, after sample %" PRIu64
			    ", is missing",
			    d->name, d->at + 1, u->shown);
	u->damage.any = false;
}

/* Returns 1, or 0 if there is no other file. */
static int next_file(struct unpacker *u)
{
	int got;

	if (ferror(u->file))
		return msg_error_errno(errno, "cannot read %s", u->name);
	/* the next file is read independently of the damage in this one */
	if (u->damage.any && u->damage.cut && u->sure)
		end_file(u);
	got = u->next_file ? u->next_file(u->from, &u->file, &u->name) : 0;
	u->offset = 0;
	return got;
}

/* ---- chunks ---------------------------------------------------------------- */

static bool is_known(const struct chunk *chunk)
{
	return chunk->kind == CHUNK_FULL || chunk->kind == CHUNK_CHANGES;
}

/* Refuses a small file that expands to a large one, which no program writes. */
static int check_size(const struct unpacker *u, const struct chunk *chunk)
{
	const uint64_t most = chunk->compressed ?
				      (uint64_t)chunk->stored * CHUNK_RATIO :
				      chunk->stored;

	if (chunk->raw > CHUNK_MAX_RAW || chunk->stored > CHUNK_MAX_RAW)
		return fail_here(u, "a sample larger than 256 MiB");
	if (chunk->raw > most)
		return fail_here(
			u,
			"a sample that expands to more than 1000 times its size");
	return 0;
}

/*
 * Reads the chunk at @at: returns 1, or 0 if it is damaged, after dropping unusable
 * bytes.
 */
static int read_chunk(struct unpacker *u, struct chunk *ret)
{
	const char *header = u->bytes + u->at;
	size_t whole;
	int err;

	if (!chunk_read_header(header, ret)) {
		note_damage(u, false);
		skip(u);
		return 0;
	}
	if (chunk_version(header) != CHUNK_VERSION)
		return fail_here(
			u,
			"it was written by a later version of verity-memtop");
	err = check_size(u, ret);
	if (err)
		return err;
	whole = CHUNK_HEADER + (size_t)ret->stored;
	if (fill(u, whole) < whole) {
		note_damage(u, true);
		skip(u);
		return 0;
	}
	header = u->bytes + u->at;
	if (chunk_is_whole(header, header + CHUNK_HEADER, ret->stored))
		return 1;
	note_damage(u, false);
	u->in_vain += ret->stored;
	if (u->in_vain > IN_VAIN + u->offset)
		drop(u, whole);
	else
		skip(u);
	return 0;
}

/* Whether @chunk can be decoded: it begins a part, or follows the newest sample. */
static bool is_usable(const struct unpacker *u, const struct chunk *chunk)
{
	if (chunk->kind == CHUNK_FULL)
		return true;
	return u->intact && chunk->part == u->part &&
	       chunk->number == u->number + 1;
}

/* The number that users see for @chunk, which is of the same run or a later one. */
static uint64_t shown_number(const struct unpacker *u,
			     const struct chunk *chunk)
{
	if (chunk->number > u->number)
		return u->shown + (chunk->number - u->number);
	return u->shown + 1;
}

/* Finds the next usable chunk: returns 1, or 0 at the end. */
static int find_chunk(struct unpacker *u)
{
	int got;

	for (;;) {
		const size_t ready = fill(u, CHUNK_HEADER);

		if (ready < CHUNK_HEADER) {
			if (ready)
				note_damage(u, true);
			drop(u, ready);
			got = next_file(u);
			if (got <= 0)
				return got;
			continue;
		}
		got = read_chunk(u, &u->next);
		if (got < 0)
			return got;
		if (!got)
			continue;
		if (is_usable(u, &u->next))
			return 1;
		if (is_known(&u->next))
			note_lost(u, &u->next);
		drop(u, CHUNK_HEADER + (size_t)u->next.stored);
	}
}

/* Warns of the samples that are missing before the chunk that was found. */
static void say_gap(struct unpacker *u)
{
	u->next_shown = shown_number(u, &u->next);
	if (u->damage.any && u->next.number > u->number)
		end_damage(u, &u->next);
	else if (u->damage.any)
		end_file(u);
	else if (u->number && u->next_shown > u->shown + 1)
		msg_warning("%s: samples %" PRIu64 " to %" PRIu64
			    " are missing",
			    u->name, u->shown + 1, u->next_shown - 1);
}

int unpack_peek(struct unpacker *u, struct record_moment *ret)
{
	int got = u->found ? 1 : find_chunk(u);

	if (got == 0 && u->sure)
		end_file(u);
	if (got <= 0)
		return got;
	if (!u->found)
		say_gap(u);
	u->found = true;
	*ret = (struct record_moment){
		.number = u->next_shown,
		.boottime_ns = u->next.boottime_ns,
		.realtime_ns = u->next.realtime_ns,
	};
	return 1;
}

/* ---- samples --------------------------------------------------------------- */

/* Expands the chunk at @at into @ret. */
static int expand(struct unpacker *u, struct wire_reader *ret)
{
	const char *stored = u->bytes + u->at + CHUNK_HEADER;
	const struct chunk *chunk = &u->next;
	int err = 0;

	if (!chunk->compressed) {
		*ret = (struct wire_reader){ .pos = stored,
					     .end = stored + chunk->stored };
		return 0;
	}
	if (!u->zstd)
		err = zstd_open("read a compressed recording", &u->zstd);
	if (err)
		return err;
	if (chunk->raw > u->raw_room) {
		u->raw_room = chunk->raw;
		u->raw = xreallocarray(u->raw, u->raw_room, 1);
	}
	if (!chunk->raw ||
	    zstd_expand(u->zstd, u->raw, chunk->raw, stored, chunk->stored))
		return fail_here(u, "it cannot be expanded");
	*ret = (struct wire_reader){ .pos = u->raw,
				     .end = u->raw + chunk->raw };
	return 0;
}

static void forget(struct unpacker *u)
{
	sample_release(&u->sample);
	record_shape_free(u->shape);
	u->shape = NULL;
}

/* Reads the beginning of a part: version and description of objects. */
static int begin_part(struct unpacker *u, struct wire_reader *w)
{
	const char *version;
	size_t len;
	int err = wire_get_text(w, TOOL_VERSION, &version, &len);

	forget(u);
	u->left = ROOM;
	if (!err)
		err = record_shape_read(w, &u->shape);
	if (!err)
		record_shape_begin(u->shape, &u->sample);
	return err;
}

int unpack_pass(struct unpacker *u)
{
	const struct chunk *chunk = &u->next;
	struct wire_reader w;
	int err = expand(u, &w);

	if (err)
		return err;
	if (chunk->kind == CHUNK_FULL)
		err = begin_part(u, &w);
	u->left += (size_t)chunk->stored * ROOM_RATIO;
	if (!err)
		err = record_decode(&w, u->shape, &u->sample, &u->left);
	if (err)
		return fail_here(u, w.problem);
	u->restarts += chunk->number <= u->number;
	u->part = chunk->part;
	u->number = chunk->number;
	u->shown = u->next_shown;
	u->intact = true;
	u->found = false;
	drop(u, CHUNK_HEADER + (size_t)chunk->stored);
	return 0;
}

uint64_t unpack_restarts(const struct unpacker *u)
{
	return u->restarts;
}

void unpack_copy(const struct unpacker *u, struct sample *ret)
{
	record_copy(&record_sample_object, (char *)ret,
		    (const char *)&u->sample);
}

int unpack_open(FILE *file, const char *name, const char *head, size_t len,
		bool sure, unpack_next_file next, void *from,
		struct unpacker **ret)
{
	struct unpacker *u = xcalloc(1, sizeof(*u));
	struct record_moment first;
	int got;

	u->file = file;
	u->name = name;
	u->next_file = next;
	u->from = from;
	u->room = STEP;
	u->bytes = xcalloc(u->room, 1);
	memcpy(u->bytes, head, len);
	u->end = len;
	u->sure = sure;
	got = unpack_peek(u, &first);
	if (got < 0 || (!got && !sure)) {
		unpack_close(u);
		return got < 0 ? got : -ENOMSG;
	}
	u->sure = true;
	*ret = u;
	return 0;
}

void unpack_close(struct unpacker *u)
{
	if (!u)
		return;
	forget(u);
	zstd_close(u->zstd);
	free(u->bytes);
	free(u->raw);
	free(u);
}
