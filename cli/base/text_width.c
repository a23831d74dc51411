// SPDX-License-Identifier: GPL-2.0-only
#include "base/text_width.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/alloc.h"
#include "base/colour.h"
#include "base/text.h"

/* A cut name with fewer columns is not recognisable. */
#define LEAST_OF_NAME 4

size_t width_next(const char *s, size_t *columns)
{
	uint32_t wide;
	size_t len;
	int width;

	if ((unsigned char)*s < 0x80) {
		*columns = *s >= ' ' && *s != 0x7f ? 1 : WIDTH_NONE;
		return 1;
	}
	/* not mbrtowc(), which allocates memory on its first call */
	len = text_decode(s, &wide);
	width = len ? wcwidth((wchar_t)wide) : -1;
	*columns = width < 0 ? WIDTH_NONE : (size_t)width;
	return len ? len : 1;
}

size_t width_of(const char *text)
{
	size_t total = text_plain_len(text), columns, len;

	text += total;
	while (*text) {
		len = colour_length(text);
		if (len) {
			text += len;
			continue;
		}
		text += width_next(text, &columns);
		total += columns == WIDTH_NONE ? 1 : columns;
	}
	return total;
}

void width_add_shown(struct strbuf *sb, const char *text)
{
	size_t len = text_plain_len(text), columns;

	strbuf_add(sb, text, len);
	text += len;
	while (*text) {
		len = width_next(text, &columns);
		if (columns != WIDTH_NONE)
			strbuf_add(sb, text, len);
		else
			for (size_t i = 0; i < len; i++)
				strbuf_addf(sb, "\\x%02x",
					    (unsigned char)text[i]);
		text += len;
	}
}

size_t width_fitting(const char *text, size_t width)
{
	size_t at = strspn(text, " "), begin = at, used = at, words = 0;
	size_t columns, len;

	while (text[at]) {
		len = colour_length(text + at);
		if (len) {
			at += len;
			continue;
		}
		len = width_next(text + at, &columns);
		used += columns == WIDTH_NONE ? 1 : columns;
		if (text[at] == ' ')
			words = at;
		if (used > width && at > begin)
			return words ? words : at;
		at += len;
	}
	return at;
}

static bool is_escape(const char *s)
{
	return s[0] == '\\' && s[1] == 'x' && isxdigit((unsigned char)s[2]) &&
	       isxdigit((unsigned char)s[3]);
}

/*
 * A unit that must not be cut: an escape, or a character with its combining
 * marks. Returns its length in bytes.
 */
static size_t next_unit(const char *s, size_t *columns)
{
	size_t len, more, mark;

	if (is_escape(s)) {
		*columns = len = strlen("\\xNN");
	} else {
		len = width_next(s, columns);
		if (*columns == WIDTH_NONE)
			*columns = 1;
	}
	while (s[len]) {
		more = width_next(s + len, &mark);
		if (mark)
			break;
		len += more;
	}
	return len;
}

void width_cut(struct strbuf *sb, const char *text, size_t width,
	       unsigned int quarters, bool ascii_only)
{
	size_t total = width_of(text), left, head, tail, columns, len;
	bool in_head = true;

	if (total <= width) {
		strbuf_addstr(sb, text);
		return;
	}
	left = width ? width - 1 : 0;
	head = (left * quarters + 3) / 4;
	tail = left - head;
	for (; *text && total > tail; text += len, total -= columns) {
		len = next_unit(text, &columns);
		in_head = in_head && columns <= head;
		if (!in_head)
			continue;
		strbuf_add(sb, text, len);
		head -= columns;
	}
	if (width)
		strbuf_addstr(sb, ascii_only ? "~" : "…");
	strbuf_addstr(sb, text);
}

static void add_wrapped_line(struct strbuf *sb, const char *line, size_t width)
{
	size_t indent = strspn(line, " "), hang = indent + 2, len;

	if (hang > width / 2) {
		hang = 0;
		/* there is no room for its own indentation either */
		if (line[width_fitting(line, width)])
			line += indent;
	}
	len = width_fitting(line, width);
	strbuf_add(sb, line, len);
	line += len;
	line += strspn(line, " ");
	while (*line) {
		len = width_fitting(line, width - hang);
		strbuf_addf(sb, "\n%*s", (int)hang, "");
		strbuf_add(sb, line, len);
		line += len;
		line += strspn(line, " ");
	}
}

void width_wrap(struct strbuf *sb, const char *text, size_t width)
{
	struct strbuf line = { 0 };

	while (*text) {
		size_t len = strcspn(text, "\n");

		strbuf_reset(&line);
		strbuf_add(&line, text, len);
		if (width && width_of(strbuf_text(&line)) > width)
			add_wrapped_line(sb, strbuf_text(&line), width);
		else
			strbuf_add(sb, text, len);
		text += len;
		if (*text)
			strbuf_add(sb, text++, 1);
	}
	strbuf_release(&line);
}

