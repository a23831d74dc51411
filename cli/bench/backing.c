// SPDX-License-Identifier: GPL-2.0-only
#include "bench/backing.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/msg.h"
#include "bench/blkid.h"

#define MIB (1ULL << 20)

/*
 * O_EXCL: the kernel refuses devices that are mounted, used for swap, or held.
 */
static int open_exclusively(const char *path)
{
	struct stat st;
	int fd;

	if (stat(path, &st))
		return msg_error_errno(errno, "cannot find %s", path);
	if (!S_ISBLK(st.st_mode)) {
		msg_error("%s is not a block device", path);
		return -ENOTBLK;
	}
	fd = open(path, O_RDWR | O_EXCL | O_CLOEXEC);
	if (fd < 0 && errno == EBUSY) {
		msg_error("%s is in use, mounted or below another device: it "
			  "is left alone",
			  path);
		return -EBUSY;
	}
	if (fd < 0)
		return msg_error_errno(errno, "cannot open %s", path);
	return fd;
}

/*
 * Signatures that libblkid finds: file systems, RAID, swap, keys, partitions.
 */
static int refuse_content(const struct blkid_library *lib, blkid_probe probe,
			  const char *path)
{
	const char *what = NULL;
	int found;

	lib->blkid_probe_enable_superblocks(probe, 1);
	lib->blkid_probe_set_superblocks_flags(
		probe, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_BADCSUM);
	lib->blkid_probe_enable_partitions(probe, 1);
	found = lib->blkid_do_safeprobe(probe);
	if (found == 1)
		return 0;
	if (found == -1)
		return msg_error_errno(errno ? errno : EIO,
				       "cannot search for signatures on %s",
				       path);
	/* -2: more than one signature */
	if (found == 0 &&
	    lib->blkid_probe_lookup_value(probe, "TYPE", &what, NULL) != 0)
		lib->blkid_probe_lookup_value(probe, "PTTYPE", &what, NULL);
	msg_error("%s is not empty: it has %s; --overwrite overwrites it", path,
		  what ? what : "several signatures");
	return -EEXIST;
}

static int refuse_if_used(int fd, const char *path)
{
	struct blkid_library lib;
	blkid_probe probe;
	int err = blkid_library_load(&lib);

	if (err)
		return err;
	errno = 0;
	probe = lib.blkid_new_probe();
	if (!probe || lib.blkid_probe_set_device(probe, fd, 0, 0))
		err = msg_error_errno(errno ? errno : ENOMEM,
				      "cannot search for signatures on %s",
				      path);
	else
		err = refuse_content(&lib, probe, path);
	lib.blkid_free_probe(probe);
	return err;
}

static int read_size(int fd, const char *path, uint64_t *ret)
{
	return ioctl(fd, BLKGETSIZE64, ret) ?
		       msg_error_errno(errno, "cannot determine the size of %s",
				       path) :
		       0;
}

static int check(int fd, const char *path, uint64_t bytes, bool overwrite)
{
	uint64_t has;
	int err = read_size(fd, path, &has);

	if (err)
		return err;
	if (has < bytes) {
		msg_error("%s has %" PRIu64 " bytes, and %" PRIu64
			  " are needed; see --size",
			  path, has, bytes);
		return -ENOSPC;
	}
	return overwrite ? 0 : refuse_if_used(fd, path);
}

static int read_id(int fd, const char *path, struct backing_id *ret)
{
	struct stat st;
	uint64_t sequence;

	if (fstat(fd, &st))
		return msg_error_errno(errno, "cannot read the status of %s",
				       path);
	/* distinguishes a disk from a later one with the same number */
	if (ioctl(fd, BLKGETDISKSEQ, &sequence)) {
		if (errno != ENOTTY)
			return msg_error_errno(
				errno, "cannot read the status of %s", path);
		sequence = 0;
	}
	*ret = (struct backing_id){ st.st_rdev, sequence };
	return 0;
}

static int refuse_another(int fd, const char *path, const struct backing_id *id)
{
	struct backing_id now;
	int err = read_id(fd, path, &now);

	if (err)
		return err;
	if (now.number == id->number && now.sequence == id->sequence)
		return 0;
	msg_error("%s is another device than when the bench began: it is left "
		  "alone",
		  path);
	return -ESTALE;
}

/* Returns @fd if all checks pass; otherwise closes it. */
static int keep_unless(int err, int fd)
{
	if (!err)
		return fd;
	close(fd);
	return err;
}

int backing_open(const char *path, uint64_t bytes, bool overwrite,
		 struct backing_id *ret)
{
	int fd = open_exclusively(path), err;

	if (fd < 0)
		return fd;
	err = check(fd, path, bytes, overwrite);
	if (!err)
		err = read_id(fd, path, ret);
	return keep_unless(err, fd);
}

int backing_reopen(const char *path, const struct backing_id *id)
{
	int fd = open_exclusively(path);

	return fd < 0 ? fd : keep_unless(refuse_another(fd, path, id), fd);
}

int backing_check(const char *path, const struct backing_id *id)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;

	if (fd < 0)
		return msg_error_errno(errno, "cannot open %s", path);
	err = refuse_another(fd, path, id);
	close(fd);
	return err;
}

/* Writes zeros from @at on, at most one MiB, to a device of @size bytes. */
static int write_zeros(int fd, uint64_t at, uint64_t size)
{
	static const char zeros[64 << 10];
	uint64_t end = at + MIB < size ? at + MIB : size;

	while (at < end) {
		size_t len = end - at < sizeof(zeros) ? end - at :
							sizeof(zeros);
		ssize_t written = pwrite(fd, zeros, len, (off_t)at);

		if (written <= 0)
			return written ? -errno : -EIO;
		at += (uint64_t)written;
	}
	return 0;
}

int backing_wipe(const char *path, const struct backing_id *id)
{
	int fd = backing_reopen(path, id), err;
	uint64_t size;

	if (fd < 0)
		return fd;
	err = read_size(fd, path, &size);
	if (!err) {
		err = write_zeros(fd, 0, size);
		if (!err)
			err = write_zeros(fd, size < MIB ? 0 : size - MIB,
					  size);
		if (!err && fsync(fd))
			err = -errno;
		if (err)
			msg_error_errno(err, "cannot write %s", path);
	}
	close(fd);
	return err;
}
