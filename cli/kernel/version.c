// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/version.h"

#include <bpf/libbpf.h>
#include <libdevmapper.h>

#include "system/zstd.h"

void version_add_parts(struct strbuf *sb)
{
	char devmapper[64];

	/* "v1.1" */
	strbuf_addf(sb, "libbpf %s", libbpf_version_string() + 1);
	if (dm_get_library_version(devmapper, sizeof(devmapper)))
		strbuf_addf(sb, ", libdevmapper %s", devmapper);
	strbuf_addf(sb, "\nrecordings: %s\n",
		    zstd_is_built_in() ? "compressed with zstd" :
					 "not compressed (built without zstd)");
#ifdef MEMTOP_STATIC
	strbuf_addstr(sb, "static: without bench, export to an address and "
			  "watch --journal\n");
#endif
}
