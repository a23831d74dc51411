/* SPDX-License-Identifier: GPL-2.0-only */
/* The files of a directory that 'record --ring' and '--keep' write, one by one. */
#ifndef MEMTOP_RECORDING_RECORD_FILES_H
#define MEMTOP_RECORDING_RECORD_FILES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct record_files;

/* "0000000001.memtop", with its NUL. */
#define RECORD_FILE_NAME 18

/* Whether @name is the name of such a file; @ret is its number, from 1. */
bool record_file_number(const char *name, uint64_t *ret);
void record_file_name(char to[static RECORD_FILE_NAME], uint64_t number);

/* Lists the numbers of the files in @directory, sorted; the caller frees @ret. */
int record_files_list(int directory, uint64_t **ret, size_t *nr);

/*
 * Returns 0, -ENOTDIR if @path does not exist or is not a directory, which is not
 * reported, or another -errno.
 */
int record_files_open(const char *path, struct record_files **ret);

/*
 * Opens the next file and closes the previous one, whose name stays valid. Returns 1,
 * or 0 at the end.
 */
int record_files_next(void *files, FILE **file, const char **name);

/* Fine on NULL. */
void record_files_close(struct record_files *files);

#endif
