// SPDX-License-Identifier: GPL-2.0-only
#include "base/colour.h"

#include <string.h>

const char *const colour_when_names[NR_COLOUR_WHENS] = {
	[COLOUR_AUTO] = "auto",
	[COLOUR_ALWAYS] = "always",
	[COLOUR_NEVER] = "never",
};

const char *colour_start(bool on, enum colour c)
{
	static const char *const starts[] = {
		[COLOUR_PLAIN] = "",	     [COLOUR_BOLD] = "\033[1m",
		[COLOUR_GOOD] = "\033[32m",  [COLOUR_WARN] = "\033[33m",
		[COLOUR_BAD] = "\033[1;31m",
	};

	return on ? starts[c] : "";
}

const char *colour_stop(bool on, enum colour c)
{
	return on && c != COLOUR_PLAIN ? "\033[0m" : "";
}

size_t colour_length(const char *s)
{
	size_t len;

	if (s[0] != '\033' || s[1] != '[')
		return 0;
	len = 2 + strspn(s + 2, "0123456789;");
	return s[len] == 'm' ? len + 1 : 0;
}
