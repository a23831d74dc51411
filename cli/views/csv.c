// SPDX-License-Identifier: GPL-2.0-only
/* Devices or pools as comma-separated values, quoted by RFC 4180. */
#include <stdbool.h>
#include <string.h>

#include "base/strbuf.h"
#include "views/report_view.h"

static bool needs_quotes(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < ' ' || c == 0x7f || c == '"' || c == ',')
			return true;
	}
	/* Some readers trim fields that are not quoted. */
	return len && (s[0] == ' ' || s[len - 1] == ' ');
}

static void add_quoted(struct strbuf *line, const char *s)
{
	size_t len;

	strbuf_addstr(line, "\"");
	for (;; s += len + 1) {
		len = strcspn(s, "\"");
		strbuf_add(line, s, len);
		if (!s[len])
			break;
		strbuf_addstr(line, "\"\"");
	}
	strbuf_addstr(line, "\"");
}

static void add_cell(struct strbuf *line, size_t column, const char *s)
{
	if (column)
		strbuf_addstr(line, ",");
	if (needs_quotes(s, strlen(s)))
		add_quoted(line, s);
	else
		strbuf_addstr(line, s);
}

static void write_line(FILE *out, struct strbuf *line)
{
	strbuf_addstr(line, "\n");
	fwrite(strbuf_text(line), 1, line->len, out);
	strbuf_reset(line);
}

void csv_report(FILE *out, const struct report_view *view,
		const struct table_style *style)
{
	const struct field_choice *choice = style->choice;
	struct strbuf line = { 0 }, cell = { 0 };
	size_t i, column;

	for (column = 0; style->headings && column < choice->nr; column++)
		add_cell(&line, column, choice->columns[column].field->name);
	if (style->headings)
		write_line(out, &line);
	for (i = 0; i < view->nr_rows; i++) {
		for (column = 0; column < choice->nr; column++) {
			strbuf_reset(&cell);
			/* Unknown: nothing between the commas. */
			if (!field_get(choice->columns[column].field,
				       &view->rows[i], true, &cell))
				strbuf_reset(&cell);
			add_cell(&line, column, strbuf_text(&cell));
		}
		write_line(out, &line);
	}
	strbuf_release(&cell);
	strbuf_release(&line);
}
