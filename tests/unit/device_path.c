// SPDX-License-Identifier: GPL-2.0-only
/* The meaning of paths, in a made-up tree. */
#include "unit.h"

#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "stream/device_path.h"
#include "tree.h"

static int make_tree(void **state)
{
	(void)state;
	tree_make();
	tree_file("/sys/class/block/dm-3/dev", "254:3\n");
	tree_file("/sys/class/block/sda1/dev", "8:1\n");
	tree_file("/sys/class/block/loop7/dev", "7:7\n");
	tree_file("/sys/class/block/loop7/loop/backing_file", "/srv/image\n");
	tree_file("/sys/class/block/loop8/dev", "7:8\n");
	tree_file("/sys/class/block/loop8/loop/backing_file", "/srv/other\n");
	tree_file("/sys/dev/block/8:0/sda1/dev", "8:1\n");
	tree_file("/sys/dev/block/8:0/sda1/partition", "1\n");
	tree_file("/sys/dev/block/8:0/queue/depth", "1\n");
	tree_file("/srv/image", "");
	/* the nodes that these lead to do not exist */
	tree_link("/dev/vg/lv", "../dm-3");
	tree_link("/dev/disk/by-uuid/0-1", "../../sda1");
	tree_link("/dev/none", "nothing");
	tree_file(
		"/proc/self/mountinfo",
		"20 1 254:3 / / rw - ext4 /dev/mapper/root rw\n"
		"21 20 8:1 / /mnt/with\\040blank rw shared:1 - ext4 /dev/sda1 rw\n"
		"22 20 8:2 / /mnt/twice rw - ext4 /dev/sda2 rw\n"
		"23 22 254:3 / /mnt/twice rw master:2 shared:9 - ext4 /dev/x rw\n"
		"24 20 0:30 / /mnt/tmp rw - tmpfs tmpfs rw\n"
		"broken\n25 20 8:3 / /mnt/broken\n");
	return 0;
}

/*
 * @wanted: the devices found, then the holder after '<', or "!" for an error.
 */
static void assert_found(const char *word, const char *wanted)
{
	struct strbuf got = { 0 };
	struct device_arg arg;

	device_path_resolve(tree_root, word, &arg);
	assert_string_equal(arg.word, word);
	for (size_t i = 0; i < arg.nr_devs; i++)
		strbuf_addf(&got, "%s%u:%u", i ? " " : "", arg.devs[i].major,
			    arg.devs[i].minor);
	if (arg.holder_known && !arg.nr_devs)
		strbuf_addf(&got, "<%u:%u", arg.holder.major, arg.holder.minor);
	if (arg.err)
		strbuf_addstr(&got, "!");
	assert_string_equal(strbuf_text(&got), wanted);
	strbuf_release(&got);
	free(arg.devs);
}

static void links_lead_to_devices(void **state)
{
	(void)state;
	assert_found("/dev/vg/lv", "254:3");
	assert_found("/dev/disk/by-uuid/0-1", "8:1");
	assert_found("/dev/dm-3", "254:3");
	assert_found("/sys/class/block/dm-3", "254:3");
	assert_found("/dev/none", "!");
	assert_found("/dev/vg/nothing", "!");
}

static void numbers_have_partitions(void **state)
{
	(void)state;
	assert_found("254:3", "254:3");
	assert_found("8:0", "8:0 8:1");
	assert_found("8:", "");
	assert_found("name", "");
	assert_found("", "");
}

static void files_have_loop_devices(void **state)
{
	(void)state;
	assert_found("/srv/image", "7:7");
}

static void mounts_have_devices(void **state)
{
	(void)state;
	assert_found("/mnt/with blank", "<8:1");
	assert_found("/mnt/twice", "<254:3");
	assert_found("/mnt/tmp", "");
	assert_found("/mnt/broken", "!");
	assert_found("/", "<254:3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_lead_to_devices),
		cmocka_unit_test(numbers_have_partitions),
		cmocka_unit_test(files_have_loop_devices),
		cmocka_unit_test(mounts_have_devices),
	};

	return cmocka_run_group_tests_name("device_path", tests, make_tree,
					   tree_remove);
}
