// SPDX-License-Identifier: GPL-2.0-only
/* A report as a page. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/text_width.h"
#include "base/units.h"
#include "base/version.h"
#include "fields/fields.h"
#include "model/snapshot.h"
#include "model/trouble.h"
#include "sample/words.h"
#include "stall/stall.h"
#include "views/drawing_view.h"
#include "views/finding_text.h"
#include "views/html.h"
#include "views/output.h"
#include "views/page_view.h"
#include "views/report_view.h"

/* More are counted. */
#define MOST_FINDINGS 100
#define MOST_BARS 200
/* Of the drawing, in its own units; a character has 7.3 of them. */
#define WIDTH 360
#define BAR_STEP 38
#define BAR_HEIGHT 14
#define NAME_COLUMNS 32

static void add_fact(struct strbuf *sb, const char *name, const char *value)
{
	strbuf_addf(sb, "<li>%s: ", name);
	html_add_element(sb, "code", NULL, value);
	strbuf_addstr(sb, "</li>\n");
}

static void add_facts(struct strbuf *sb, const struct sample *s,
		      const struct page_facts *facts)
{
	struct strbuf text = { 0 };

	strbuf_addstr(sb, "<ul>\n");
	add_fact(sb, "Command", facts->command);
	add_fact(sb, "Version", version_number);
	add_fact(sb, "Linux", s->kernel);
	if (facts->machine)
		add_fact(sb, "Machine", facts->machine);
	if (s->mem_total_bytes != MEMTOP_UNKNOWN) {
		units_add_bytes(&text, s->mem_total_bytes);
		add_fact(sb, "Memory", strbuf_text(&text));
		strbuf_reset(&text);
	}
	add_fact(sb, "Source", sample_source_words[s->source]);
	units_add_time(&text, s->boottime_ns);
	add_fact(sb, "Taken after boot", strbuf_text(&text));
	strbuf_reset(&text);
	if (s->reserved_bio_based_ios == MEMTOP_UNKNOWN)
		strbuf_addstr(&text, "unknown");
	else
		strbuf_addu(&text, s->reserved_bio_based_ios);
	add_fact(sb, "reserved_bio_based_ios", strbuf_text(&text));
	strbuf_addstr(sb, "</ul>\n");
	strbuf_release(&text);
}

static void add_findings(struct strbuf *sb, const struct sample *sample,
			 const struct findings *findings)
{
	struct strbuf text = { 0 };

	strbuf_addstr(sb, "<h2>Findings</h2>\n");
	if (!findings->nr) {
		strbuf_addstr(sb, "<p>No task waits for a reserve.</p>\n");
		return;
	}
	strbuf_addstr(sb, "<ul>\n");
	for (size_t i = 0; i < findings->nr && i < MOST_FINDINGS; i++) {
		const struct finding *finding = &findings->all[i];

		strbuf_reset(&text);
		finding_text_add(&text, sample, finding, false);
		html_add_element(sb, "li",
				 finding_is_stall(finding->kind) ? "bad" :
								   "warn",
				 strbuf_text(&text));
		strbuf_addstr(sb, "\n");
	}
	strbuf_addstr(sb, "</ul>\n");
	if (findings->nr > MOST_FINDINGS)
		strbuf_addf(sb, "<p>And %zu more.</p>\n",
			    findings->nr - MOST_FINDINGS);
	strbuf_release(&text);
}

/* --- the table ---------------------------------------------------------------- */

static const char *class_of(enum trouble trouble)
{
	return trouble_is_bad(trouble) ? "bad" : "warn";
}

static enum trouble trouble_of(const struct field_row *row,
			       const struct table_style *style)
{
	if (row->total)
		return TROUBLE_NONE;
	return row->pool ? trouble_of_pool(style->troubles, row->pool) :
			   trouble_of_entry(style->troubles, row->entry);
}

