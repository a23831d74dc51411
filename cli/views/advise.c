// SPDX-License-Identifier: GPL-2.0-only
/* Advice as text. Commands to copy are on separate, indented lines. */
#include <inttypes.h>
#include <stdbool.h>

#include "model/advise.h"
#include "model/boot_setting.h"
#include "sample/quantity.h"
#include "model/reload.h"
#include "model/snapshot.h"
#include "base/colour.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/units.h"
#include "views/advise_table.h"
#include "views/advise_view.h"
#include "views/output.h"
#include "views/reload_line.h"
#include "views/report_view.h"

/* At least this many tables that are alike are shown as one. */
#define ADVISE_GROUP 4

static void print_released(FILE *out, struct strbuf *sb)
{
	fputs(strbuf_text(sb), out);
	strbuf_release(sb);
}

/* "core.io of system (254:3)" */
static void add_pool(struct strbuf *sb, const struct advise_reason *r)
{
	text_escape(sb, r->role, output_ascii_only());
	if (!r->dev_known)
		return;
	strbuf_addstr(sb, " of ");
	if (*r->name) {
		text_escape(sb, r->name, output_ascii_only());
		strbuf_addstr(sb, " ");
	}
	strbuf_addf(sb, "(%" PRIu32 ":%" PRIu32 ")", r->dev.major,
		    r->dev.minor);
}

/* "was exhausted 3 times, for up to 1.2s" */
static void add_wait(struct strbuf *sb, const struct advise_reason *r)
{
	strbuf_addf(sb, " was exhausted %" PRIu64 " time%s", r->seen,
		    r->seen == 1 ? "" : "s");
	if (r->longest_wait_ns == MEMTOP_UNKNOWN || !r->longest_wait_ns)
		return;
	strbuf_addstr(sb, ", for up to ");
	units_add_time(sb, r->longest_wait_ns);
}

/* "top (254:3)" */
static void add_cause(struct strbuf *sb, const struct advise_reason *r)
{
	if (!r->cause_known) {
		strbuf_addstr(sb, "a device below");
		return;
	}
	if (*r->cause_name) {
		text_escape(sb, r->cause_name, output_ascii_only());
		strbuf_addstr(sb, " ");
	}
	strbuf_addf(sb, "(%" PRIu32 ":%" PRIu32 ")", r->cause.major,
		    r->cause.minor);
}

static void add_suspended(struct strbuf *sb, const struct advise_reason *r)
{
	if (r->seen)
		strbuf_addf(sb, ": %" PRIu64 " task%s waited", r->seen,
			    r->seen == 1 ? "" : "s");
	else
		strbuf_addstr(sb, ": elements were in use");
	strbuf_addstr(sb, " while ");
	add_cause(sb, r);
	strbuf_addstr(sb, " was suspended; no value helps then");
}

static void add_case(struct strbuf *sb, enum advise_rule rule,
		     const struct advise_reason *r)
{
	if (rule == ADVISE_PROGRESS) {
		strbuf_addstr(
			sb,
			"each pool serves one device, so one element is enough to continue");
		return;
	}
	add_pool(sb, r);
	switch (rule) {
	case ADVISE_FLUSH:
		strbuf_addf(sb,
			    ": a flush of %" PRIu64
			    " targets takes them all before one is returned",
			    r->seen);
		return;
	case ADVISE_USED:
		strbuf_addf(sb, ": %" PRIu64 " of %" PRIu64 " were in use",
			    r->seen, r->min);
		return;
	case ADVISE_SUSPENDED:
		add_suspended(sb, r);
		return;
	case ADVISE_SHARED:
		strbuf_addstr(sb, " also serves ");
		add_cause(sb, r);
		strbuf_addstr(sb, ", which is built on it");
		return;
	case ADVISE_DEADLOCK:
		strbuf_addf(sb, ": a task that waited for it was in a %s",
			    r->kind == FINDING_POSSIBLE_DEADLOCK ?
				    "possible deadlock" :
				    "deadlock");
		return;
	default:
		add_wait(sb, r);
		if (rule == ADVISE_ELSEWHERE)
			strbuf_addstr(sb,
				      ", which the parameter does not size");
		else
			strbuf_addf(sb, " (size %" PRIu64 ")", r->min);
	}
}

/* What a rule asks for, 14 columns; red if no value is enough. */
static void add_claim(struct strbuf *sb, enum advise_rule rule,
		      const struct advise_reason *r, bool colour)
{
	const bool none = rule == ADVISE_SHARED || rule == ADVISE_DEADLOCK;
	const enum colour word = none ? COLOUR_BAD : COLOUR_PLAIN;

	static const char *const notes[NR_ADVISE_RULES] = {
		[ADVISE_ELSEWHERE] = "other",
		[ADVISE_SUSPENDED] = "not counted",
		[ADVISE_SHARED] = "no value",
		[ADVISE_DEADLOCK] = "no value",
	};

	if (notes[rule])
		strbuf_addf(sb, "  %s%-13s%s ", colour_start(colour, word),
			    notes[rule], colour_stop(colour, word));
	else
		strbuf_addf(sb, "  at least %-4" PRIu64 " ", r->value);
}

