// SPDX-License-Identifier: GPL-2.0-only
#include "collect/sysfs_source.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model/sample.h"
#include "util/msg.h"
#include "util/text.h"

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

int sysfs_lockdown(char ret[static SYSFS_LOCKDOWN_ROOM])
{
	FILE *file = fopen("/sys/kernel/security/lockdown", "re");
	char line[96], *begin, *end;
	int err = 0;

	*ret = '\0';
	if (!file)
		return -errno;
	if (!fgets(line, sizeof(line), file))
		err = ferror(file) ? -EIO : -ENODATA;
	fclose(file);
	if (err)
		return err;
	/* "[none] integrity confidentiality": the state is in brackets */
	begin = strchr(line, '[');
	end = begin ? strchr(begin, ']') : NULL;
	if (!end)
		return -EINVAL;
	*end = '\0';
	text_copy(ret, SYSFS_LOCKDOWN_ROOM, begin + 1);
	return 0;
}

bool sysfs_locked_down(void)
{
	char state[SYSFS_LOCKDOWN_ROOM];

	return sysfs_lockdown(state) == 0 &&
	       strcmp(state, "confidentiality") == 0;
}
