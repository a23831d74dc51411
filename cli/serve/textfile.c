// SPDX-License-Identifier: GPL-2.0-only
#include "serve/textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/msg.h"
#include "util/strbuf.h"

static int write_all(int fd, const struct strbuf *text)
{
	size_t done = 0;
	ssize_t n;

	while (done < text->len) {
		n = write(fd, text->text + done, text->len - done);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			done += n;
	}
	return 0;
}

/* Returns 0 or -errno; closes @fd. */
static int fill(int fd, const struct strbuf *text)
{
	int err = write_all(fd, text);

	/* mkostemp() makes it the owner's only; the collector is another user */
	if (!err && fchmod(fd, 0644))
		err = -errno;
	/* a full disk may show only here */
	if (!err && fsync(fd))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

/* A name that another kind of file has is not taken from it. */
static int check_kind(const char *path)
{
	struct stat st;

	if (lstat(path, &st) || S_ISREG(st.st_mode))
		return 0;
	msg_error("can't write %s: there is something that is no file", path);
	return -EINVAL;
}

int textfile_replace(const char *path, const struct strbuf *text)
{
	struct strbuf aside = { 0 };
	int err, fd;

	err = check_kind(path);
	if (err)
		return err;
	/* On the same file system, by a name that the collector skips. */
	strbuf_addf(&aside, "%s.XXXXXX", path);
	fd = mkostemp(aside.text, O_CLOEXEC);
	if (fd < 0) {
		err = msg_error_errno(errno, "can't write beside %s", path);
		strbuf_release(&aside);
		return err;
	}
	err = fill(fd, text);
	if (!err && rename(aside.text, path))
		err = -errno;
	if (err) {
		unlink(aside.text);
		msg_error_errno(err, "can't write %s", path);
	}
	strbuf_release(&aside);
	return err;
}
