/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_VIEWS_FINDING_TEXT_H
#define MEMTOP_VIEWS_FINDING_TEXT_H

#include <stdbool.h>

struct finding;
struct sample;
struct strbuf;

/*
 * Adds a description of @f, which was found in @s, to @sb, on one line and
 * without its end: "deadlock: bottom (254:1): dm-worker[57] waits 12s for
 * recheck.page; held by ...". Names are escaped, to ASCII if @ascii_only.
 */
void finding_text_add(struct strbuf *sb, const struct sample *s,
		      const struct finding *f, bool ascii_only);

#endif
