// SPDX-License-Identifier: GPL-2.0-only
#include "views/output.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/text_width.h"
#include "system/fds.h"
#include "views/report_view.h"

/* Of a terminal that does not report its width. */
#define USUAL_WIDTH 80

FILE *output_stream(void)
{
	return stdout;
}

static bool environment_has(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

/* The terminal's width or, like other tools, $COLUMNS. */
size_t output_width(bool wide)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size = { 0 };
	uint64_t width;

	if (wide || !isatty(STDOUT_FILENO))
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	if (columns && text_to_u64(columns, 1, UINT16_MAX, &width) == 0)
		return width;
	return USUAL_WIDTH;
}

/* Whether the variable @name has a value other than 0. */
static bool environment_sets(const char *name)
{
	const char *value = getenv(name);

	return value && *value && strcmp(value, "0") != 0;
}

bool output_colour(enum colour_when when)
{
	const char *plain = getenv("CLICOLOR"), *terminal = getenv("TERM");

	if (when != COLOUR_AUTO)
		return when == COLOUR_ALWAYS;
	if (environment_has("NO_COLOR"))
		return false;
	if (environment_sets("CLICOLOR_FORCE"))
		return true;
	return isatty(STDOUT_FILENO) && terminal && *terminal &&
	       strcmp(terminal, "dumb") != 0 &&
	       !(plain && strcmp(plain, "0") == 0);
}

bool output_ascii_only(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

void output_style(struct table_style *style, bool wide)
{
	style->width = output_width(wide);
	style->ascii_only = output_ascii_only();
}

FILE *output_text_open(struct output_text *text)
{
	*text = (struct output_text){ 0 };
	return xcheck(open_memstream(&text->bytes, &text->len));
}

void output_text_close(struct output_text *text, FILE *stream, bool wide)
{
	struct strbuf wrapped = { 0 };

	/* text that found no memory is missing */
	if ((ferror(stream) | fclose(stream)) || !text->bytes)
		xcheck(NULL);
	width_wrap(&wrapped, text->bytes, output_width(wide));
	output_put(stdout, &wrapped);
	strbuf_release(&wrapped);
	free(text->bytes);
}

void output_put(FILE *out, const struct strbuf *text)
{
	/*
	 * A stream drops data that it could not write, and with it the errno.
	 * The rest in its buffer makes the flush fail in the same way.
	 */
	if (fwrite(strbuf_text(text), 1, text->len, out) != text->len)
		fputc('\n', out);
}

int output_flush(void)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	if (errno == EPIPE)
		return -EPIPE;
	/* The errno of a failure before the flush is lost. */
	return msg_error_errno(errno ? errno : EIO, "cannot write to stdout");
}

int output_lines(const struct strbuf *lines)
{
	int err = fds_write(STDOUT_FILENO, strbuf_text(lines), lines->len);

	if (!err || err == -EPIPE)
		return err;
	return msg_error_errno(err, "cannot write to stdout");
}

void output_last_line(const char *line)
{
	ssize_t n = write(STDOUT_FILENO, line, strlen(line));

	/* no reader is left */
	(void)n;
}

int output_prose(const struct strbuf *lines, bool wide)
{
	struct strbuf wrapped = { 0 };
	int err;

	width_wrap(&wrapped, strbuf_text(lines), output_width(wide));
	err = output_lines(&wrapped);
	strbuf_release(&wrapped);
	return err;
}
