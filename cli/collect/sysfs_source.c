// SPDX-License-Identifier: GPL-2.0-only
#include "collect/sysfs_source.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model/sample.h"
#include "util/msg.h"

#define DM_MOD "/sys/module/dm_mod"

bool sysfs_has_dm(void)
{
	return access(DM_MOD, F_OK) == 0;
}

size_t sysfs_count_devices(void)
{
	DIR *dir = opendir("/sys/block");
	const struct dirent *entry;
	size_t nr = 0;

	if (!dir)
		return 0;
	while ((entry = readdir(dir)))
		nr += strncmp(entry->d_name, "dm-", 3) == 0;
	closedir(dir);
	return nr;
}

uint64_t sysfs_reserved_bio_based_ios(void)
{
	const char *path = DM_MOD "/parameters/reserved_bio_based_ios";
	unsigned long long value;
	FILE *file = fopen(path, "re");

	if (!file) {
		msg_debug("%s: %s", path, strerror(errno));
		return MEMTOP_UNKNOWN;
	}
	if (fscanf(file, "%llu", &value) != 1)
		value = MEMTOP_UNKNOWN;
	fclose(file);
	return value;
}
