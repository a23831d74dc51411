// SPDX-License-Identifier: GPL-2.0-only
#include "views/output.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/fds.h"
#include "util/msg.h"
#include "util/strbuf.h"
#include "views/report_view.h"

FILE *output_stream(void)
{
	return stdout;
}

static bool environment_has(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

void output_style(struct table_style *style)
{
	style->terminal = isatty(STDOUT_FILENO);
	style->colour = style->terminal && !environment_has("NO_COLOR");
	style->ascii_only = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

int output_flush(void)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	if (errno == EPIPE)
		return -EPIPE;
	/* The errno of a failure before the flush is gone. */
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

	/* nobody is left to be told */
	(void)n;
}
