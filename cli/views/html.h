/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A page in one file of HTML 5: no script, and nothing that is loaded from
 * elsewhere. All text that is not a constant goes through html_add().
 */
#ifndef MEMTOP_VIEWS_HTML_H
#define MEMTOP_VIEWS_HTML_H

#include <stddef.h>

struct strbuf;

/* Adds the beginning of a page with this title, and its heading. */
void html_begin(struct strbuf *sb, const char *title);
void html_end(struct strbuf *sb);

/*
 * Adds @text so that it is text in HTML, also in an attribute in double quotes;
 * invisible or text-reordering characters are escaped as in tables.
 */
void html_add(struct strbuf *sb, const char *text);

/* Adds "<TAG class="CLASS">text</TAG>"; @class may be NULL. */
void html_add_element(struct strbuf *sb, const char *tag, const char *class,
		      const char *text);

/* Adds a link with which @bytes are saved as the file @name, a constant. */
void html_add_file(struct strbuf *sb, const char *name, const char *text,
		   const void *bytes, size_t len);

#endif
