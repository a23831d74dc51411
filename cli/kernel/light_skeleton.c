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

	if (!load->types)
		return NULL;
	copy = xreallocarray(NULL, opts->data_sz, 1);
	memcpy(copy, opts->data, opts->data_sz);
	if (!relocate_program(copy, opts->data_sz, load->program, load->types))
		return copy;
	msg_debug("the kernel relocates program %s", load->program);
	free(copy);
	return NULL;
}
