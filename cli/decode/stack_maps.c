// SPDX-License-Identifier: GPL-2.0-only
#include "decode/stack_maps.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "base/strbuf.h"
#include "sample/sample.h"

static void add_stack(struct sample *s, uint32_t pid, const char *text)
{
	s->stacks = xgrow(s->stacks, s->nr_stacks, sizeof(*s->stacks));
	s->stacks[s->nr_stacks++] =
		(struct sample_stack){ .pid = pid, .text = xstrdup(text) };
}

/*
 * Skips from the line with the number at @text to the next such line; returns
 * it.
 */
static const char *take_stack(const char *text, struct sample *s)
{
	struct strbuf lines = { 0 };
	char *end;
	unsigned long pid = strtoul(text, &end, 10);

	text = strchr(text, '\n');
	while (text && text[1] == ' ') {
		const char *line = text + 2, *stop = strchr(line, '\n');

		if (stop)
			strbuf_add(&lines, line, (size_t)(stop + 1 - line));
		text = stop;
	}
	if (*end == '\n' && pid && lines.len)
		add_stack(s, (uint32_t)pid, strbuf_text(&lines));
	strbuf_release(&lines);
	return text ? text + 1 : NULL;
}

void stack_maps_add(const char *text, struct sample *s)
{
	while (text && *text)
		text = take_stack(text, s);
	sort_unsorted(s->stacks, s->nr_stacks, sizeof(*s->stacks),
		      sample_compare_stacks);
}
