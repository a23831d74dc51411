// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "fixtures.h"
#include "model/owner.h"

struct world {
	struct sample sample;
	struct snapshot snap;
	struct snap_selection sel;
	struct owner_group *groups;
	size_t nr;
};

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct world));
	return !*state;
}

static int teardown(void **state)
{
	struct world *w = *state;

	free(w->groups);
	snap_selection_release(&w->sel);
	snapshot_release(&w->snap);
	sample_release(&w->sample);
	free(w);
	return 0;
}

static void group(struct world *w)
{
	static const struct snap_filter all;

	snapshot_build(&w->sample, &w->snap);
	snapshot_select(&w->snap, &all, &w->sel);
	w->groups = owner_list_groups(&w->snap, &w->sel, &w->nr);
}

/*
 * @file: of the loop device that the device is on, and @mount where the device is
 * mounted; NULL: none.
 */
static void placed_owner_is(const char *name, const char *uuid,
			    const char *file, const char *mount,
			    const char *owner, const char *evidence)
{
	struct strbuf text = { 0 }, why = { 0 };
	struct sample sample = { 0 };
	struct sample_device *device = fixture_device(&sample, 0, name);
	struct owner found;

	strcpy(device->uuid, uuid);
	fixture_lower(device, 7, 3);
	sample.blocks_known = true;
	if (file)
		fixture_block(&sample, 7, 3, "loop3", file);
	if (mount)
		fixture_mount(fixture_block(&sample, device->dev.major,
					    device->dev.minor, "dm-0", ""),
			      mount, "ext4");
	assert_int_equal(owner_find(&sample, device, &found), owner != NULL);
	if (owner) {
		owner_add_name(&text, &found);
		owner_add_evidence(&why, &found);
		assert_string_equal(strbuf_text(&text), owner);
		assert_string_equal(strbuf_text(&why), evidence);
	}
	strbuf_release(&text);
	strbuf_release(&why);
	sample_release(&sample);
}

static void owner_is(const char *name, const char *uuid, const char *owner,
		     const char *evidence)
{
	placed_owner_is(name, uuid, NULL, NULL, owner, evidence);
}

static void file_owner_is(const char *file, const char *owner,
			  const char *evidence)
{
	placed_owner_is("x", "CRYPT-VERITY-0-x", file, NULL, owner, evidence);
}

static void rules(void **state)
{
	(void)state;
	owner_is("vg0-root", "LVM-abc", "lvm vg0", "uuid LVM-*");
	owner_is("my--vg-my--lv", "LVM-abc", "lvm my-vg", "uuid LVM-*");
	owner_is("vg0-pool_tmeta", "LVM-abc-tmeta", "lvm vg0", "uuid LVM-*");
	owner_is("a---b", "LVM-abc", "lvm a-", "uuid LVM-*");
	owner_is("home", "CRYPT-LUKS2-0-home", "luks", "uuid CRYPT-LUKS[12]-*");
	owner_is("old", "CRYPT-LUKS1-0-old", "luks", "uuid CRYPT-LUKS[12]-*");
	owner_is("usr", "CRYPT-VERITY-0-usr", "veritysetup",
		 "uuid CRYPT-VERITY-*");
	owner_is("x-verity", "CRYPT-VERITY-0-x-verity", "systemd image",
		 "uuid CRYPT-VERITY-*, name *-verity");
	owner_is("mpatha", "mpath-360", "multipath", "uuid mpath-*");
	owner_is("mpatha1", "part1-mpath-360", "multipath",
		 "uuid part[0-9]*-mpath-*");
	owner_is("com.android.art@3", "", "apex com.android.*",
		 "name com.android.*");
	owner_is("docker-8:1-123-base", "", "docker",
		 "name docker-[0-9]*:[0-9]*-[0-9]*-*");
	owner_is("a-snap-b-snap-12", "", "containerd a-snap-b",
		 "name *-snap-[0-9]*");
	/* a UUID is stronger evidence than a name of another owner's kind */
	owner_is("vg-snap-1", "LVM-abc", "lvm vg", "uuid LVM-*");
}

