// SPDX-License-Identifier: GPL-2.0-only
/* Files and mounts of devices, in a made-up tree. */
#include "unit.h"

#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "fixtures.h"
#include "kernel/block_source.h"
#include "kernel/mounts.h"
#include "tree.h"

/* The device @dev, "7:3", with the directory @dir below /sys/devices. */
static void make_device(const char *dev, const char *dir, const char *file,
			const char *text)
{
	struct strbuf path = { 0 }, target = { 0 }, line = { 0 };
	const char *name = strrchr(dir, '/') + 1;

	strbuf_addf(&path, "/sys/devices%s/dev", dir);
	strbuf_addf(&line, "%s\n", dev);
	tree_file(strbuf_text(&path), strbuf_text(&line));
	strbuf_addf(&target, "../../devices%s", dir);
	strbuf_reset(&path);
	strbuf_addf(&path, "/sys/class/block/%s", name);
	tree_link(strbuf_text(&path), strbuf_text(&target));
	strbuf_reset(&path);
	strbuf_addf(&path, "/sys/dev/block/%s", dev);
	tree_link(strbuf_text(&path), strbuf_text(&target));
	if (file) {
		strbuf_reset(&path);
		strbuf_addf(&path, "/sys/devices%s/%s", dir, file);
		tree_file(strbuf_text(&path), text);
	}
	strbuf_release(&path);
	strbuf_release(&target);
	strbuf_release(&line);
}

#define MOUNTS                                                              \
	"20 1 254:0 / / rw - ext4 /dev/root rw\n"                           \
	"21 20 0:30 / /run rw shared:5 - tmpfs tmpfs rw\n"                  \
	"22 20 8:2 / /data rw - f2fs /dev/sda2 rw\n"                        \
	"23 22 0:40 /@ /data/sub\\040vol rw - btrfs /dev/disk/by-id/x rw\n" \
	"24 20 254:0 /srv /srv/bind rw - ext4 /dev/root rw\n"               \
	"25 20 0:50 / /fuse rw - fuse.x /dev/sda2 rw\n"                     \
	"26 20 0:6 / /dev rw - devtmpfs udev rw\n"                          \
	"27 20 8:9 / /hidden rw - ext4 /dev/sda9 rw\n"                      \
	"28 27 254:0 / /hidden rw - ext4 /dev/root rw\n"                    \
	"29 20 254:0 / /hidden rw - ext4 /dev/root rw\n"                    \
	"broken\n"

static int make_tree(void **state)
{
	(void)state;
	tree_make();
	make_device("8:0", "/pci/sda", NULL, NULL);
	make_device("8:2", "/pci/sda/sda2", "partition", "2\n");
	make_device("8:3", "/pci/sda/sda3", "partition", "3\n");
	make_device("9:1", "/virtual/md1", NULL, NULL);
	tree_link("/sys/devices/virtual/md1/slaves/sda3",
		  "../../../pci/sda/sda3");
	make_device("7:1", "/virtual/loop1", "loop/backing_file",
		    "/run/x/image\n");
	make_device("7:2", "/virtual/loop2", "loop/backing_file",
		    "/data/a\nb (deleted)\n");
	make_device("7:3", "/virtual/loop3", "loop/backing_file",
		    "/data/sub vol/image\n");
	make_device("7:4", "/virtual/loop4", "loop/backing_file",
		    "/database/image\n");
	make_device("7:5", "/virtual/loop5", "loop/backing_file",
		    "/dev/sda3\n");
	make_device("7:6", "/virtual/loop6", "loop/backing_file", "/fuse/x\n");
	make_device("7:7", "/virtual/loop7", NULL, NULL);
	tree_link("/dev/disk/by-id/x", "../../md1");
	tree_file("/proc/self/mountinfo", MOUNTS);
	return 0;
}

