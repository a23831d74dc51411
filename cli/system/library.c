// SPDX-License-Identifier: GPL-2.0-only
#include "system/library.h"

#include <dlfcn.h>
#include <stddef.h>

#include "base/msg.h"

#ifdef MEMTOP_STATIC
/* A static binary cannot load libraries. */
void *library_function(const struct library *library, const char *name)
{
	(void)name;
	msg_error("cannot %s: this is a static binary, which cannot load %s",
		  library->purpose, library->file);
	return NULL;
}
#else
void *library_function(const struct library *library, const char *name)
{
	void *handle = library->other_file ?
			       dlopen(library->other_file, RTLD_NOW) :
			       NULL;
	void *ret;

	if (!handle)
		handle = dlopen(library->file, RTLD_NOW);
	ret = handle ? dlsym(handle, name) : NULL;
	if (!ret) {
		msg_error("cannot %s: %s", library->purpose, dlerror());
		if (library->hint)
			msg_info("%s", library->hint);
	}
	return ret;
}
#endif
