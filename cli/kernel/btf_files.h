/* SPDX-License-Identifier: GPL-2.0-only */
/* The running kernel's types, as sysfs has them. */
#ifndef MEMTOP_KERNEL_BTF_FILES_H
#define MEMTOP_KERNEL_BTF_FILES_H

struct btf_files;
struct kernel_types;

/*
 * Reads those of vmlinux and of the modules whose structures our programs read. NULL
 * if there are none, or if they are of a form that is not known here.
 */
struct btf_files *btf_files_read(void);

const struct kernel_types *btf_files_types(const struct btf_files *files);

void btf_files_free(struct btf_files *files);

#endif
