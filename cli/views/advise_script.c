// SPDX-License-Identifier: GPL-2.0-only
/* Advice as a script for a shell: it sets the value, and undoes that. */
#include <inttypes.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "model/advise.h"
#include "model/boot_setting.h"
#include "model/snapshot.h"
#include "views/advise_table.h"
#include "views/advise_view.h"
#include "views/reload_line.h"

static void add_head(struct strbuf *sb, const struct advice *advice,
		     enum distribution system)
{
	strbuf_addf(sb,
		    "#!/bin/sh\n"
		    "# Sets reserved_bio_based_ios to %" PRIu64
		    " and loads tables again, by advice of verity-memtop.\n"
		    "# The devices are those of Linux ",
		    advice->value);
	text_escape(sb, advice->sample->kernel, true);
	strbuf_addstr(
		sb,
		" at the time of the advice.\n"
		"#\n"
		"# usage: sh SCRIPT [apply | undo]\n"
		"#   apply  set the value, and give it to the tables (default)\n"
		"#   undo   give the tables their former reserves, and restore the parameter\n"
		"#\n"
		"# The status is 0, or 1 if a table keeps the reserves that it had.\n"
		"# The effect ends with the next boot.\n");
	for (const struct boot_step *step = boot_setting_steps(system);
	     step->title; step++) {
		strbuf_addf(sb, "# %s:\n", step->title);
		boot_setting_add(sb, step->lines, advice->value, "#     ");
	}
	strbuf_addf(
		sb,
		"\n"
		"parameter=/sys/module/dm_mod/parameters/reserved_bio_based_ios\n"
		"new=%" PRIu64 "\n"
		"old=%" PRIu64 "\n",
		advice->value, advice->sample->reserved_bio_based_ios);
	strbuf_addstr(
		sb,
		"failed=0\n"
		"\n"
		"case $#:${1-apply} in\n"
		"0:apply | 1:apply | 1:undo) how=${1-apply} ;;\n"
		"*)\n"
		"\techo \"usage: sh $0 [apply | undo]\" >&2\n"
		"\texit 2\n"
		"\t;;\n"
		"esac\n"
		"\n"
		"set_parameter() {\n"
		"\techo \"$1\" >\"$parameter\" || exit 1\n"
		"}\n"
		"\n"
		"# before FORMER: the next table gets the new value, or this one\n"
		"before() {\n"
		"\tif [ \"$how\" = undo ]; then\n"
		"\t\tset_parameter \"$1\"\n"
		"\telse\n"
		"\t\tset_parameter \"$new\"\n"
		"\tfi\n"
		"}\n"
		"\n"
		"# after STATUS NAME\n"
		"after() {\n"
		"\t[ \"$1\" = 0 ] && return\n"
		"\techo \"$0: cannot load the table of $2 again; it keeps its reserves\" >&2\n"
		"\tfailed=1\n"
		"}\n");
}

static void add_step(struct strbuf *sb, const struct advise_table *table)
{
	struct strbuf line = { 0 }, name = { 0 };

	advise_table_add_name(&name, table);
	strbuf_addstr(sb, "\n# ");
	advise_table_add(sb, table);
	if (reload_line_add(&line, table->way, table->entry)) {
		strbuf_addf(sb, "\nbefore %" PRIu64 "\n%s\nafter $? ",
			    table->least, strbuf_text(&line));
		text_quote(sb, strbuf_text(&name));
	} else {
		advise_table_add_why_not(sb, table);
	}
	strbuf_addstr(sb, "\n");
	strbuf_release(&line);
	strbuf_release(&name);
}

void advise_script(FILE *out, const struct advice *advice,
		   enum distribution system)
{
	struct strbuf sb = { 0 };

	add_head(&sb, advice, system);
	for (size_t i = 0; i < advice->nr_tables; i++) {
		if (advice->tables[i].reload)
			add_step(&sb, &advice->tables[i]);
	}
	strbuf_addstr(&sb, "\n"
			   "if [ \"$how\" = undo ]; then\n"
			   "\tset_parameter \"$old\"\n"
			   "else\n"
			   "\tset_parameter \"$new\"\n"
			   "fi\n"
			   "exit \"$failed\"\n");
	fputs(strbuf_text(&sb), out);
	strbuf_release(&sb);
}