static void print_reasons(FILE *out, const struct advice *advice, bool colour)
{
	struct strbuf sb = { 0 };

	strbuf_addstr(&sb, "\nWhy:\n");
	for (size_t rule = 0; rule < NR_ADVISE_RULES; rule++) {
		const struct advise_reason *r = &advice->evidence.reasons[rule];

		if (!r->value)
			continue;
		add_claim(&sb, rule, r, colour);
		add_case(&sb, rule, r);
		strbuf_addstr(&sb, "\n");
	}
	print_released(out, &sb);
}

/* The evidence for the advice, and its limits. */
static void print_basis(FILE *out, const struct advice *advice)
{
	const struct advise_evidence *e = &advice->evidence;
	struct strbuf sb = { 0 };

	strbuf_addf(&sb, "\nObserved: %" PRIu64 " sample%s", e->nr_samples,
		    e->nr_samples == 1 ? "" : "s");
	if (advise_time(e)) {
		strbuf_addstr(&sb, " in ");
		units_add_time(&sb, advise_time(e));
	}
	strbuf_addstr(&sb, " of Linux ");
	text_escape(&sb, advice->sample->kernel, output_ascii_only());
	strbuf_addf(&sb,
		    "; %zu table%s, up to %" PRIu64 " device%s deep, %" PRIu64
		    " with error correction\n",
		    advice->nr_tables, advice->nr_tables == 1 ? "" : "s",
		    advice->depth, advice->depth == 1 ? "" : "s",
		    advice->nr_fec);
	if (e->waits_unknown)
		strbuf_addstr(
			&sb,
			"Not observed: waits, and levels between samples. A recording under load has more:\n"
			"  verity-memtop record -n 0 -d 10 FILE; verity-memtop advise --replay FILE\n");
	if (e->levels_unknown)
		strbuf_addstr(&sb, "Not observed: the levels of some pools.\n");
	if (advice->nr_shared)
		strbuf_addf(&sb,
			    "%" PRIu64
			    " reserve%s shared by several devices.\n",
			    advice->nr_shared,
			    advice->nr_shared == 1 ? " is" : "s are");
	print_released(out, &sb);
}

static void print_bytes(FILE *out, const struct advice *advice)
{
	struct strbuf sb = { 0 };
	bool more = advice->then > advice->now;

	strbuf_addstr(&sb, "\nIn reserve: ");
	advise_table_add_bytes(&sb, advice->now);
	strbuf_addstr(&sb, " now");
	if (advice->value == MEMTOP_UNKNOWN) {
		strbuf_addstr(&sb, "\n");
		print_released(out, &sb);
		return;
	}
	strbuf_addf(&sb, ", with %" PRIu64 ": ", advice->value);
	advise_table_add_bytes(&sb, advice->then);
	if (advice->at_least)
		strbuf_addstr(&sb, " at most");
	if (advice->now != MEMTOP_UNKNOWN && advice->then != MEMTOP_UNKNOWN &&
	    advice->now != advice->then) {
		strbuf_addstr(&sb, more ? ", " : ", saves ");
		advise_table_add_bytes(&sb, more ? advice->then - advice->now :
						   advice->now - advice->then);
		if (more)
			strbuf_addstr(&sb, " more");
	}
	strbuf_addstr(&sb, "\n");
	print_released(out, &sb);
}

/* What no value of the parameter changes, and what would. */
static void print_fixed(FILE *out, const struct advice *advice)
{
	struct strbuf sb = { 0 };

	for (enum pool_role id = 0; id < NR_POOL_ROLES; id++) {
		const struct advise_fixed *fixed = &advice->fixed[id];
		const char *parameter = role_parameter(role_row(id));

		if (!fixed->pools)
			continue;
		if (!sb.len)
			strbuf_addstr(&sb, "\nNot sized by it:\n");
		strbuf_addf(&sb, "  %-17s ", role_row(id)->name);
		strbuf_addf(&sb, "%" PRIu64 " pool%s, ", fixed->pools,
			    fixed->pools == 1 ? "" : "s");
		advise_table_add_bytes(&sb, fixed->bytes);
		/* with kernel/fix also what it sizes elsewhere */
		if (parameter &&
		    !role_is_sized_by_parameter(role_row(id)->name))
			strbuf_addf(&sb, ": the parameter %s does\n",
				    parameter);
		else
			strbuf_addstr(&sb, ": no parameter does\n");
	}
	print_released(out, &sb);
}

static void print_lines(FILE *out, const struct advice *advice,
			enum distribution system)
{
	const struct boot_step *step = boot_setting_steps(system);
	struct strbuf sb = { 0 };

	strbuf_addstr(&sb, "\n");
	for (; step->title; step++) {
		strbuf_addf(&sb, "%s:\n", step->title);
		boot_setting_add(&sb, step->lines, advice->value, "  ");
	}
	strbuf_addf(&sb,
		    "Until then, for tables that are loaded later:\n"
		    "  echo %" PRIu64
		    " > /sys/module/dm_mod/parameters/reserved_bio_based_ios\n",
		    advice->value);
	print_released(out, &sb);
}

