// SPDX-License-Identifier: GPL-2.0-only
#include "base/distribution.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* os-release(5) of systems that exist has less than a tenth of this. */
#define ROOM 16384

static enum distribution read_release(const char *path)
{
	char text[ROOM];
	FILE *file = fopen(path, "re");
	size_t len;

	if (!file)
		return DISTRIBUTION_OTHER;
	len = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[len] = '\0';
	return distribution_of(text);
}

enum distribution distribution_running(void)
{
	enum distribution found;

	/* Android has no os-release, and ostree that of what it delivers */
	if (access("/system/build.prop", F_OK) == 0)
		return DISTRIBUTION_ANDROID;
	if (access("/run/ostree-booted", F_OK) == 0)
		return DISTRIBUTION_OSTREE;
	found = read_release("/etc/os-release");
	return found ? found : read_release("/usr/lib/os-release");
}
