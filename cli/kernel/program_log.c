// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's relocation code (tools/lib/bpf/relo_core.c, which is in the
 * kernel, too) writes a line for each relocation, with the member:
 *
 *	prog '': relo #5: <byte_off> [31] STRUCT dm_verity.data_start (0:2 @
 *	offset 16)
 *
 * and where the kernel has no such member
 *
 *	prog '': relo #5: substituting insn #71 w/ invalid insn
 *
 * which makes the verifier report, when it gets there,
 *
 *	71: (85) call unknown#195896080
 *	invalid func unknown#195896080
 *	processed 51 insns (limit 1000000) ...
 */
#include "kernel/program_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define MAX_SPEC 400

static bool begins_with(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* The last line before the counts; NULL: there is none. */
static char *last_words(char *log)
{
	char *words = NULL, *save = NULL;

	for (char *line = strtok_r(log, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!begins_with(line, "processed ") &&
		    !begins_with(line, "verification time") &&
		    !begins_with(line, "stack depth"))
			words = line;
	}
	return words;
}

/*
 * The instruction at which the verifier reached the missing member; -1: none.
 */
static long invalid_insn(const char *log)
{
	static const char call[] = ": (85) call unknown#195896080";
	const char *at = strstr(log, call), *from = at;

	while (from && from > log && from[-1] >= '0' && from[-1] <= '9')
		from--;
	return at && from < at ? strtol(from, NULL, 10) : -1;
}

/* The relocation that caused it; -1: none. */
static long relocation_of(const char *log, long insn)
{
	char wanted[64];
	const char *at, *number;

	snprintf(wanted, sizeof(wanted), ": substituting insn #%ld w/", insn);
	at = strstr(log, wanted);
	for (number = at; number && number > log && number[-1] != '#';)
		number--;
	return at ? strtol(number, NULL, 10) : -1;
}

/* "dm_verity.data_start" of the line about relocation @nr. */
static void note_member(const char *log, long nr, struct program_refusal *why)
{
	char wanted[32], spec[MAX_SPEC];
	const char *line;
	char *name, *end;

	snprintf(wanted, sizeof(wanted), ": relo #%ld: <", nr);
	line = strstr(log, wanted);
	if (!line)
		return;
	text_copy(spec, sizeof(spec), line);
	spec[strcspn(spec, "\n")] = '\0';
	name = strcasestr(spec, "] struct ");
	if (!name)
		return;
	name += strlen("] struct ");
	end = strstr(name, " (");
	if (end)
		*end = '\0';
	text_copy(why->member, sizeof(why->member), name);
}

void program_log_read(char *log, struct program_refusal *why)
{
	long insn = invalid_insn(log);
	long relocation = insn < 0 ? -1 : relocation_of(log, insn);
	const char *words;

	if (relocation >= 0)
		note_member(log, relocation, why);
	words = last_words(log);
	if (words)
		text_copy(why->words, sizeof(why->words), words);
}
