// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/sysfs_source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/msg.h"
#include "base/text.h"
#include "sample/sample.h"

#define DM_MOD "/sys/module/dm_mod"

bool sysfs_is_mounted(void)
{
	return access("/sys/module", F_OK) == 0;
}

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

int sysfs_open_reserved_bio_based_ios(void)
{
	const char *path = DM_MOD "/parameters/reserved_bio_based_ios";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		msg_debug("%s: %s", path, strerror(errno));
	return fd;
}

uint64_t sysfs_read_reserved_bio_based_ios(int fd)
{
	char text[24];
	ssize_t len = fd < 0 ? -1 : pread(fd, text, sizeof(text) - 1, 0);
	uint64_t value;

	if (len <= 0)
		return MEMTOP_UNKNOWN;
	if (text[len - 1] == '\n')
		len--;
	text[len] = '\0';
	return text_to_u64(text, 0, UINT32_MAX, &value) ? MEMTOP_UNKNOWN :
							  value;
}

uint64_t sysfs_reserved_bio_based_ios(void)
{
	int fd = sysfs_open_reserved_bio_based_ios();
	uint64_t value = sysfs_read_reserved_bio_based_ios(fd);

	if (fd >= 0)
		close(fd);
	return value;
}

void sysfs_module_find(const char *name, struct sysfs_module *ret)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	*ret = (struct sysfs_module){ .there = access(path, F_OK) == 0,
				      .fd = -1 };
	/* a built-in module has no size */
	snprintf(path, sizeof(path), "/sys/module/%s/coresize", name);
	if (ret->there)
		ret->fd = open(path, O_RDONLY | O_CLOEXEC);
}

bool sysfs_module_gone(const struct sysfs_module *module)
{
	char size;

	/* ENODEV (kernfs_get_active()) after the unloading, permanently */
	return module->fd >= 0 && pread(module->fd, &size, 1, 0) != 1;
}

bool sysfs_module_moves(const char *name, const struct sysfs_module *module)
{
	char path[96], state[16];
	FILE *file;
	int nr;

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	if ((access(path, F_OK) == 0) != module->there)
		return true;
	if (!module->there || module->fd < 0)
		return false;
	/* "coming", "live" or "going" */
	snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
	file = fopen(path, "re");
	nr = file ? fscanf(file, "%15s", state) : 0;
	if (file)
		fclose(file);
	return nr != 1 || strcmp(state, "live") != 0;
}

void sysfs_module_release(struct sysfs_module *module)
{
	if (module->fd >= 0)
		close(module->fd);
	*module = (struct sysfs_module){ .fd = -1 };
}

uint64_t sysfs_mem_total(void)
{
	const char *path = "/proc/meminfo";
	unsigned long long kib;
	uint64_t bytes = MEMTOP_UNKNOWN;
	FILE *file = fopen(path, "re");

	if (!file) {
		msg_debug("%s: %s", path, strerror(errno));
		return MEMTOP_UNKNOWN;
	}
	/* its first line */
	if (fscanf(file, "MemTotal: %llu kB", &kib) == 1)
		bytes = kib * 1024;
	fclose(file);
	return bytes;
}

void sysfs_boot_id(char ret[static SYSFS_BOOT_ID_ROOM])
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!file || fscanf(file, "%36s", ret) != 1)
		*ret = '\0';
	if (file)
		fclose(file);
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