/* "NAME=BACKING@MOUNT(MOUNTS)>LOWER" of each block. */
static void add_blocks(struct strbuf *sb, const struct sample *s)
{
	strbuf_reset(sb);
	for (size_t i = 0; i < s->nr_blocks; i++) {
		const struct sample_block *b = &s->blocks[i];

		strbuf_addf(sb, "%s%s", i ? "; " : "", b->name);
		if (*b->backing)
			strbuf_addf(sb, "=%s@%s", b->backing, b->backing_mount);
		for (size_t j = 0; j < b->nr_mounts; j++)
			strbuf_addf(sb, "(%s %s)", b->mounts[j].point,
				    b->mounts[j].type);
		for (size_t j = 0; j < b->nr_lower; j++)
			strbuf_addf(sb, ">%u:%u", b->lower[j].major,
				    b->lower[j].minor);
	}
}

/* A mapped device 254:0, on the loop device with the number @loop. */
static void assert_blocks(uint32_t major, uint32_t minor, const char *wanted)
{
	struct block_source *src = block_source_open(tree_root, NULL, 0);
	struct sample s = { 0 };
	struct strbuf got = { 0 };

	fixture_lower(fixture_device(&s, 0, "x"), major, minor);
	block_source_fill(src, &s);
	assert_true(s.blocks_known);
	add_blocks(&got, &s);
	assert_string_equal(strbuf_text(&got), wanted);
	strbuf_release(&got);
	sample_release(&s);
	block_source_close(src);
}

#define ROOT "(/ ext4)(/hidden ext4)(/srv/bind ext4)"

static void stacks_end_at_disks(void **state)
{
	(void)state;
	assert_blocks(8, 3, "sda; sda3>8:0; " ROOT);
	assert_blocks(9, 1,
		      "sda; sda3>8:0; md1(/data/sub vol btrfs)>8:3; " ROOT);
	assert_blocks(254, 0, ROOT);
	/* it is gone, and nothing is known of it */
	assert_blocks(8, 77, "; " ROOT);
}

static void files_lead_to_file_systems(void **state)
{
	(void)state;
	assert_blocks(7, 1, "loop1=/run/x/image@/run; " ROOT);
	assert_blocks(7, 2,
		      "loop2=/data/a\nb (deleted)@/data>8:2; sda; "
		      "sda2(/data f2fs)>8:0; " ROOT);
	assert_blocks(7, 3,
		      "loop3=/data/sub vol/image@/data/sub vol>9:1; sda; "
		      "sda3>8:0; md1(/data/sub vol btrfs)>8:3; " ROOT);
	/* not below /data; the device of the root is the mapped one */
	assert_blocks(7, 4, "loop4=/database/image@/>254:0; " ROOT);
	assert_blocks(7, 5, "loop5=/dev/sda3@/dev>8:3; sda; sda3>8:0; " ROOT);
	/* any program can name a source */
	assert_blocks(7, 6, "loop6=/fuse/x@/fuse; " ROOT);
	assert_blocks(7, 7, "loop7; " ROOT);
}

/* Each on a file below the directory where the one after it is mounted. */
static void a_long_chain_is_followed(void **state)
{
	enum { FIRST = 100, LAST = 140 };
	struct strbuf table = { 0 }, dev = { 0 }, dir = { 0 }, file = { 0 };
	struct block_source *src;
	struct sample s = { 0 };

	(void)state;
	for (int i = FIRST; i <= LAST; i++) {
		strbuf_reset(&dev);
		strbuf_addf(&dev, "7:%d", i);
		strbuf_reset(&dir);
		strbuf_addf(&dir, "/virtual/loop%d", i);
		strbuf_reset(&file);
		/* the last one is on the first */
		strbuf_addf(&file, "/chain/%d/image\n",
			    i < LAST ? i + 1 : FIRST);
		make_device(strbuf_text(&dev), strbuf_text(&dir),
			    "loop/backing_file", strbuf_text(&file));
		strbuf_addf(&table, "%d 1 7:%d / /chain/%d rw - ext4 x rw\n", i,
			    i, i);
	}
	tree_file("/proc/self/mountinfo", strbuf_text(&table));
	src = block_source_open(tree_root, NULL, 0);
	fixture_lower(fixture_device(&s, 0, "x"), 7, FIRST);
	block_source_fill(src, &s);
	assert_int_equal(s.nr_blocks, LAST - FIRST + 1);
	tree_file("/proc/self/mountinfo", MOUNTS);
	sample_release(&s);
	block_source_close(src);
	strbuf_release(&table);
	strbuf_release(&dev);
	strbuf_release(&dir);
	strbuf_release(&file);
}

