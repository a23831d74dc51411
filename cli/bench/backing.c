// SPDX-License-Identifier: GPL-2.0-only
#include "bench/backing.h"

#include <blkid.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/msg.h"

/* O_EXCL: the kernel refuses what is mounted, is swapped to, or has a holder. */
static int open_exclusively(const char *path)
{
	struct stat st;
	int fd;

	if (stat(path, &st))
		return msg_error_errno(errno, "can't find %s", path);
	if (!S_ISBLK(st.st_mode)) {
		msg_error("%s is no block device", path);
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
		return msg_error_errno(errno, "can't open %s", path);
	return fd;
}

/* What libblkid finds: file systems, RAID, swap, keys, partitions. */
static int refuse_content(blkid_probe probe, const char *path)
{
	const char *what = NULL;
	int found;

	blkid_probe_enable_superblocks(probe, 1);
	blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_TYPE |
							 BLKID_SUBLKS_BADCSUM);
	blkid_probe_enable_partitions(probe, 1);
	found = blkid_do_safeprobe(probe);
	if (found == 1)
		return 0;
	if (found == -1)
		return msg_error_errno(errno ? errno : EIO,
				       "can't see what is on %s", path);
	/* -2: more than one thing */
	if (found == 0 &&
	    blkid_probe_lookup_value(probe, "TYPE", &what, NULL) != 0)
		blkid_probe_lookup_value(probe, "PTTYPE", &what, NULL);
	msg_error("%s is not empty: it has %s; --force overwrites it", path,
		  what ? what : "several signatures");
	return -EEXIST;
}

static int refuse_if_used(int fd, const char *path)
{
	blkid_probe probe = blkid_new_probe();
	int err;

	errno = 0;
	if (!probe || blkid_probe_set_device(probe, fd, 0, 0))
		err = msg_error_errno(errno ? errno : ENOMEM,
				      "can't look at what is on %s", path);
	else
		err = refuse_content(probe, path);
	blkid_free_probe(probe);
	return err;
}

static int check(int fd, const char *path, uint64_t bytes, bool force)
{
	uint64_t has;

	if (ioctl(fd, BLKGETSIZE64, &has))
		return msg_error_errno(errno, "can't tell the size of %s",
				       path);
	if (has < bytes) {
		msg_error("%s has %" PRIu64 " bytes, and %" PRIu64
			  " are needed; see --size",
			  path, has, bytes);
		return -ENOSPC;
	}
	return force ? 0 : refuse_if_used(fd, path);
}

int backing_open(const char *path, uint64_t bytes, bool force)
{
	int fd = open_exclusively(path), err;

	if (fd < 0)
		return fd;
	err = check(fd, path, bytes, force);
	if (!err)
		return fd;
	close(fd);
	return err;
}

int backing_wipe(const char *path)
{
	static const char zeros[64 << 10];
	int fd = open_exclusively(path), err = 0;

	if (fd < 0)
		return fd;
	errno = 0;
	if (pwrite(fd, zeros, sizeof(zeros), 0) != (ssize_t)sizeof(zeros) ||
	    fsync(fd))
		err = msg_error_errno(errno ? errno : EIO, "can't write %s",
				      path);
	close(fd);
	return err;
}
