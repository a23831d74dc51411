// SPDX-License-Identifier: GPL-2.0-only
#include "bench/parameter.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/msg.h"
#include "base/strbuf.h"
#include "base/text.h"

#define PARAMETER "/sys/module/dm_mod/parameters/reserved_bio_based_ios"
#define RUN "/run/verity-memtop"
#define STATE RUN "/bench.state"
#define STATE_NEW RUN "/bench.state.new"
#define LOCK RUN "/bench.lock"

/* Reads all of a small file; 0 or -errno. */
static int read_file(const char *path, char *buffer, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t len;

	if (fd < 0)
		return -errno;
	len = read(fd, buffer, room - 1);
	if (len < 0)
		len = -errno;
	close(fd);
	if (len < 0)
		return (int)len;
	buffer[len] = '\0';
	return 0;
}

static int write_file(const char *path, int flags, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
	size_t len = strlen(text);
	ssize_t written;
	int err = 0;

	if (fd < 0)
		return -errno;
	written = write(fd, text, len);
	if (written != (ssize_t)len)
		err = written < 0 ? -errno : -EIO;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

static int read_parameter(uint64_t *ret)
{
	char text[32];
	int err = read_file(PARAMETER, text, sizeof(text));

	if (err)
		return msg_error_errno(err, "cannot read %s", PARAMETER);
	text[strcspn(text, "\n")] = '\0';
	err = text_to_u64(text, 0, UINT32_MAX, ret);
	if (err)
		return msg_error_errno(err, "%s has '%s'", PARAMETER, text);
	return 0;
}

static int write_parameter(uint64_t value)
{
	char text[32];
	int err;

	snprintf(text, sizeof(text), "%" PRIu64, value);
	err = write_file(PARAMETER, 0, text);
	return err ? msg_error_errno(err, "cannot write %s", PARAMETER) : 0;
}

/* With one rename: the file is never incomplete. */
static int write_state(const struct bench_state *state)
{
	struct strbuf text = { 0 };
	int err;

	bench_state_format(state, &text);
	err = write_file(STATE_NEW, O_CREAT | O_TRUNC, strbuf_text(&text));
	strbuf_release(&text);
	if (!err && rename(STATE_NEW, STATE))
		err = -errno;
	return err ? msg_error_errno(err, "cannot write %s", STATE) : 0;
}

/* Restores the parameter if it still has the bench's value. */
static int restore(const struct bench_state *state)
{
	uint64_t now;
	int err = read_parameter(&now);

	if (err)
		return err;
	if (now == state->ours)
		return write_parameter(state->before);
	msg_warning("reserved_bio_based_ios is %" PRIu64
		    ", which another program has set: not restored",
		    now);
	return 0;
}

/* Reads what a killed bench has left. */
static int recover(struct bench_state *left, bool *was_left)
{
	char text[512];
	int err = read_file(STATE, text, sizeof(text));

	*was_left = false;
	if (err == -ENOENT)
		return 0;
	if (!err)
		err = bench_state_parse(text, left);
	if (err)
		return msg_error_errno(
			err,
			"cannot read %s of a killed bench; restore reserved_bio_based_ios, remove devices vmt-bench-*, then remove this file",
			STATE);
	*was_left = true;
	msg_warning("a bench (pid %" PRIu64 ") was killed: cleaning up",
		    left->pid);
	if (left->set)
		err = restore(left);
	if (!err) {
		left->set = false;
		err = write_state(left);
	}
	return err;
}

static int take_lock(struct parameter *p)
{
	int err;

	if (mkdir(RUN, 0755) && errno != EEXIST)
		return msg_error_errno(errno, "cannot make %s", RUN);
	p->lock = open(LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (p->lock < 0)
		return msg_error_errno(errno, "cannot open %s", LOCK);
	if (flock(p->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	err = errno == EWOULDBLOCK ? -EBUSY : -errno;
	if (err == -EBUSY)
		msg_error("another bench is running: it has locked %s", LOCK);
	else
		msg_error_errno(err, "cannot lock %s", LOCK);
	close(p->lock);
	return err;
}

int parameter_open(struct parameter *ret, struct bench_state *left,
		   bool *was_left)
{
	struct parameter p = { .state.pid = (uint64_t)getpid() };
	int err;

	if (access(PARAMETER, W_OK))
		return msg_error_errno(errno, "cannot write %s", PARAMETER);
	err = take_lock(&p);
	if (err)
		return err;
	err = recover(left, was_left);
	if (err) {
		close(p.lock);
		return err;
	}
	*ret = p;
	return 0;
}

int parameter_note(struct parameter *p, const char *directory)
{
	if (strlen(directory) >= sizeof(p->state.directory) ||
	    strchr(directory, '\n'))
		return msg_error_errno(ENAMETOOLONG, "%s", directory);
	text_copy(p->state.directory, sizeof(p->state.directory), directory);
	return write_state(&p->state);
}

int parameter_set(struct parameter *p, uint64_t value)
{
	int err = read_parameter(&p->state.before);

	if (err)
		return err;
	p->state.ours = value;
	p->state.set = true;
	/* noted first: from here on the next start restores it */
	err = write_state(&p->state);
	return err ? err : write_parameter(value);
}

int parameter_put_back(struct parameter *p)
{
	int err;

	if (!p->state.set)
		return 0;
	err = restore(&p->state);
	if (err)
		return err;
	p->state.set = false;
	return write_state(&p->state);
}

void parameter_close(struct parameter *p)
{
	unlink(STATE);
	close(p->lock);
}
