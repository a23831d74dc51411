// SPDX-License-Identifier: GPL-2.0-only
#include "views/name_list.h"

#include "base/strbuf.h"
#include "base/text.h"
#include "model/sample_events.h"

/* More names are counted. */
#define MOST_NAMES 3

void name_list_add(struct strbuf *to, const char *what,
		   const struct event_names *names, bool ascii_only)
{
	for (size_t i = 0; i < names->nr && i < MOST_NAMES; i++) {
		if (i)
			strbuf_addstr(to, ", ");
		else
			strbuf_addf(to, "%s%s: ", to->len ? "; " : "", what);
		text_escape(to, *names->all[i] ? names->all[i] : "-",
			    ascii_only);
	}
	if (names->nr > MOST_NAMES)
		strbuf_addf(to, ", +%zu", names->nr - MOST_NAMES);
}
