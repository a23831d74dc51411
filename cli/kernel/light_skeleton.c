// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/light_skeleton.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "decode/relocate.h"

void *light_load_relocate(const struct light_load *load,
			  const struct bpf_load_and_run_opts *opts)
{
	void *copy;
	int err = 0;

	if (!load->types)
		return NULL;
	copy = xreallocarray(NULL, opts->data_sz, 1);
	memcpy(copy, opts->data, opts->data_sz);
	for (const char *const *name = load->programs; !err && *name; name++) {
		err = relocate_program(copy, opts->data_sz, *name, load->types);
		if (err)
			msg_debug("the kernel relocates program %s", *name);
	}
	if (!err)
		return copy;
	free(copy);
	return NULL;
}
