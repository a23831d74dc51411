// SPDX-License-Identifier: GPL-2.0-only
#include "views/html.h"

#include <string.h>

#include "base/base64.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/version.h"

static const char style[] =
	":root{color-scheme:light dark;--text:#1b1b1b;--page:#fff;--line:#c8c8c8;"
	"--soft:#5a5a5a;--bad:#b3140c;--warn:#7a5200;--core:#2f6db3;"
	"--recheck:#a3540a;--hash:#2c7a3f;--fec:#7b4ba3;--other:#6b6b6b}\n"
	"@media(prefers-color-scheme:dark){:root{--text:#e6e6e6;--page:#161616;"
	"--line:#474747;--soft:#a8a8a8;--bad:#ff8a80;--warn:#f0b95a;"
	"--core:#7db1ec;--recheck:#eb9a52;--hash:#79c98c;--fec:#c39be6;"
	"--other:#a0a0a0}}\n"
	"body{margin:0 auto;padding:1rem;max-width:75rem;color:var(--text);"
	"background:var(--page);font:1rem/1.45 system-ui,sans-serif}\n"
	"h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}\n"
	"code,td,th,svg{font-family:ui-monospace,monospace}\n"
	"p,li,code{overflow-wrap:anywhere}\n"
	".scroll{overflow-x:auto}\n"
	"table{border-spacing:0;font-size:.85rem}\n"
	"th,td{padding:.2rem .6rem;text-align:left;white-space:nowrap;"
	"border-bottom:1px solid var(--line)}\n"
	"td.number,th.number{text-align:right}\n"
	"tfoot td{font-weight:bold}\n"
	"td:first-child{position:sticky;left:0;min-width:min(11rem,40vw);max-width:22rem;"
	"white-space:normal;overflow-wrap:anywhere;background:var(--page)}\n"
	".bad{color:var(--bad);font-weight:bold}.warn{color:var(--warn)}\n"
	".soft{color:var(--soft)}\n"
	"svg{display:block;width:100%;max-width:32rem;height:auto}\n"
	"svg text{font-size:12px;fill:var(--text)}\n"
	"svg text.bad{fill:var(--bad)}"
	"svg.stack{width:auto;max-width:none}"
	".line,.arc{fill:none;stroke:var(--soft)}.arc{stroke:var(--bad)}\n"
	".core{fill:var(--core)}.recheck{fill:var(--recheck)}"
	".hash{fill:var(--hash)}.fec{fill:var(--fec)}.other{fill:var(--other)}\n"
	".key{display:inline-block;width:.8rem;height:.8rem;margin:0 .3rem 0 1rem}"
	"\n";

void html_begin(struct strbuf *sb, const char *title)
{
	strbuf_addstr(
		sb,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		"<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"generator\" content=\"verity-memtop ");
	html_add(sb, version_number);
	strbuf_addstr(sb, "\">\n");
	html_add_element(sb, "title", NULL, title);
	strbuf_addf(sb, "\n<style>\n%s</style>\n</head>\n<body>\n", style);
	html_add_element(sb, "h1", NULL, title);
	strbuf_addstr(sb, "\n");
}

void html_end(struct strbuf *sb)
{
	strbuf_addstr(sb, "</body>\n</html>\n");
}

void html_add(struct strbuf *sb, const char *text)
{
	struct strbuf safe = { 0 };

	text_escape(&safe, text, false);
	for (const char *at = strbuf_text(&safe); *at; at++) {
		if (*at == '&')
			strbuf_addstr(sb, "&amp;");
		else if (*at == '<')
			strbuf_addstr(sb, "&lt;");
		else if (*at == '>')
			strbuf_addstr(sb, "&gt;");
		else if (*at == '"')
			strbuf_addstr(sb, "&quot;");
		else if (*at == '\'')
			strbuf_addstr(sb, "&#39;");
		else
			strbuf_add(sb, at, 1);
	}
	strbuf_release(&safe);
}

void html_add_element(struct strbuf *sb, const char *tag, const char *class,
		      const char *text)
{
	strbuf_addf(sb, "<%s", tag);
	if (class)
		strbuf_addf(sb, " class=\"%s\"", class);
	strbuf_addstr(sb, ">");
	html_add(sb, text);
	strbuf_addf(sb, "</%s>", tag);
}

void html_add_file(struct strbuf *sb, const char *name, const char *text,
		   const void *bytes, size_t len)
{
	strbuf_addf(
		sb,
		"<a download=\"%s\" href=\"data:application/octet-stream;base64,",
		name);
	base64_add(sb, bytes, len);
	strbuf_addstr(sb, "\">");
	html_add(sb, text);
	strbuf_addstr(sb, "</a>");
}