static void add_row(struct strbuf *sb, const struct field_row *row,
		    const struct table_style *style)
{
	const struct field_choice *choice = style->choice;
	const enum trouble trouble = trouble_of(row, style);
	struct strbuf text = { 0 };

	strbuf_addstr(sb, "<tr>");
	for (size_t i = 0; i < choice->nr; i++) {
		const struct field *field = choice->columns[i].field;

		strbuf_reset(&text);
		if (row->total && !i)
			strbuf_addstr(&text, row->total);
		else
			field_show(field, row, style->exact, &text);
		if (i || trouble == TROUBLE_NONE) {
			html_add_element(sb, "td",
					 field_is_quantity(field) ? "number" :
								    NULL,
					 strbuf_text(&text));
			continue;
		}
		strbuf_addstr(sb, "<td>");
		html_add(sb, strbuf_text(&text));
		strbuf_addstr(sb, " ");
		html_add_element(sb, "span", class_of(trouble),
				 trouble_names[trouble]);
		strbuf_addstr(sb, "</td>");
	}
	strbuf_addstr(sb, "</tr>\n");
	strbuf_release(&text);
}

static void add_total(struct strbuf *sb, const struct report_total *total,
		      const struct table_style *style)
{
	struct field_row row = { .sums = &total->sums };
	struct strbuf label = { 0 };

	strbuf_addf(&label, "%s (%zu)", total->glob ? total->glob : "total",
		    total->count.devices);
	row.total = strbuf_text(&label);
	add_row(sb, &row, style);
	strbuf_release(&label);
}

static void add_table(struct strbuf *sb, const struct report_view *view,
		      const struct table_style *style)
{
	const struct field_choice *choice = style->choice;

	strbuf_addstr(
		sb,
		"<h2>Reserves</h2>\n<div class=\"scroll\">\n<table>\n<thead><tr>");
	for (size_t i = 0; i < choice->nr; i++) {
		const struct field *field = choice->columns[i].field;

		html_add_element(sb, "th",
				 field_is_quantity(field) ? "number" : NULL,
				 field->name);
	}
	strbuf_addstr(sb, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < view->nr_rows; i++)
		add_row(sb, &view->rows[i], style);
	strbuf_addstr(sb, "</tbody>\n<tfoot>\n");
	for (size_t i = 0; i < view->nr_subtotals; i++)
		add_total(sb, &view->subtotals[i], style);
	if (style->total)
		add_total(sb, &view->total, style);
	strbuf_addstr(sb, "</tfoot>\n</table>\n</div>\n");
}

/* Unknown figures and losses. */
static void add_missing(struct strbuf *sb, const struct report_view *view)
{
	struct sample_loss losses[SAMPLE_NR_LOSSES];
	struct strbuf types = { 0 };

	if (snap_add_unknown_types(view->sel->entries, view->sel->nr, &types)) {
		strbuf_addstr(
			sb,
			"<p class=\"warn\">Unknown reserves: targets of type ");
		html_add(sb, strbuf_text(&types));
		strbuf_addstr(sb, ".</p>\n");
	}
	strbuf_release(&types);
	sample_list_losses(&view->snap->sample->losses, losses);
	for (size_t i = 0; i < SAMPLE_NR_LOSSES; i++) {
		if (losses[i].nr)
			strbuf_addf(sb,
				    "<p class=\"warn\">Lost: %s %" PRIu64
				    ".</p>\n",
				    losses[i].name, losses[i].nr);
	}
}

/* --- the bars ----------------------------------------------------------------- */

static const struct {
	const char *name;
	const char *class;
} groups[NR_ROLE_GROUPS] = {
	[ROLE_CORE] = { "CORE", "core" },
	[ROLE_RECHECK] = { "RECHECK", "recheck" },
	[ROLE_HASH] = { "HASH", "hash" },
	[ROLE_FEC] = { "FEC", "fec" },
	[ROLE_OTHER] = { "OTHER", "other" },
};

static uint64_t largest(const struct snap_selection *sel)
{
	uint64_t most = 1;

	for (size_t i = 0; i < sel->nr; i++) {
		const uint64_t least = sel->entries[i]->sums.reserved.least;

		if (least > most)
			most = least;
	}
	return most;
}

static const char *name_of(const struct snap_entry *entry)
{
	return entry->device && *entry->device->name ? entry->device->name :
						       "-";
}

/* Cuts the names to fit, so that they still differ. The caller frees. */
static struct width_name *cut_names(const struct snap_selection *sel, size_t nr)
{
	struct width_name *names = xcalloc(nr, sizeof(*names));

	for (size_t i = 0; i < nr; i++) {
		struct strbuf safe = { 0 };

		text_escape(&safe, name_of(sel->entries[i]), false);
		names[i].text = xstrdup(strbuf_text(&safe));
		strbuf_release(&safe);
	}
	width_distinct(names, nr, NAME_COLUMNS, false);
	return names;
}

