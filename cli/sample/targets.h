/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of the reserves of device-mapper's target types. */
#ifndef MEMTOP_SAMPLE_TARGETS_H
#define MEMTOP_SAMPLE_TARGETS_H

#include <stdbool.h>

/*
 * Whether every reserve of a target of type @type is among the pools of a
 * sample: the type has none of its own, or both sources find all of them. A
 * type that is not in the list may have any.
 */
bool target_reserves_known(const char *type);

#endif