void width_cut_name(struct strbuf *sb, const struct width_name *name,
		    size_t width, bool ascii_only)
{
	size_t room = name->before < width ? width - name->before : 0;

	if (!name->skip || width_of(name->text) <= room) {
		width_cut(sb, name->text, room, name->quarters, ascii_only);
		return;
	}
	strbuf_addstr(sb, ascii_only ? "~" : "…");
	width_cut(sb, name->text + name->skip, room - 1, name->quarters,
		  ascii_only);
}

struct cut_name {
	char *cut; /* owned */
	struct width_name *name;
};

static int compare_cuts(const void *pa, const void *pb)
{
	const struct cut_name *a = pa, *b = pb;
	int order = strcmp(a->cut, b->cut);

	return order ? order : strcmp(a->name->text, b->name->text);
}

/* Length of the common beginning of @a and @b in bytes. */
static size_t common_start(const char *a, const char *b)
{
	size_t len = 0;

	while (a[len] && a[len] == b[len])
		len++;
	return len;
}

/*
 * The last place in @text before its byte @most that is @columns columns from
 * there, and splits no unit.
 */
static size_t place_before(const char *text, size_t most, size_t columns)
{
	size_t at = 0, best = 0, used, width;
	struct strbuf start = { 0 };

	strbuf_add(&start, text, most);
	used = width_of(strbuf_text(&start));
	strbuf_release(&start);
	while (at < most && used >= columns) {
		best = at;
		at += next_unit(text + at, &width);
		used -= width < used ? width : used;
	}
	return best;
}

static void cut_at(struct cut_name *cuts, size_t nr, unsigned int quarters)
{
	for (size_t i = 0; i < nr; i++)
		cuts[i].name->quarters = quarters;
}

/* Of these @nr, in order, keeps the part around the first difference. */
static void cut_around(struct cut_name *cuts, size_t nr, size_t width)
{
	const char *first = cuts[0].name->text;
	size_t same = common_start(first, cuts[nr - 1].name->text);

	for (size_t i = 0; i < nr; i++) {
		struct width_name *name = cuts[i].name;

		name->quarters = WIDTH_CUT_END;
		name->skip = place_before(name->text, same,
					  (width - name->before) / 3);
	}
}

static const unsigned int ways_to_cut[] = { WIDTH_CUT_MIDDLE, 3, 1,
					    WIDTH_CUT_END, 0 };
#define NR_WAYS (sizeof(ways_to_cut) / sizeof(ways_to_cut[0]))

/*
 * Cuts those of @cuts, which are in order, that look alike in the way @way;
 * returns how many.
 */
static size_t cut_otherwise(struct cut_name *cuts, size_t nr, size_t way,
			    size_t width)
{
	size_t alike = 0, begin, end;

	for (begin = 0; begin < nr; begin = end) {
		for (end = begin + 1; end < nr; end++) {
			if (strcmp(cuts[begin].cut, cuts[end].cut))
				break;
		}
		if (!strcmp(cuts[begin].name->text, cuts[end - 1].name->text))
			continue;
		alike += end - begin;
		if (way < NR_WAYS)
			cut_at(&cuts[begin], end - begin, ways_to_cut[way]);
		else
			cut_around(&cuts[begin], end - begin, width);
	}
	return alike;
}

static void make_cuts(struct width_name *names, size_t nr, size_t width,
		      bool ascii_only, struct cut_name *cuts)
{
	for (size_t i = 0; i < nr; i++) {
		struct strbuf sb = { 0 };

		width_cut_name(&sb, &names[i], width, ascii_only);
		free(cuts[i].cut);
		cuts[i] = (struct cut_name){ xstrdup(strbuf_text(&sb)),
					     &names[i] };
		strbuf_release(&sb);
	}
	qsort(cuts, nr, sizeof(*cuts), compare_cuts);
}

/* Whether each has room for a recognisable part. */
static bool have_room(const struct width_name *names, size_t nr, size_t width)
{
	for (size_t i = 0; i < nr; i++) {
		size_t wanted = width_of(names[i].text);

		if (wanted > LEAST_OF_NAME)
			wanted = LEAST_OF_NAME;
		if (names[i].before + wanted > width)
			return false;
	}
	return true;
}

bool width_distinct(struct width_name *names, size_t nr, size_t width,
		    bool ascii_only)
{
	struct cut_name *cuts = xcalloc(nr, sizeof(*cuts));
	size_t alike = nr, way, i;

	for (i = 0; i < nr; i++) {
		names[i].quarters = ways_to_cut[0];
		names[i].skip = 0;
	}
	if (!have_room(names, nr, width)) {
		free(cuts);
		return false;
	}
	for (way = 1; way <= NR_WAYS + 1 && alike; way++) {
		make_cuts(names, nr, width, ascii_only, cuts);
		alike = cut_otherwise(cuts, nr, way, width);
	}
	for (i = 0; i < nr; i++)
		free(cuts[i].cut);
	free(cuts);
	return !alike;
}