/* "at least 12KiB name (inactive table)" */
static void add_label(struct strbuf *sb, const struct snap_entry *entry,
		      const struct width_name *name)
{
	const struct snap_sum *reserved = &entry->sums.reserved;

	if (reserved->exact == MEMTOP_UNKNOWN)
		strbuf_addstr(sb, "at least ");
	units_add_bytes(sb, reserved->least);
	strbuf_addstr(sb, " ");
	width_cut_name(sb, name, NAME_COLUMNS, false);
	if (entry->slot == SAMPLE_SLOT_INACTIVE)
		strbuf_addstr(sb, " (inactive)");
}

static void add_bar(struct strbuf *sb, const struct snap_entry *entry,
		    const struct width_name *name, size_t place, uint64_t most)
{
	const size_t y = place * BAR_STEP;
	struct strbuf label = { 0 };
	double x = 0;

	add_label(&label, entry, name);
	strbuf_addstr(sb, "<g>");
	html_add_element(sb, "title", NULL, name_of(entry));
	strbuf_addf(sb, "<text x=\"0\" y=\"%zu\">", y + 14);
	html_add(sb, strbuf_text(&label));
	strbuf_addstr(sb, "</text>\n");
	strbuf_release(&label);
	for (size_t i = 0; i < NR_ROLE_GROUPS; i++) {
		const double width = (double)entry->sums.group[i].least /
				     (double)most * WIDTH;

		if (width <= 0)
			continue;
		strbuf_addf(
			sb,
			"<rect class=\"%s\" x=\"%.2f\" y=\"%zu\" width=\"%.2f\" height=\"%d\"/>\n",
			groups[i].class, x, y + 19, width, BAR_HEIGHT);
		x += width;
	}
	strbuf_addstr(sb, "</g>\n");
}

static void add_bars(struct strbuf *sb, const struct snap_selection *sel)
{
	const size_t nr = sel->nr < MOST_BARS ? sel->nr : MOST_BARS;
	const uint64_t most = largest(sel);

	struct width_name *names;

	if (!nr)
		return;
	names = cut_names(sel, nr);
	strbuf_addstr(sb, "<h2>Users of the reserves</h2>\n<p>");
	for (size_t i = 0; i < NR_ROLE_GROUPS; i++)
		strbuf_addf(
			sb,
			"<svg class=\"key\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"%s\" width=\"10\" height=\"10\"/></svg>%s",
			groups[i].class, groups[i].name);
	strbuf_addf(
		sb,
		"</p>\n<svg viewBox=\"0 0 %d %zu\" role=\"img\" aria-label=\"The reserve of each device as a bar\">\n",
		WIDTH, nr * BAR_STEP);
	for (size_t i = 0; i < nr; i++)
		add_bar(sb, sel->entries[i], &names[i], i, most);
	strbuf_addstr(sb, "</svg>\n");
	for (size_t i = 0; i < nr; i++)
		free((char *)names[i].text);
	free(names);
	if (sel->nr > nr)
		strbuf_addf(sb, "<p>%zu more tables are not drawn.</p>\n",
			    sel->nr - nr);
}

void report_html(FILE *out, const struct report_view *view,
		 const struct table_style *style,
		 const struct findings *findings, const struct drawing *drawing,
		 const struct page_facts *facts)
{
	const struct sample *sample = view->snap->sample;
	struct strbuf sb = { 0 };

	html_begin(&sb, "Memory reserves of device-mapper devices");
	add_facts(&sb, sample, facts);
	add_findings(&sb, sample, findings);
	add_table(&sb, view, style);
	add_missing(&sb, view);
	drawing_svg(&sb, drawing);
	add_bars(&sb, view->sel);
	strbuf_addstr(&sb, "<h2>Recording</h2>\n<p>");
	html_add_file(&sb, "verity-memtop.record", "Save the sample",
		      facts->data, facts->data_len);
	strbuf_addstr(
		&sb,
		" that this page was made of, then show it with "
		"<code>verity-memtop report --replay verity-memtop.record</code>.</p>\n");
	html_end(&sb);
	output_put(out, &sb);
	strbuf_release(&sb);
}
