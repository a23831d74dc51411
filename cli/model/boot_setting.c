// SPDX-License-Identifier: GPL-2.0-only
#include "model/boot_setting.h"

#include <stdbool.h>

#include "base/strbuf.h"

#define MOST_STEPS 4
#define PARAMETER "dm_mod.reserved_bio_based_ios"
#define MODPROBE "options dm_mod reserved_bio_based_ios=@\n"

static const struct boot_step steps[NR_DISTRIBUTIONS][MOST_STEPS] = {
	[DISTRIBUTION_OTHER] = {
		{ "From the next boot on, in /etc/modprobe.d/verity-memtop.conf; "
		  "then rebuild the initramfs (advise --system NAME has the steps)",
		  MODPROBE },
		{ "or on the kernel command line, also for a built-in dm_mod",
		  PARAMETER "=@\n" },
	},
	[DISTRIBUTION_DEBIAN] = {
		{ "From the next boot on, in /etc/modprobe.d/verity-memtop.conf; "
		  "then update-initramfs -u",
		  MODPROBE },
		{ "or on the kernel command line, also for a built-in dm_mod",
		  PARAMETER "=@\n" },
	},
	/* dm_mod is built in, or loaded by the initramfs */
	[DISTRIBUTION_FEDORA] = {
		{ "From the next boot on",
		  "grubby --update-kernel=ALL --args=" PARAMETER "=@\n" },
		{ "To undo that",
		  "grubby --update-kernel=ALL --remove-args=" PARAMETER "\n" },
	},
	[DISTRIBUTION_OSTREE] = {
		{ "From the next boot on",
		  "rpm-ostree kargs --append-if-missing=" PARAMETER "=@\n" },
		{ "To undo that",
		  "rpm-ostree kargs --delete-if-present=" PARAMETER "=@\n" },
	},
	[DISTRIBUTION_FLATCAR] = {
		{ "From the next boot on, in /oem/grub.cfg",
		  "set linux_append=\"$linux_append " PARAMETER "=@\"\n" },
	},
	[DISTRIBUTION_BOTTLEROCKET] = {
		{ "From the next boot on",
		  "apiclient apply <<EOF\n"
		  "[settings.boot.kernel-parameters]\n"
		  "\"" PARAMETER "\" = [\"@\"]\n"
		  "EOF\n"
		  "apiclient reboot\n" },
	},
	/* the kernel adds the keys below "kernel" to its command line */
	[DISTRIBUTION_ANDROID] = {
		{ "From the next boot on, in BoardConfig.mk of a device with a bootconfig",
		  "BOARD_BOOTCONFIG += kernel." PARAMETER "=@\n" },
		{ "or of a device without one",
		  "BOARD_KERNEL_CMDLINE += " PARAMETER "=@\n" },
	},
};

const struct boot_step *boot_setting_steps(enum distribution system)
{
	return steps[system];
}

void boot_setting_add(struct strbuf *sb, const char *text, uint64_t value,
		      const char *indent)
{
	bool begins = true;

	for (; *text; text++) {
		if (begins)
			strbuf_addstr(sb, indent);
		if (*text == '@')
			strbuf_addu(sb, value);
		else
			strbuf_add(sb, text, 1);
		begins = *text == '\n';
	}
}
