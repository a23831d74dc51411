// SPDX-License-Identifier: GPL-2.0-only
#include "system/accept.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#define SPACE " \t"

/* A quality is in thousandths. */
#define BEST 1000

/* A part of a header; not terminated. */
struct part {
	const char *text;
	size_t len;
};

/* An element of a list: its name, quality and version. */
struct element {
	struct part name;
	struct part version; /* without quotes; empty: none */
	int quality; /* -1: its form is wrong */
};

static bool is(struct part part, const char *word)
{
	return part.len == strlen(word) &&
	       strncasecmp(part.text, word, part.len) == 0;
}

static struct part trim(struct part part)
{
	while (part.len && strchr(SPACE, *part.text)) {
		part.text++;
		part.len--;
	}
	while (part.len && strchr(SPACE, part.text[part.len - 1]))
		part.len--;
	return part;
}

/*
 * Takes the part of @rest up to @end, which does not count in a quoted string.
 * False: there is no other.
 */
static bool take(struct part *rest, char end, struct part *ret)
{
	bool quoted = false;
	size_t len;

	if (!rest->text)
		return false;
	for (len = 0; len < rest->len; len++) {
		if (quoted && rest->text[len] == '\\' && len + 1 < rest->len)
			len++;
		else if (rest->text[len] == '"')
			quoted = !quoted;
		else if (!quoted && rest->text[len] == end)
			break;
	}
	*ret = trim((struct part){ rest->text, len });
	if (len == rest->len) {
		rest->text = NULL;
	} else {
		rest->text += len + 1;
		rest->len -= len + 1;
	}
	return true;
}

/* "0.5" is 500; -1: its form is wrong. */
static int parse_quality(struct part part)
{
	int quality = 0, digit = BEST;

	for (size_t i = 0; i < part.len; i++) {
		if (i == 1 && part.text[i] == '.')
			continue;
		if (i > 4 || i == 1 || part.text[i] < '0' || part.text[i] > '9')
			return -1;
		quality += (part.text[i] - '0') * digit;
		digit /= 10;
	}
	return part.len && quality <= BEST ? quality : -1;
}

static bool take_element(struct part *rest, struct element *ret)
{
	struct part element, parameter, name;

	if (!take(rest, ',', &element))
		return false;
	*ret = (struct element){ .quality = BEST };
	take(&element, ';', &ret->name);
	while (take(&element, ';', &parameter)) {
		if (!take(&parameter, '=', &name) || !parameter.text)
			continue;
		parameter = trim(parameter);
		if (is(name, "q"))
			ret->quality = parse_quality(parameter);
		if (!is(name, "version"))
			continue;
		if (parameter.len >= 2 && *parameter.text == '"') {
			parameter.text++;
			parameter.len -= 2;
		}
		ret->version = parameter;
	}
	return true;
}

static struct part whole(const char *value)
{
	return (struct part){ value, value ? strlen(value) : 0 };
}

bool accept_gzip(const char *value)
{
	int gzip = -1, plain = -1, others = -1;
	struct part rest = whole(value);
	struct element element;

	while (take_element(&rest, &element)) {
		if (is(element.name, "gzip") || is(element.name, "x-gzip"))
			gzip = element.quality;
		else if (is(element.name, "identity"))
			plain = element.quality;
		else if (is(element.name, "*"))
			others = element.quality;
	}
	if (gzip < 0)
		gzip = others;
	return gzip > 0 && gzip >= plain;
}

bool accept_openmetrics(const char *value)
{
	int open = -1, plain = -1, text = -1, any = -1;
	struct part rest = whole(value);
	struct element element;

	while (take_element(&rest, &element)) {
		const int quality = element.quality;

		if (is(element.name, "application/openmetrics-text")) {
			if (!element.version.len ||
			    is(element.version, "1.0.0"))
				open = quality > open ? quality : open;
		} else if (is(element.name, "text/plain")) {
			plain = quality > plain ? quality : plain;
		} else if (is(element.name, "text/*")) {
			text = quality;
		} else if (is(element.name, "*/*")) {
			any = quality;
		}
	}
	if (plain < 0)
		plain = text >= 0 ? text : any;
	return open > 0 && open >= plain;
}
