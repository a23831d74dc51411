/* SPDX-License-Identifier: GPL-2.0-only */
/* How a value of reserved_bio_based_ios is kept from the next boot on, by system. */
#ifndef MEMTOP_MODEL_BOOT_SETTING_H
#define MEMTOP_MODEL_BOOT_SETTING_H

#include <stdint.h>

#include "base/distribution.h"

struct strbuf;

/* One step, or one way to take it. */
struct boot_step {
	const char *title; /* without a colon; NULL: past the last step */
	const char *lines; /* to be copied; '@' stands for the value */
};

/* The steps for @system; after the last one, one without a title. */
const struct boot_step *boot_setting_steps(enum distribution system);

/* Adds @text, of a step, with @value in it and @indent before each line. */
void boot_setting_add(struct strbuf *sb, const char *text, uint64_t value,
		      const char *indent);

#endif
