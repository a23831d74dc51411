// SPDX-License-Identifier: GPL-2.0-only
#include "options/parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "base/times.h"
#include "options/catalogue.h"
#include "options/take.h"
#include "options/together.h"

/*
 * Default threshold of alerts that users do not see at once: twice the time after
 * which a waiting task retries its allocation. Normal waits are shorter.
 */
#define ALARM_THRESHOLD (10 * SECOND)
/* Additional time of a check, beyond its threshold. */
#define CHECK_TIME (15 * SECOND)

/* A walk over argv. */
struct parser {
	char **next; /* *next is NULL at the end */
	struct options *options;
	struct option_set given;
	struct strbuf *problem;
};

static bool given(const struct parser *p, enum option option)
{
	return p->given.has[option];
}

static int unknown_option(struct parser *p, const char *word)
{
	struct text_nearest near = { .word = word };
	size_t i;

	for (i = 0; i < NR_OPTIONS; i++)
		text_nearest_offer(&near, option_infos[i].name);
	strbuf_addf(p->problem, "unknown option '--%s'", word);
	if (near.best)
		strbuf_addf(p->problem, ", did you mean --%s?", near.best);
	return -EINVAL;
}

/* Parses an option whose value, if one is attached, is @value. */
static int take_with_value(struct parser *p, enum option option,
			   const char *value)
{
	const struct option_info *info = &option_infos[option];

	if (!info->argument && value) {
		strbuf_addf(p->problem, "--%s takes no value", info->name);
		return -EINVAL;
	}
	if (info->argument && !value) {
		if (!*p->next) {
			strbuf_addf(p->problem, "--%s needs a value: %s",
				    info->name, info->argument);
			return -EINVAL;
		}
		value = *p->next++;
	}
	p->given.has[option] = true;
	return option_take(p->options, option, value, p->problem);
}

/*
 * The option whose name is the first @len bytes of @word, or NR_OPTIONS. Of two with one
 * name it is that of the command, as far as that is known.
 */
static size_t find_long(const struct parser *p, const char *word, size_t len)
{
	size_t found = NR_OPTIONS;

	for (size_t i = 0; i < NR_OPTIONS; i++) {
		if (strlen(option_infos[i].name) != len ||
		    strncmp(option_infos[i].name, word, len) != 0)
			continue;
		if (found == NR_OPTIONS ||
		    option_infos[i].commands & 1U << p->options->command)
			found = i;
	}
	return found;
}

/* "--name", "--name=value"; @word has no dashes. */
static int parse_long(struct parser *p, const char *word)
{
	size_t len = strcspn(word, "="), found = find_long(p, word, len);
	struct strbuf name = { 0 };
	int err;

	if (found != NR_OPTIONS)
		return take_with_value(p, found,
				       word[len] ? word + len + 1 : NULL);
	strbuf_add(&name, word, len);
	err = unknown_option(p, strbuf_text(&name));
	strbuf_release(&name);
	return err;
}

/* The option with this letter, which is the same for all commands, or NR_OPTIONS. */
static size_t find_letter(char letter)
{
	size_t i = 0;

	while (i < NR_OPTIONS && option_infos[i].letter != letter)
		i++;
	return i;
}

/* "-B", "-BH", "-oLIST"; @letters come without the dash. */
static int parse_letters(struct parser *p, const char *letters)
{
	size_t i;
	int err;

	for (; *letters; letters++) {
		i = find_letter(*letters);
		if (i == NR_OPTIONS) {
			strbuf_addf(p->problem, "unknown option '-%c'",
				    *letters);
			return -EINVAL;
		}
		if (option_infos[i].argument)
			return take_with_value(p, i,
					       letters[1] ? letters + 1 : NULL);
		err = take_with_value(p, i, NULL);
		if (err)
			return err;
	}
	return 0;
}

enum command command_find(const char *name, struct strbuf *problem)
{
	struct text_nearest near = { .word = name };
	size_t i;

	for (i = 0; i < NR_COMMANDS; i++) {
		if (strcmp(command_infos[i].name, name) == 0)
			return i;
		text_nearest_offer(&near, command_infos[i].name);
	}
	strbuf_addf(problem, "unknown command '%s'", name);
	if (near.best)
		strbuf_addf(problem, ", did you mean %s?", near.best);
	return NR_COMMANDS;
}

/* The first word is the command, the others are its arguments. */
static int parse_word(struct parser *p, const char *word)
{
	struct options *o = p->options;

	if (o->command_named) {
		word_list_add(&o->arguments, word);
		return 0;
	}
	o->command_named = true;
	o->command = command_find(word, p->problem);
	return o->command == NR_COMMANDS ? -EINVAL : 0;
}

