// SPDX-License-Identifier: GPL-2.0-only
#include "recording/record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json_reader.h"
#include "base/msg.h"
#include "recording/record_check.h"
#include "recording/record_chunk.h"
#include "recording/record_files.h"
#include "recording/record_json.h"
#include "recording/record_unpack.h"
#include "sample/sample.h"

struct record_reader {
	char *name; /* owned; in messages */
	FILE *file; /* owned; NULL: .files is used */
	struct record_files *files; /* owned */
	struct unpacker *unpacker; /* owned; NULL: lines of JSON */
	struct json_recording *json; /* owned */
	uint64_t number; /* of the newest sample of JSON */
	struct sample ahead; /* of JSON, owned: read ahead, to know its time */
	bool has_ahead;
	struct sample newest; /* of JSON, owned */
	struct sample before; /* run and time of the previous one; owns nothing */
	bool any; /* a sample was read */
	bool new_run;
	uint64_t restarts; /* of the unpacker, up to the newest sample */
};

/* ---- opened ---------------------------------------------------------------- */

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/*
 * Detects the format. The beginning of a compact recording may be damaged; then an
 * intact part is found further on.
 */
static int open_any(struct record_reader *r, FILE *file, const char *name)
{
	unsigned char head[4];
	const size_t len = fread(head, 1, sizeof(head), file);
	const bool sure = len == sizeof(head) && chunk_begins(head);
	const bool json = !len || head[0] == '{' || is_blank(head[0]);
	int err = -ENOMSG;

	if (sure || !json || r->files)
		err = unpack_open(file, name, (const char *)head, len,
				  sure || r->files, record_files_next, r->files,
				  &r->unpacker);
	if (err == -ENOMSG)
		err = json_recording_open(file, name, (const char *)head, len,
					  &r->json);
	return err;
}

static struct record_reader *new_reader(const char *name)
{
	struct record_reader *r = xcalloc(1, sizeof(*r));

	r->name = xstrdup(name);
	r->before.boottime_ns = MEMTOP_UNKNOWN;
	return r;
}

int record_open_file(FILE *file, const char *name, struct record_reader **ret)
{
	struct record_reader *r = new_reader(name);
	int err;

	r->file = file;
	err = open_any(r, file, r->name);
	if (err) {
		record_close(r);
		return err;
	}
	*ret = r;
	return 0;
}

static int open_files(struct record_files *files, const char *name,
		      struct record_reader **ret)
{
	struct record_reader *r = new_reader(name);
	const char *first;
	FILE *file;
	int got;

	r->files = files;
	got = record_files_next(files, &file, &first);
	if (!got) {
		msg_error("%s has no sample", name);
		got = -ENODEV;
	}
	got = got > 0 ? open_any(r, file, first) : got;
	if (got) {
		record_close(r);
		return got;
	}
	*ret = r;
	return 0;
}

int record_open(const char *path, struct record_reader **ret)
{
	struct record_files *files;
	FILE *file;
	int err;

	if (strcmp(path, "-") == 0)
		return record_open_file(stdin, "stdin", ret);
	err = record_files_open(path, &files);
	if (!err)
		return open_files(files, path, ret);
	if (err != -ENOTDIR)
		return err;
	file = fopen(path, "re");
	if (!file)
		return msg_error_errno(errno, "cannot read %s", path);
	return record_open_file(file, path, ret);
}

/* ---- read ------------------------------------------------------------------ */

int record_peek(struct record_reader *r, struct record_moment *ret)
{
	int got = 1;

	if (r->unpacker)
		return unpack_peek(r->unpacker, ret);
	if (!r->has_ahead)
		got = json_recording_read(r->json, &r->before, &r->ahead);
	if (got <= 0)
		return got;
	r->has_ahead = true;
	*ret = (struct record_moment){
		.number = r->number + 1,
		.boottime_ns = r->ahead.boottime_ns,
		.realtime_ns = r->ahead.realtime_ns,
	};
	return 1;
}

/* Notes the run and time that the next sample is checked against. */
static void note_before(struct record_reader *r, const struct sample *s)
{
	const uint64_t before_ns = r->before.boottime_ns;

	r->new_run |= r->any && !sample_same_run(s, &r->before);
	r->any = true;
	r->before.run_ns = s->run_ns;
	memcpy(r->before.boot_id, s->boot_id, sizeof(s->boot_id));
	memcpy(r->before.host, s->host, sizeof(s->host));
	r->before.boottime_ns =
		s->boottime_ns != MEMTOP_UNKNOWN ? s->boottime_ns : before_ns;
}

int record_pass(struct record_reader *r)
{
	if (r->unpacker)
		return unpack_pass(r->unpacker);
	sample_release(&r->newest);
	r->newest = r->ahead;
	r->has_ahead = false;
	r->number++;
	r->new_run = false;
	note_before(r, &r->newest);
	return 0;
}

/* Check the sample's consistency, because any program may have written the file. */
static int take_unpacked(struct record_reader *r, struct sample *ret)
{
	const uint64_t restarts = unpack_restarts(r->unpacker);
	struct json_reader j = { .start = NULL };

	r->new_run = restarts != r->restarts;
	r->restarts = restarts;
	if (r->new_run)
		r->before.boottime_ns = MEMTOP_UNKNOWN;
	unpack_copy(r->unpacker, ret);
	if (record_check(&j, ret, &r->before)) {
		msg_error("%s: a sample contradicts itself: %s", r->name,
			  j.problem);
		sample_release(ret);
		return -EINVAL;
	}
	note_before(r, ret);
	return 0;
}

int record_take(struct record_reader *r, struct sample *ret)
{
	if (r->unpacker)
		return take_unpacked(r, ret);
	*ret = r->newest;
	r->newest = (struct sample){ 0 };
	return 0;
}

bool record_new_run(const struct record_reader *r)
{
	return r->new_run;
}

int record_read(struct record_reader *r, struct sample *ret)
{
	struct record_moment next;
	int got = record_peek(r, &next);

	if (got <= 0)
		return got;
	got = record_pass(r);
	if (!got)
		got = record_take(r, ret);
	return got ? got : 1;
}

const char *record_name(const struct record_reader *r)
{
	return r->name;
}

void record_close(struct record_reader *r)
{
	if (!r)
		return;
	unpack_close(r->unpacker);
	json_recording_close(r->json);
	record_files_close(r->files);
	if (r->has_ahead)
		sample_release(&r->ahead);
	sample_release(&r->newest);
	if (r->file && r->file != stdin)
		fclose(r->file);
	free(r->name);
	free(r);
}