static void without_mounts_files_are_known(void **state)
{
	struct strbuf from = { 0 }, to = { 0 };

	(void)state;
	strbuf_addf(&from, "%s/proc", tree_root);
	strbuf_addf(&to, "%s/away", tree_root);
	assert_int_equal(rename(strbuf_text(&from), strbuf_text(&to)), 0);
	assert_blocks(7, 2, "loop2=/data/a\nb (deleted)@");
	assert_int_equal(rename(strbuf_text(&to), strbuf_text(&from)), 0);
	strbuf_release(&from);
	strbuf_release(&to);
}

/* The second time nothing is opened; other devices are read. */
static void the_last_reading_is_kept(void **state)
{
	struct block_source *src = block_source_open(tree_root, NULL, 0);
	struct sample first = { 0 }, second = { 0 }, third = { 0 };
	struct strbuf was = { 0 }, got = { 0 };

	(void)state;
	fixture_lower(fixture_device(&first, 0, "x"), 7, 1);
	fixture_lower(fixture_device(&second, 0, "x"), 7, 1);
	fixture_lower(fixture_device(&third, 0, "x"), 7, 2);
	block_source_fill(src, &first);
	add_blocks(&was, &first);
	tree_file("/sys/devices/virtual/loop1/loop/backing_file", "/data/y\n");
	assert_true(block_source_is_same(src));
	block_source_fill(src, &second);
	add_blocks(&got, &second);
	assert_string_equal(strbuf_text(&got), strbuf_text(&was));
	block_source_fill(src, &third);
	add_blocks(&got, &third);
	assert_string_not_equal(strbuf_text(&got), strbuf_text(&was));
	tree_file("/sys/devices/virtual/loop1/loop/backing_file",
		  "/run/x/image\n");
	strbuf_release(&was);
	strbuf_release(&got);
	sample_release(&first);
	sample_release(&second);
	sample_release(&third);
	block_source_close(src);
}

static void mount_is(const struct mounts *m, const char *path,
		     const char *point, uint64_t id)
{
	const struct mount *mount = mounts_holding(m, path);

	assert_non_null(mount);
	assert_string_equal(mount->point, point);
	assert_true(mount->id == id);
}

static void the_last_mount_covers_others(void **state)
{
	int fd = mounts_open(tree_root);
	struct mounts m;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(mounts_read(fd, &m), 0);
	close(fd);
	assert_int_equal(m.nr, 10);
	mount_is(&m, "/", "/", 20);
	mount_is(&m, "/hidden", "/hidden", 29);
	mount_is(&m, "/hidden/x", "/hidden", 29);
	mount_is(&m, "/hiddenx", "/", 20);
	mount_is(&m, "/data/sub vol", "/data/sub vol", 23);
	mount_is(&m, "/data/sub", "/data", 22);
	mount_is(&m, "/data/sub volume/x", "/data", 22);
	assert_null(mounts_holding(&m, "relative"));
	assert_null(mounts_at(&m, "/hidden/x"));
	assert_string_equal(mounts_by_id(&m, 25)->type, "fuse.x");
	assert_null(mounts_by_id(&m, 1));
	mounts_release(&m);
	mounts_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stacks_end_at_disks),
		cmocka_unit_test(files_lead_to_file_systems),
		cmocka_unit_test(a_long_chain_is_followed),
		cmocka_unit_test(without_mounts_files_are_known),
		cmocka_unit_test(the_last_reading_is_kept),
		cmocka_unit_test(the_last_mount_covers_others),
	};

	return cmocka_run_group_tests_name("block_source", tests, make_tree,
					   tree_remove);
}
