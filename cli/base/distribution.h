/* SPDX-License-Identifier: GPL-2.0-only */
/* Kinds of systems, by how they keep the parameters of a kernel. */
#ifndef MEMTOP_BASE_DISTRIBUTION_H
#define MEMTOP_BASE_DISTRIBUTION_H

enum distribution {
	DISTRIBUTION_OTHER, /* another one, or not known */
	DISTRIBUTION_DEBIAN,
	DISTRIBUTION_FEDORA,
	DISTRIBUTION_OSTREE,
	DISTRIBUTION_FLATCAR,
	DISTRIBUTION_BOTTLEROCKET,
	DISTRIBUTION_ANDROID,
	NR_DISTRIBUTIONS,
};

/* "other", "debian", ... */
extern const char *const distribution_names[NR_DISTRIBUTIONS];

/* The kind of the system whose os-release(5) is @text. */
enum distribution distribution_of(const char *text);

/*
 * The kind of the running system. Defined with the kernel's readers; programs
 * without these use tests/fixtures/distribution.c.
 */
enum distribution distribution_running(void);

#endif
