/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Libraries that are loaded by the command that needs them. Linking with them
 * and their dependencies would cost each report more than its own work.
 */
#ifndef MEMTOP_SYSTEM_LIBRARY_H
#define MEMTOP_SYSTEM_LIBRARY_H

struct library {
	const char *file; /* for dlopen(3) */
	const char *other_file; /* its name in some distributions; or NULL */
	const char *purpose; /* "cannot PURPOSE: ..." */
	const char *hint; /* what to do without it; or NULL */
};

/*
 * The function with that name. Loads its library, which stays loaded. NULL if
 * either is missing, already reported.
 */
void *library_function(const struct library *library, const char *name);

/*
 * For a LIST(use) of functions, with use(NAME) for each: LIST(LIBRARY_MEMBER)
 * are the members of a struct for calling them, and LIST(LIBRARY_LOOK_UP) looks
 * them up in a function that has such a struct *ret, a struct library library,
 * and fails with -errno.
 */
#define LIBRARY_MEMBER(name) typeof(&name) name;
#define LIBRARY_LOOK_UP(name)                          \
	ret->name = library_function(&library, #name); \
	if (!ret->name)                                \
		return -ELIBACC;

#endif
