// SPDX-License-Identifier: GPL-2.0-only
#include "recording/record_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "base/msg.h"
#include "base/strbuf.h"

#define DIGITS 10
#define SUFFIX ".memtop"

struct record_files {
	int directory; /* owned */
	char *path; /* owned */
	uint64_t *numbers; /* owned */
	char **names; /* owned; of each that was opened */
	size_t nr;
	size_t next;
	FILE *file; /* owned */
};

bool record_file_number(const char *name, uint64_t *ret)
{
	const size_t digits = strspn(name, "0123456789");

	if (digits != DIGITS || strcmp(name + digits, SUFFIX) != 0)
		return false;
	*ret = strtoull(name, NULL, 10);
	return *ret > 0;
}

void record_file_name(char to[static RECORD_FILE_NAME], uint64_t number)
{
	/* numbers wrap around after the largest one */
	snprintf(to, RECORD_FILE_NAME, "%0*" PRIu64 SUFFIX, DIGITS,
		 number % 10000000000);
}

static int compare_numbers(const void *a, const void *b)
{
	return compare_u64(*(const uint64_t *)a, *(const uint64_t *)b);
}

int record_files_list(int directory, uint64_t **ret, size_t *nr)
{
	/* a new open file, because its position is not to be shared */
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	uint64_t number;

	*ret = NULL;
	*nr = 0;
	if (!dir) {
		int err = -errno;

		if (fd >= 0)
			close(fd);
		return err;
	}
	while ((entry = readdir(dir))) {
		if (!record_file_number(entry->d_name, &number))
			continue;
		*ret = xgrow(*ret, *nr, sizeof(**ret));
		(*ret)[(*nr)++] = number;
	}
	closedir(dir);
	sort_unsorted(*ret, *nr, sizeof(**ret), compare_numbers);
	return 0;
}

int record_files_open(const char *path, struct record_files **ret)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	struct record_files *files;
	int err;

	/* the caller opens it as a file, and reports other errors */
	if (fd < 0)
		return -ENOTDIR;
	files = xcalloc(1, sizeof(*files));
	files->directory = fd;
	files->path = xstrdup(path);
	err = record_files_list(fd, &files->numbers, &files->nr);
	if (err) {
		msg_error_errno(err, "cannot read %s", path);
		record_files_close(files);
		return err;
	}
	if (!files->nr) {
		record_files_close(files);
		return msg_error_errno(EISDIR, "cannot read %s", path);
	}
	files->names = xcalloc(files->nr, sizeof(*files->names));
	*ret = files;
	return 0;
}

int record_files_next(void *from, FILE **file, const char **name)
{
	struct record_files *files = from;

	while (files && files->next < files->nr) {
		const size_t at = files->next++;
		char own[RECORD_FILE_NAME];
		struct strbuf path = { 0 };
		int fd;

		record_file_name(own, files->numbers[at]);
		strbuf_addf(&path, "%s/%s", files->path, own);
		files->names[at] = path.text;
		fd = openat(files->directory, own,
			    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		/* the program that writes the ring has removed it */
		if (fd < 0 && errno == ENOENT)
			continue;
		if (fd < 0)
			return msg_error_errno(errno, "cannot read %s",
					       path.text);
		if (files->file)
			fclose(files->file);
		files->file = xcheck(fdopen(fd, "r"));
		*file = files->file;
		*name = files->names[at];
		return 1;
	}
	return 0;
}

void record_files_close(struct record_files *files)
{
	if (!files)
		return;
	for (size_t i = 0; files->names && i < files->nr; i++)
		free(files->names[i]);
	if (files->file)
		fclose(files->file);
	close(files->directory);
	free(files->names);
	free(files->numbers);
	free(files->path);
	free(files);
}
