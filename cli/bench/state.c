// SPDX-License-Identifier: GPL-2.0-only
#include "bench/state.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"

void bench_prefix(uint64_t pid, struct strbuf *ret)
{
	strbuf_addf(ret, "vmt-bench-%" PRIu64 "-", pid);
}

void bench_state_format(const struct bench_state *state, struct strbuf *ret)
{
	strbuf_addf(ret,
		    "pid %" PRIu64 "\nset %d\nbefore %" PRIu64 "\nours %" PRIu64
		    "\ndirectory %s\n",
		    state->pid, state->set, state->before, state->ours,
		    state->directory);
}

/* Removes the line "@key value\n" from @text; false if it is another one. */
static bool take_line(const char **text, const char *key, char *value,
		      size_t room)
{
	size_t len = strlen(key);
	const char *end = strchr(*text, '\n');

	if (!end || strncmp(*text, key, len) != 0 || (*text)[len] != ' ' ||
	    (size_t)(end - *text) - len > room)
		return false;
	text_copy(value, (size_t)(end - *text) - len, *text + len + 1);
	*text = end + 1;
	return true;
}

static bool take_number(const char **text, const char *key, uint64_t most,
			uint64_t *ret)
{
	char value[24];

	return take_line(text, key, value, sizeof(value)) &&
	       text_to_u64(value, 0, most, ret) == 0;
}

int bench_state_parse(const char *text, struct bench_state *ret)
{
	struct bench_state state = { 0 };
	uint64_t set;

	if (!take_number(&text, "pid", UINT32_MAX, &state.pid) ||
	    !take_number(&text, "set", 1, &set) ||
	    !take_number(&text, "before", UINT32_MAX, &state.before) ||
	    !take_number(&text, "ours", UINT32_MAX, &state.ours) ||
	    !take_line(&text, "directory", state.directory,
		       sizeof(state.directory)) ||
	    *text)
		return -EINVAL;
	state.set = set;
	*ret = state;
	return 0;
}
