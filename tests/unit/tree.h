/* SPDX-License-Identifier: GPL-2.0-only */
/* A made-up tree of files, of which every path begins with "/". Include unit.h before. */
#ifndef MEMTOP_UNIT_TREE_H
#define MEMTOP_UNIT_TREE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"

static char tree_root[] = "/tmp/memtop-tree-XXXXXX";

static inline void tree_make(void)
{
	assert_non_null(mkdtemp(tree_root));
}

/* Removes all of it; for cmocka. */
static inline int tree_remove(void **state)
{
	struct strbuf command = { 0 };
	int err;

	(void)state;
	strbuf_addf(&command, "rm -rf '%s'", tree_root);
	err = system(strbuf_text(&command));
	strbuf_release(&command);
	return err;
}

/* Makes the directories of @path; @at becomes its real path. */
static inline void tree_dirs(struct strbuf *at, const char *path)
{
	strbuf_reset(at);
	strbuf_addf(at, "%s%s", tree_root, path);
	for (size_t i = strlen(tree_root) + 1; i < at->len; i++) {
		if (at->text[i] != '/')
			continue;
		at->text[i] = '\0';
		mkdir(at->text, 0700);
		at->text[i] = '/';
	}
}

static inline void tree_file(const char *path, const char *text)
{
	struct strbuf at = { 0 };
	FILE *file;

	tree_dirs(&at, path);
	file = fopen(strbuf_text(&at), "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	strbuf_release(&at);
}

static inline void tree_link(const char *path, const char *target)
{
	struct strbuf at = { 0 };

	tree_dirs(&at, path);
	assert_int_equal(symlink(target, strbuf_text(&at)), 0);
	strbuf_release(&at);
}

#endif
