// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <string.h>

#include "fixtures.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "model/reload_way.h"
#include "model/snapshot.h"
#include "views/reload_line.h"

#define LINEAR                                                            \
	"dmsetup table --showkeys %s | dmsetup load $(dmsetup info -c "   \
	"--noheadings -o attr %s | sed -n 's/.*r.*/--readonly/p') %s && " \
	"dmsetup resume %s"

struct world {
	struct sample sample;
	struct snapshot snap;
};

/* A device of this name with a live table of @types, "linear striped". */
static struct sample_device *add(struct world *w, const char *name,
				 const char *types)
{
	uint32_t minor = (uint32_t)w->sample.nr_devices;
	struct sample_device *d = fixture_device(&w->sample, minor, name);
	char words[128], *next = words, *type;

	text_copy(words, sizeof(words), types);
	while ((type = strsep(&next, " "))) {
		if (*type)
			fixture_target(d, SAMPLE_SLOT_LIVE, type);
	}
	fixture_pool(&w->sample, minor, minor, "core.io", 16, 100);
	return d;
}

static void release(struct world *w)
{
	snapshot_release(&w->snap);
	sample_release(&w->sample);
	*w = (struct world){ 0 };
}

/* For the only table: the way to reload it, and the command or "". */
static void assert_way(struct world *w, bool stuck, enum reload_way way,
		       const char *command)
{
	struct strbuf sb = { 0 };

	snapshot_build(&w->sample, &w->snap);
	assert_int_equal(reload_way_of(&w->snap.entries[0], stuck), way);
	assert_int_equal(reload_line_add(&sb, way, &w->snap.entries[0]),
			 *command != '\0');
	assert_string_equal(strbuf_text(&sb), command);
	strbuf_release(&sb);
	release(w);
}

static void verity_is_loaded_read_only(void **state)
{
	struct world w = { 0 };

	(void)state;
	add(&w, "v", "verity verity");
	assert_way(&w, false, RELOAD_DMSETUP,
		   "dmsetup table --showkeys v | dmsetup load --readonly v && "
		   "dmsetup resume v");
}

/* The command itself tests whether a device is read-only. */
static void others_are_loaded_as_they_are(void **state)
{
	static const char *const types[] = {
		"linear", "striped",  "crypt",		 "delay",
		"thin",	  "snapshot", "snapshot-origin", "thin-pool",
		"zero",	  "error",    "flakey",
	};
	struct strbuf sb = { 0 };

	(void)state;
	strbuf_addf(&sb, LINEAR, "d", "d", "d", "d");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct world w = { 0 };

		add(&w, "d", types[i]);
		assert_way(&w, false, RELOAD_DMSETUP, strbuf_text(&sb));
	}
	strbuf_release(&sb);
}

static void names_are_safe_in_a_shell(void **state)
{
	static const struct {
		const char *name;
		const char *word;
	} cases[] = {
		{ "vg-lv--1", "vg-lv--1" },
		{ "a.b:c@d=e+f_g", "a.b:c@d=e+f_g" },
		{ "#x", "'#x'" },
		{ "-d", "--manglename none -j 254 -m 0" },
		{ "a b", "--manglename none -j 254 -m 0" },
		{ "$(reboot)", "--manglename none -j 254 -m 0" },
		{ "it's", "--manglename none -j 254 -m 0" },
		{ "a\\x20b", "--manglename none -j 254 -m 0" },
		{ "new\nline", "--manglename none -j 254 -m 0" },
		{ "\xc3\xa4", "--manglename none -j 254 -m 0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *d = cases[i].word;
		struct strbuf sb = { 0 };
		struct world w = { 0 };

		strbuf_addf(&sb, LINEAR, d, d, d, d);
		add(&w, cases[i].name, "linear");
		assert_way(&w, false, RELOAD_DMSETUP, strbuf_text(&sb));
		strbuf_release(&sb);
	}
}

/* Only the kernel has its key. */
static void luks2_is_cryptsetups(void **state)
{
	struct world w = { 0 };
	struct sample_device *d = add(&w, "home", "crypt");

	(void)state;
	strcpy(d->uuid, "CRYPT-LUKS2-0123-home");
	assert_way(&w, false, RELOAD_CRYPTSETUP, "cryptsetup refresh home");
	d = add(&w, "a b", "crypt");
	strcpy(d->uuid, "CRYPT-LUKS2-0123-home");
	assert_way(&w, false, RELOAD_CRYPTSETUP, "");
	d = add(&w, "old", "crypt");
	strcpy(d->uuid, "CRYPT-LUKS1-0123-old");
	snapshot_build(&w.sample, &w.snap);
	assert_int_equal(reload_way_of(&w.snap.entries[0], false),
			 RELOAD_DMSETUP);
	release(&w);
}

static void some_have_no_command(void **state)
{
	static const char *const types[] = { "cache",	  "writecache",
					     "integrity", "era",
					     "multipath", "snapshot-merge",
					     "mirror",	  "raid",
					     "novel" };
	struct world w = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		add(&w, "d", types[i]);
		assert_way(&w, false, RELOAD_REMAKE, "");
	}
	add(&w, "d", "linear dust");
	snapshot_build(&w.sample, &w.snap);
	assert_string_equal(reload_way_culprit(&w.snap.entries[0]), "dust");
	release(&w);
	add(&w, "d", "linear")->suspended = true;
	assert_way(&w, true, RELOAD_SUSPENDED, "");
	add(&w, "d", "linear");
	assert_way(&w, true, RELOAD_STUCK, "");
	fixture_target(add(&w, "d", "linear"), SAMPLE_SLOT_INACTIVE, "linear");
	assert_way(&w, false, RELOAD_PENDING, "");
	add(&w, "", "linear");
	assert_way(&w, false, RELOAD_NOBODY, "");
	add(&w, "d", "");
	assert_way(&w, false, RELOAD_NOBODY, "");
	/* a removed device, and no device */
	fixture_pool(&w.sample, 0, 1, "core.io", 16, 100);
	assert_way(&w, false, RELOAD_NOBODY, "");
	fixture_pool(&w.sample, 0, 1, "other.io", 16, 100)->dev_known = false;
	assert_way(&w, false, RELOAD_NOBODY, "");
}

static void an_inactive_table_stays_so(void **state)
{
	struct world w = { 0 };
	struct sample_device *d = fixture_device(&w.sample, 0, "d");

	(void)state;
	fixture_target(d, SAMPLE_SLOT_INACTIVE, "verity");
	fixture_pool(&w.sample, 0, 1, "core.io", 16, 100)->slot =
		SAMPLE_SLOT_INACTIVE;
	assert_way(&w, false, RELOAD_INACTIVE,
		   "dmsetup table --inactive --showkeys d | "
		   "dmsetup load --readonly d");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verity_is_loaded_read_only),
		cmocka_unit_test(others_are_loaded_as_they_are),
		cmocka_unit_test(names_are_safe_in_a_shell),
		cmocka_unit_test(luks2_is_cryptsetups),
		cmocka_unit_test(some_have_no_command),
		cmocka_unit_test(an_inactive_table_stays_so),
	};

	return cmocka_run_group_tests_name("reload_way", tests, NULL, NULL);
}