/*
 * Whether @table is shown with those like it. The command of cryptsetup can be missing for
 * some of these.
 */
static bool is_grouped(const struct advice *advice,
		       const struct advise_table *table)
{
	return table->way != RELOAD_CRYPTSETUP &&
	       advice->tables[table->like].nr_like >= ADVISE_GROUP;
}

/* How many tables the line of @table is for; 0: another one has it. */
static size_t nr_shown(const struct advice *advice,
		       const struct advise_table *table)
{
	return is_grouped(advice, table) ? table->nr_like : 1;
}

/* "59 like v (254:1): 16, 330KiB now, then 30KiB each" */
static void add_table(struct strbuf *sb, const struct advise_table *table,
		      size_t nr)
{
	if (nr > 1)
		strbuf_addf(sb, "%zu like ", nr);
	advise_table_add(sb, table);
	if (nr > 1)
		strbuf_addstr(sb, " each");
}

/*
 * Adds the tables that have a command, or those that have none. Returns how many these
 * are, and in @ret_grouped how many of them have no line of their own.
 */
static size_t add_tables(struct strbuf *sb, const struct advice *advice,
			 bool with_command, size_t *ret_grouped)
{
	size_t nr = 0;

	for (size_t i = 0; i < advice->nr_tables; i++) {
		const struct advise_table *table = &advice->tables[i];
		size_t shown = nr_shown(advice, table);
		struct strbuf line = { 0 };

		if (table->reload && shown &&
		    reload_line_add(&line, table->way, table->entry) ==
			    with_command) {
			strbuf_addstr(sb, "  ");
			add_table(sb, table, shown);
			if (with_command)
				strbuf_addf(sb, "\n      %s",
					    strbuf_text(&line));
			else
				advise_table_add_why_not(sb, table);
			strbuf_addstr(sb, "\n");
			nr += shown;
			*ret_grouped += shown - 1;
		}
		strbuf_release(&line);
	}
	return nr;
}

static void print_tables(FILE *out, const struct advice *advice)
{
	struct strbuf sb = { 0 }, commands = { 0 };
	size_t nr, grouped = 0, others = 0;

	if (!advice->nr_reload) {
		fputs("\nNo table needs a reload.\n", out);
		return;
	}
	strbuf_addf(
		&sb,
		"\n%zu of %zu tables keep their reserves until they are loaded again.\n",
		advice->nr_reload, advice->nr_tables);
	nr = add_tables(&commands, advice, true, &grouped);
	if (nr)
		strbuf_addf(
			&sb,
			"After the parameter is set, these commands load them, while the devices are in use:\n"
			"%s",
			strbuf_text(&commands));
	if (grouped)
		strbuf_addf(
			&sb,
			"%zu more tables have the same command with their own names; advise --script prints all.\n",
			grouped);
	if (nr < advice->nr_reload)
		strbuf_addstr(&sb, nr ? "Not for these:\n" :
					"There is no command for these:\n");
	add_tables(&sb, advice, false, &others);
	strbuf_release(&commands);
	print_released(out, &sb);
}

static void print_value(FILE *out, const struct advice *advice, bool colour)
{
	const struct advise_reason *reasons = advice->evidence.reasons;
	uint64_t parameter = advice->sample->reserved_bio_based_ios;

	fprintf(out, "%sreserved_bio_based_ios: ",
		colour_start(colour, COLOUR_BOLD));
	if (advice->least != MEMTOP_UNKNOWN)
		fprintf(out,
			"%" PRIu64
			" is the smallest value that the observed data supports",
			advice->least);
	else
		fprintf(out, "no value is known to be enough, because %s",
			reasons[ADVISE_DEADLOCK].value ?
				"tasks were in a deadlock" :
				"devices of one stack share a pool");
	if (parameter != MEMTOP_UNKNOWN)
		fprintf(out, "; now it is %" PRIu64, parameter);
	/* the state file's value; the next bench restores it */
	if (parameter != reload_parameter(parameter))
		fprintf(out, ", which the kernel treats as %" PRIu64,
			reload_parameter(parameter));
	fprintf(out, ".%s\n", colour_stop(colour, COLOUR_BOLD));
	if (advice->least != MEMTOP_UNKNOWN && advice->value != advice->least)
		fprintf(out,
			"%" PRIu64 ", which was requested, is %s than that.\n",
			advice->value,
			advice->value < advice->least ? "less" : "more");
}

void advise_text(FILE *out, const struct advice *advice,
		 enum distribution system, bool colour)
{
	print_value(out, advice, colour);
	print_reasons(out, advice, colour);
	print_basis(out, advice);
	print_bytes(out, advice);
	if (advice->nr_choices > 1)
		advise_values_text(out, advice);
	print_fixed(out, advice);
	if (advice->value != MEMTOP_UNKNOWN) {
		print_lines(out, advice, system);
		print_tables(out, advice);
	}
	warn_losses(&advice->sample->losses);
}
