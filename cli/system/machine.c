// SPDX-License-Identifier: GPL-2.0-only
#include "system/machine.h"

#include <sys/utsname.h>
#include <unistd.h>

#include "base/strbuf.h"

void machine_describe(struct strbuf *sb)
{
	const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct utsname name;

	strbuf_addstr(sb, uname(&name) ? "unknown machine" : name.machine);
	if (cpus > 0)
		strbuf_addf(sb, ", %ld CPU%s", cpus, cpus == 1 ? "" : "s");
}