static void rules_of_files(void **state)
{
	(void)state;
	file_owner_is("/data/apex/active/x@2.apex", "apex",
		      "backing /data/apex/*");
	file_owner_is("/vendor/apex/x.apex", "apex", "backing *.apex");
	file_owner_is("/system_ext/apex/x.capex", "apex", "backing *.capex");
	file_owner_is("/data/apex/decompressed/x.apex (deleted)", "apex",
		      "backing /data/apex/*");
	file_owner_is("/vendor/x.apex (deleted)", "apex", "backing *.apex");
	file_owner_is("/vendor/x.apex (deleted) ", "veritysetup",
		      "uuid CRYPT-VERITY-*");
	file_owner_is("/var/lib/snapd/snaps/core22_1.snap", "snap",
		      "backing /var/lib/snapd/*");
	file_owner_is("/var/lib/extensions/dev.raw", "sysext",
		      "backing /var/lib/extensions/*");
	file_owner_is("/run/confexts/site.raw", "confext",
		      "backing /run/confexts/*");
	file_owner_is("/var/lib/portables/web.raw", "portable service",
		      "backing /var/lib/portables/*");
	file_owner_is("/var/lib/docker/overlay2/l.img", "docker",
		      "backing /var/lib/docker/*");
	file_owner_is("/var/lib/containerd/x/layer.erofs", "containerd",
		      "backing /var/lib/containerd/*");
	file_owner_is("/home/me/.local/share/containers/s/l", "containers",
		      "backing */.local/share/containers/*");
	file_owner_is("/srv/var/lib/docker/x", "veritysetup",
		      "uuid CRYPT-VERITY-*");
	placed_owner_is("com.android.art@3", "", "/system/apex/art.apex", NULL,
			"apex com.android.*",
			"backing /system/apex/*, name com.android.*");
	placed_owner_is("home", "CRYPT-LUKS2-0-home", "/data/apex/x.apex", NULL,
			"luks", "uuid CRYPT-LUKS[12]-*");
}

static void rules_of_mounts(void **state)
{
	(void)state;
	placed_owner_is("usr", "CRYPT-VERITY-1-usr", NULL, "/usr",
			"system image", "uuid CRYPT-VERITY-*, mount /usr");
	placed_owner_is("root", "", NULL, "/", "system image",
			"mount /, name root");
	placed_owner_is("root", "", NULL, "/mnt", NULL, NULL);
	placed_owner_is("usr", "CRYPT-VERITY-1-usr", NULL, "/usr/local",
			"veritysetup", "uuid CRYPT-VERITY-*");
}

/* Through a partition, and not through another mapped device. */
static void files_below_partitions_count(void **state)
{
	struct world *w = *state;
	struct sample_device *device = fixture_device(&w->sample, 0, "x");
	struct owner found;

	fixture_lower(device, 259, 1);
	fixture_lower(fixture_device(&w->sample, 1, "upper"), 254, 0);
	fixture_block(&w->sample, 7, 3, "loop3", "/run/extensions/x.raw");
	fixture_block_lower(fixture_block(&w->sample, 259, 1, "loop3p1", ""), 7,
			    3);
	w->sample.blocks_known = true;
	assert_true(owner_find(&w->sample, &w->sample.devices[0], &found));
	assert_string_equal(found.kind, "sysext");
	assert_false(owner_find(&w->sample, &w->sample.devices[1], &found));
}

static void without_an_owner(void **state)
{
	(void)state;
	owner_is("custom", "", NULL, NULL);
	owner_is("verity", "my-LVM-abc", NULL, NULL);
	owner_is("x-verity", "", NULL, NULL);
	owner_is("", "", NULL, NULL);
}

/* Those with most bytes first, those without an owner last. */
static void groups_are_in_order(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *name, *uuid;
		uint64_t bytes;
	} devices[] = {
		{ "one", "", 1000 },
		{ "a-1", "LVM-1", 10 },
		{ "home", "CRYPT-LUKS2-", 30 },
		{ "a-2", "LVM-2", 10 },
		{ "b-1", "LVM-3", 5 },
		{ "two", "", 1000 },
	};

	for (uint32_t i = 0; i < 6; i++) {
		strcpy(fixture_device(&w->sample, i, devices[i].name)->uuid,
		       devices[i].uuid);
		fixture_pool(&w->sample, i, i + 1, "core.io", 1,
			     devices[i].bytes);
	}
	group(w);
	assert_int_equal(w->nr, 4);
	assert_string_equal(w->groups[0].owner.kind, "luks");
	assert_string_equal(w->groups[1].owner.group, "a");
	assert_int_equal(w->groups[1].count.devices, 2);
	assert_true(w->groups[1].sums.reserved.exact == 20);
	assert_string_equal(w->groups[2].owner.group, "b");
	assert_null(w->groups[3].owner.kind);
	assert_true(w->groups[3].sums.reserved.exact == 2000);
}

/* A pool of two devices is each owner's, but counts once in one owner's sum. */
static void shared_pools_count_once_for_each(void **state)
{
	struct world *w = *state;
	static const char *const uuids[] = { "LVM-1", "LVM-2", "mpath-1" };

	for (uint32_t i = 0; i < 3; i++) {
		strcpy(fixture_device(&w->sample, i, "vg-lv")->uuid, uuids[i]);
		fixture_pool(&w->sample, i, i + 1, "core.io", 4, 100)->id = 77;
	}
	group(w);
	assert_int_equal(w->nr, 2);
	for (size_t i = 0; i < 2; i++)
		assert_true(w->groups[i].sums.reserved.exact == 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules),
		cmocka_unit_test(rules_of_files),
		cmocka_unit_test(rules_of_mounts),
		cmocka_unit_test_setup_teardown(files_below_partitions_count,
						setup, teardown),
		cmocka_unit_test(without_an_owner),
		cmocka_unit_test_setup_teardown(groups_are_in_order, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			shared_pools_count_once_for_each, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
