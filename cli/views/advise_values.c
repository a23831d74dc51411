// SPDX-License-Identifier: GPL-2.0-only
/* What each of several values saves, and what speaks against it. */
#include <inttypes.h>
#include <stdbool.h>

#include "base/strbuf.h"
#include "base/units.h"
#include "model/advise.h"
#include "model/reload.h"
#include "sample/quantity.h"
#include "views/advise_view.h"

/* Adds @text so that it ends at column @width of its own. */
static void add_right(struct strbuf *sb, const char *text, int width)
{
	strbuf_addf(sb, "%*s", width, text);
}

/* "-": not known; with @limit in front if it is a limit only */
static void add_bytes(struct strbuf *sb, bool known, bool negative,
		      uint64_t bytes, const char *limit, int width)
{
	struct strbuf cell = { 0 };

	if (known) {
		strbuf_addf(&cell, "%s%s", limit, negative ? "-" : "");
		units_add_bytes(&cell, bytes);
	} else {
		strbuf_addstr(&cell, "-");
	}
	add_right(sb, strbuf_text(&cell), width);
	strbuf_release(&cell);
}

/* "used (at least 5), waited (at least 32)" */
static void add_against(struct strbuf *sb, const struct advice *advice,
			const struct advise_choice *choice)
{
	const char *comma = "";

	for (size_t rule = 0; rule < NR_ADVISE_RULES; rule++) {
		if (!choice->against[rule])
			continue;
		strbuf_addf(sb, "%s%s", comma, advise_rule_names[rule]);
		if (!advise_is_note(rule))
			strbuf_addf(sb, " (at least %" PRIu64 ")",
				    advice->evidence.reasons[rule].value);
		comma = ", ";
	}
	if (!*comma)
		strbuf_addstr(sb, "none observed");
}

static void add_choice(struct strbuf *sb, const struct advice *advice,
		       const struct advise_choice *choice)
{
	const bool then_known = choice->then != MEMTOP_UNKNOWN;
	const bool known = then_known && advice->now != MEMTOP_UNKNOWN;
	const bool more = choice->then > advice->now;

	strbuf_addf(sb, "  %5" PRIu64, choice->value);
	add_bytes(sb, then_known, false, choice->then,
		  choice->at_least ? "<=" : "", 12);
	add_bytes(sb, known, more,
		  more ? choice->then - advice->now :
			 advice->now - choice->then,
		  choice->at_least ? ">=" : "", 12);
	strbuf_addf(sb, "%9zu  ", choice->nr_reload);
	add_against(sb, advice, choice);
	strbuf_addstr(sb, "\n");
}

void advise_values_text(FILE *out, const struct advice *advice)
{
	struct strbuf sb = { 0 };
	bool limits = false;

	strbuf_addstr(&sb, "\nWhat if:\n"
			   "  VALUE    RESERVED       SAVED  RELOADS"
			   "  EVIDENCE AGAINST\n");
	for (size_t i = 0; i < advice->nr_choices; i++) {
		add_choice(&sb, advice, &advice->choices[i]);
		limits |= advice->choices[i].at_least;
	}
	if (limits)
		strbuf_addstr(
			&sb,
			"  <=, >=: some targets may keep more than the value, which is not known.\n");
	fputs(strbuf_text(&sb), out);
	strbuf_release(&sb);
}
