// SPDX-License-Identifier: GPL-2.0-only
#include "system/lock_memory.h"

#include <errno.h>
#include <limits.h>
#include <link.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/msg.h"

#define KIB 1024UL
/* Memory for a sample of a thousand devices and the longest line. */
#define HEAP_ROOM (1024 * KIB)
#define STACK_ROOM (128 * KIB)

/*
 * Objects with code of the loop. Other libraries are for other commands or for
 * the start; all of their pages would be megabytes.
 */
static bool is_needed(const char *path)
{
	static const char *const libraries[] = { "libbpf.", "libc.",
						 "ld-linux" };
	const char *name = strrchr(path, '/');

	/* the program itself has no name */
	if (!*path)
		return true;
	name = name ? name + 1 : path;
	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
		if (strncmp(name, libraries[i], strlen(libraries[i])) == 0)
			return true;
	}
	return false;
}

/*
 * Writable pages are written to, so that no page has to be copied later; pages
 * that are constant after loading refuse that, and are read.
 */
static void touch_range(uintptr_t start, uintptr_t end, bool writable,
			size_t page)
{
	if (!writable) {
		madvise((void *)start, end - start, MADV_POPULATE_READ);
		return;
	}
	for (; start < end; start += page) {
		if (madvise((void *)start, page, MADV_POPULATE_WRITE))
			madvise((void *)start, page, MADV_POPULATE_READ);
	}
}

static int touch_object(struct dl_phdr_info *info, size_t size, void *data)
{
	const size_t page = *(const size_t *)data;

	(void)size;
	if (!is_needed(info->dlpi_name))
		return 0;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + part->p_vaddr;
		uintptr_t end = start + part->p_memsz;

		if (part->p_type == PT_LOAD)
			touch_range(start & ~(page - 1),
				    (end + page - 1) & ~(page - 1),
				    part->p_flags & PF_W, page);
	}
	return 0;
}

static void touch_stack(void)
{
	char room[STACK_ROOM];

	explicit_bzero(room, sizeof(room));
}

int lock_memory_begin(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	int err = 0;

	/*
	 * Only pages that were used: with MCL_ONFAULT, those that have been
	 * touched.
	 */
	if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT))
		err = -errno;
	dl_iterate_phdr(touch_object, &page);
	touch_stack();
	return err;
}

void lock_memory_keep(void)
{
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit limit;

	if ((!getrlimit(RLIMIT_MEMLOCK, &limit) &&
	     limit.rlim_cur == RLIM_INFINITY) ||
	    !setrlimit(RLIMIT_MEMLOCK, &none))
		return;
	/* otherwise every allocation would fail at the limit */
	munlockall();
	msg_warning(
		"RLIMIT_MEMLOCK does not let memory stay locked without privileges: if memory is exhausted, reports may be late");
}

void lock_memory_settle(void)
{
	char *room;

	malloc_trim(0);
	/*
	 * From here on freed memory stays in the heap, and nothing is mapped.
	 */
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
	mallopt(M_MMAP_MAX, 0);
	mallopt(M_TOP_PAD, 64 * KIB);
	room = malloc(HEAP_ROOM);
	if (room)
		explicit_bzero(room, HEAP_ROOM);
	free(room);
}
