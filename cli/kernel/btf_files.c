// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/btf_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/msg.h"
#include "decode/btf_image.h"
#include "decode/btf_match.h"

#define DIRECTORY "/sys/kernel/btf"

/*
 * The names of modules with structures of device-mapper, its targets and the devices
 * below begin so. A structure with the same name in any other module is ignored.
 */
static const char *const beginnings[] = { "dm_", "loop", "md_", "raid" };

struct file {
	void *bytes; /* mapped */
	size_t len;
};

struct btf_files {
	struct file *files; /* owned; vmlinux first, then modules */
	size_t nr;
	struct btf_image *images; /* owned; of the same number */
	struct kernel_types types;
};

/* Reads exactly @len bytes; returns whether that succeeded. */
static bool read_whole(int fd, char *to, size_t len)
{
	size_t got = 0;
	ssize_t n;

	while (got < len && (n = read(fd, to + got, len - got)) > 0)
		got += (size_t)n;
	return got == len;
}

static bool read_file(const char *name, struct file *ret)
{
	char path[sizeof(DIRECTORY) + NAME_MAX + 1];
	struct stat st;
	bool whole = false;
	int fd;

	snprintf(path, sizeof(path), DIRECTORY "/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	*ret = (struct file){ .bytes = MAP_FAILED };
	if (!fstat(fd, &st) && st.st_size > 0) {
		ret->len = (size_t)st.st_size;
		/* in one go: megabytes, of which nearly all is looked at */
		ret->bytes = mmap(NULL, ret->len, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
				  -1, 0);
	}
	if (ret->bytes != MAP_FAILED) {
		whole = read_whole(fd, ret->bytes, ret->len);
		if (!whole)
			munmap(ret->bytes, ret->len);
	}
	close(fd);
	return whole;
}

static bool add_file(struct btf_files *f, const char *name)
{
	struct file file;

	if (!read_file(name, &file))
		return false;
	f->files = xgrow(f->files, f->nr, sizeof(*f->files));
	f->files[f->nr++] = file;
	return true;
}

static bool is_module_of_ours(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(beginnings); i++) {
		if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	}
	return false;
}

static bool add_modules(struct btf_files *f)
{
	DIR *dir = opendir(DIRECTORY);
	const struct dirent *entry;

	if (!dir)
		return false;
	/* one that is gone by now has no types */
	while ((entry = readdir(dir))) {
		if (is_module_of_ours(entry->d_name))
			add_file(f, entry->d_name);
	}
	closedir(dir);
	return true;
}

static bool read_images(struct btf_files *f)
{
	f->images = xcalloc(f->nr, sizeof(*f->images));
	for (size_t i = 0; i < f->nr; i++) {
		if (btf_image_read(f->files[i].bytes, f->files[i].len,
				   i ? f->images : NULL, &f->images[i]))
			return false;
	}
	f->types = (struct kernel_types){ .kernel = f->images,
					  .modules = f->images + 1,
					  .nr_modules = f->nr - 1 };
	return true;
}

struct btf_files *btf_files_read(void)
{
	struct btf_files *f = xcalloc(1, sizeof(*f));

	if (add_file(f, "vmlinux") && add_modules(f) && read_images(f))
		return f;
	msg_debug("the kernel's types cannot be read from " DIRECTORY
		  ": it relocates the programs itself");
	btf_files_free(f);
	return NULL;
}

const struct kernel_types *btf_files_types(const struct btf_files *files)
{
	return files ? &files->types : NULL;
}

void btf_files_free(struct btf_files *f)
{
	if (!f)
		return;
	for (size_t i = 0; f->images && i < f->nr; i++)
		btf_image_release(&f->images[i]);
	for (size_t i = 0; i < f->nr; i++)
		munmap(f->files[i].bytes, f->files[i].len);
	free(f->images);
	free(f->files);
	free(f);
}
