/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSTEM_CAPABILITY_H
#define MEMTOP_SYSTEM_CAPABILITY_H

#include <stdbool.h>

/* Whether we have @capability (CAP_* of <linux/capability.h>) in effect. */
bool capability_in_effect(unsigned int capability);

#endif