/* --help and --version stand for the commands of these names. */
static void apply_help(struct parser *p)
{
	struct options *o = p->options;

	if (given(p, OPTION_HELP)) {
		o->arguments.nr = 0;
		if (o->command_named)
			word_list_add(&o->arguments,
				      command_infos[o->command].name);
		o->command = COMMAND_HELP;
	} else if (given(p, OPTION_VERSION)) {
		o->arguments.nr = 0;
		o->command = COMMAND_VERSION;
	}
}

static int parse_all(struct parser *p)
{
	bool words_only = false;
	int err = 0;

	while (!err && *p->next) {
		const char *word = *p->next++;

		if (words_only || word[0] != '-' || !word[1])
			err = parse_word(p, word);
		else if (strcmp(word, "--") == 0)
			words_only = true;
		else if (word[1] == '-')
			err = parse_long(p, word + 2);
		else
			err = parse_letters(p, word + 1);
	}
	return err;
}

/* Before the command's name, --on was taken for that of a report. */
static void move_on(struct parser *p)
{
	struct options *o = p->options;

	if (o->command != COMMAND_BENCH || !given(p, OPTION_ON_FILE))
		return;
	if (!given(p, OPTION_ON))
		o->on = o->on_files.words[o->on_files.nr - 1];
	p->given.has[OPTION_ON] = true;
	p->given.has[OPTION_ON_FILE] = false;
}

static char *command_line(char **argv)
{
	struct strbuf sb = { 0 };

	strbuf_addstr(&sb, "verity-memtop");
	for (; *argv; argv++) {
		strbuf_addstr(&sb, " ");
		text_quote(&sb, *argv);
	}
	return sb.text;
}

/* Effects of bench's options on others. */
static void apply_bench(struct parser *p)
{
	struct options *o = p->options;

	if (given(p, OPTION_PRESSURE_COMMAND))
		o->pressure = PRESSURE_COMMAND;
	if (o->on[0] != '/')
		return;
	/* each device has one stack */
	o->devices = 1;
	for (const char *at = o->on; (at = strchr(at, ',')); at++)
		o->devices++;
}

int options_parse(char **argv, struct options *ret, struct strbuf *problem)
{
	struct parser p = { .next = argv, .options = ret, .problem = problem };
	int err;

	*ret = (struct options){ .command = COMMAND_REPORT,
				 .count = 1,
				 .delay_ns = SECOND,
				 .threshold_ns = SECOND,
				 .interval_ns = SECOND / 10,
				 .min_devices = 1,
				 .telemetry_path = "/metrics",
				 .detail = DETAIL_ROLE,
				 .devices = 4,
				 .depth = 1,
				 .size = 16 << 20,
				 .block_size = 4096,
				 .jobs = 8,
				 .runtime_ns = 2 * SECOND,
				 .repeats = 5,
				 .directory = "/dev/shm",
				 .on = "loop" };
	err = parse_all(&p);
	if (err)
		return err;
	move_on(&p);
	/* the commands that print it */
	if (ret->command == COMMAND_REPORT || ret->command == COMMAND_BENCH)
		ret->command_line = command_line(argv);
	if ((ret->command == COMMAND_WATCH || ret->command == COMMAND_TOP ||
	     (ret->command == COMMAND_RECORD &&
	      (ret->replay || ret->ring_bytes || ret->keep_ns))) &&
	    !given(&p, OPTION_COUNT))
		ret->count = 0;
	if ((ret->command == COMMAND_EXPORT || ret->command == COMMAND_CHECK) &&
	    !given(&p, OPTION_THRESHOLD))
		ret->threshold_ns = ALARM_THRESHOLD;
	if (!given(&p, OPTION_TIMEOUT))
		ret->timeout_ns = ret->threshold_ns + CHECK_TIME;
	err = options_check_allowed(ret, &p.given, problem);
	if (err)
		return err;
	apply_help(&p);
	err = options_check(ret, &p.given, problem);
	if (err)
		return err;
	apply_bench(&p);
	return 0;
}

void options_release(struct options *options)
{
	free(options->arguments.words);
	free(options->names.words);
	free(options->on_files.words);
	free(options->targets.words);
	free(options->wheres.words);
	free(options->subtotals.words);
	free(options->warnings.words);
	free(options->criticals.words);
	free(options->ios);
	free(options->command_line);
	*options = (struct options){ 0 };
}
