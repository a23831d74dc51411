/* SPDX-License-Identifier: GPL-2.0-only */
/* The devices named on the command line. */
#ifndef MEMTOP_STREAM_DEVICE_WORDS_H
#define MEMTOP_STREAM_DEVICE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/device_arg.h"

struct options;
struct snapshot;

/*
 * Resolves the arguments on this machine, once; for a recording only their text
 * counts. The caller releases @ret.
 */
void device_words_resolve(const struct options *options,
			  struct device_args *ret);

/*
 * Finds the block devices with the file systems of --on. Returns 0; -ENOENT if there is
 * no such file or device, already reported. The caller frees *ret in any case.
 */
int device_words_find_on(const struct options *options,
			 struct sample_devno **ret, size_t *ret_nr);

/*
 * Reports the arguments that name no device of @snap, with the most similar
 * names; returns how many there are.
 */
size_t device_words_missing(const struct device_args *args,
			    const struct snapshot *snap, bool replay);

#endif
