// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/version.h"

#include <bpf/libbpf.h>

#include "system/zstd.h"

void version_add_parts(struct strbuf *sb)
{
	/* "v1.1" */
	strbuf_addf(sb, "libbpf %s", libbpf_version_string() + 1);
	strbuf_addf(sb, "\nrecordings: %s\n",
		    zstd_is_built_in() ? "compressed with zstd" :
					 "not compressed (built without zstd)");
#ifdef MEMTOP_STATIC
	strbuf_addstr(sb, "static: without bench, export to an address and "
			  "watch --journal\n");
#endif
}
