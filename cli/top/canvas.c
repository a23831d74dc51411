// SPDX-License-Identifier: GPL-2.0-only
#include "top/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text_width.h"

void canvas_begin(struct canvas *c, size_t width, size_t height)
{
	size_t i;

	if (c->height != height) {
		canvas_release(c);
		c->lines = xcalloc(height, sizeof(*c->lines));
		c->height = height;
	}
	for (i = 0; i < height; i++) {
		strbuf_reset(&c->lines[i].text);
		c->lines[i].nr_runs = 0;
		c->lines[i].columns = 0;
	}
	c->width = width;
	c->at = 0;
}

void canvas_release(struct canvas *c)
{
	size_t i;

	for (i = 0; i < c->height; i++) {
		strbuf_release(&c->lines[i].text);
		free(c->lines[i].runs);
	}
	free(c->lines);
	c->lines = NULL;
	c->height = 0;
}

void canvas_goto(struct canvas *c, size_t line)
{
	c->at = line;
}

static struct canvas_line *current(const struct canvas *c)
{
	return c->at < c->height ? &c->lines[c->at] : NULL;
}

size_t canvas_column(const struct canvas *c)
{
	return c->at < c->height ? c->lines[c->at].columns : c->width;
}

static void add_bytes(struct canvas_line *line, enum style style,
		      const char *bytes, size_t len)
{
	struct canvas_run *last;

	strbuf_add(&line->text, bytes, len);
	last = line->nr_runs ? &line->runs[line->nr_runs - 1] : NULL;
	if (last && last->style == style) {
		last->len += len;
		return;
	}
	if (line->nr_runs == line->room) {
		line->room = line->room ? 2 * line->room : 8;
		line->runs = xreallocarray(line->runs, line->room,
					   sizeof(*line->runs));
	}
	line->runs[line->nr_runs++] = (struct canvas_run){ style, len };
}

/* Adds the part of @text that fits before column @end. */
static void add_until(struct canvas *c, enum style style, const char *text,
		      size_t end)
{
	struct canvas_line *line = current(c);
	size_t len, columns;

	if (end > c->width)
		end = c->width;
	while (line && *text) {
		const char *shown = text;

		len = width_next(text, &columns);
		text += len;
		if (columns == WIDTH_NONE) {
			shown = "?";
			len = columns = 1;
		}
		if (line->columns + columns > end)
			return;
		add_bytes(line, style, shown, len);
		line->columns += columns;
	}
}

void canvas_add(struct canvas *c, enum style style, const char *text)
{
	add_until(c, style, text, c->width);
}

void canvas_addf(struct canvas *c, enum style style, const char *fmt, ...)
{
	struct strbuf text = { 0 };
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	canvas_add(c, style, strbuf_text(&text));
	strbuf_release(&text);
}

void canvas_pad(struct canvas *c, enum style style, size_t column)
{
	struct canvas_line *line = current(c);

	if (column > c->width)
		column = c->width;
	while (line && line->columns < column) {
		add_bytes(line, style, " ", 1);
		line->columns++;
	}
}

void canvas_add_within(struct canvas *c, enum style style, const char *text,
		       size_t width, bool right)
{
	size_t wanted = width_of(text), begin = canvas_column(c);

	if (wanted <= width) {
		if (right)
			canvas_pad(c, style, begin + width - wanted);
		canvas_add(c, style, text);
	} else if (width) {
		add_until(c, style, text, begin + width - 1);
		canvas_pad(c, style, begin + width - 1);
		canvas_add(c, style, c->ascii_only ? "~" : "…");
	}
	canvas_pad(c, style, begin + width);
}

bool canvas_same_line(const struct canvas *a, const struct canvas *b,
		      size_t line)
{
	const struct canvas_line *la = &a->lines[line], *lb = &b->lines[line];

	if (la->text.len != lb->text.len || la->nr_runs != lb->nr_runs)
		return false;
	for (size_t i = 0; i < la->nr_runs; i++) {
		if (la->runs[i].style != lb->runs[i].style ||
		    la->runs[i].len != lb->runs[i].len)
			return false;
	}
	return strcmp(strbuf_text(&la->text), strbuf_text(&lb->text)) == 0;
}

void canvas_print(const struct canvas *c, FILE *out)
{
	size_t used = c->height, i, len;

	while (used && !c->lines[used - 1].text.len)
		used--;
	for (i = 0; i < used; i++) {
		const char *text = strbuf_text(&c->lines[i].text);

		len = c->lines[i].text.len;
		while (len && text[len - 1] == ' ')
			len--;
		fprintf(out, "%.*s\n", (int)len, text);
	}
}
