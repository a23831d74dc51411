// SPDX-License-Identifier: GPL-2.0-only
#include "options/take.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/times.h"
#include "model/reload.h"

/* A year, so that no sum of delays can overflow. */
#define MAX_SECONDS (366 * 86400 * SECOND)

void word_list_add(struct word_list *list, const char *word)
{
	list->words = xgrow(list->words, list->nr, sizeof(*list->words));
	list->words[list->nr++] = word;
}

/* Adds the reason for refusing @value: @err comes from text_to_u64(). */
static int bad_number(const struct option_info *info, const char *value,
		      int err, struct strbuf *problem)
{
	strbuf_addf(problem, "--%s: '%s' is %s", info->name, value,
		    err == -ERANGE ? "out of range" : "not a number");
	return -EINVAL;
}

static int take_number(const struct option_info *info, const char *value,
		       uint64_t *to, struct strbuf *problem)
{
	uint64_t most = info->most ? info->most : UINT64_MAX - 1, n;
	int err = text_to_u64(value, info->least, most, &n);

	if (!err && info->type == OPTION_IS_POWER_OF_2 && n & (n - 1))
		err = -ERANGE;
	if (err)
		return bad_number(info, value, err, problem);
	*to = info->type == OPTION_IS_MIB ? n << 20 : n;
	return 0;
}

static int take_seconds(const struct option_info *info, const char *value,
			uint64_t *to, struct strbuf *problem)
{
	uint64_t ns;
	int err = text_to_ns(value, MAX_SECONDS, &ns);

	if (!err && ns < info->least)
		err = -ERANGE;
	if (err)
		return bad_number(info, value, err, problem);
	*to = ns;
	return 0;
}

/* A number with one of the letters of @units, each for a factor, or without. */
static int take_unit(const struct option_info *info, const char *value,
		     const char *units, const uint64_t *factors, uint64_t most,
		     uint64_t *to, struct strbuf *problem)
{
	const size_t len = strlen(value);
	const char *unit = len > 1 ? strchr(units, value[len - 1]) : NULL;
	const uint64_t factor = unit ? factors[unit - units] : factors[0];
	struct strbuf number = { 0 };
	uint64_t n = 0;
	int err;

	strbuf_add(&number, value, unit ? len - 1 : len);
	err = text_to_u64(strbuf_text(&number), 0, most / factor, &n);
	strbuf_release(&number);
	if (!err && n * factor < info->least)
		err = -ERANGE;
	if (err)
		return bad_number(info, value, err, problem);
	*to = n * factor;
	return 0;
}

static int take_bytes(const struct option_info *info, const char *value,
		      uint64_t *to, struct strbuf *problem)
{
	static const uint64_t factors[] = { 1, 1 << 10, 1 << 20, 1 << 30,
					    1ULL << 40 };

	return take_unit(info, value, "BKMGT", factors, INT64_MAX, to, problem);
}

static int take_period(const struct option_info *info, const char *value,
		       uint64_t *to, struct strbuf *problem)
{
	static const uint64_t factors[] = { SECOND, 60 * SECOND, 3600 * SECOND,
					    86400 * SECOND };

	return take_unit(info, value, "smhd", factors, 10 * MAX_SECONDS, to,
			 problem);
}

static int take_name(const struct option_info *info, const char *value,
		     unsigned int *to, struct strbuf *problem)
{
	struct text_nearest near = { .word = value };

	for (size_t i = 0; i < info->nr_names; i++) {
		if (strcmp(value, info->names[i]) == 0) {
			*to = (unsigned int)i;
			return 0;
		}
		text_nearest_offer(&near, info->names[i]);
	}
	strbuf_addf(problem, "--%s: '%s' is not one of", info->name, value);
	for (size_t i = 0; i < info->nr_names; i++)
		strbuf_addf(problem, "%s %s", i ? "," : "", info->names[i]);
	if (near.best)
		strbuf_addf(problem, "; did you mean %s?", near.best);
	return -EINVAL;
}

/* Adds @word to the values of the kernel's parameter. */
static int add_one_ios(struct options *o, const struct option_info *info,
		       const char *word, struct strbuf *problem)
{
	uint64_t ios;
	int err = text_to_u64(word, 0, UINT64_MAX, &ios);

	if (err)
		return bad_number(info, word, err, problem);
	if (ios >= 1 && ios <= RELOAD_MOST) {
		o->ios = xgrow(o->ios, o->nr_ios, sizeof(*o->ios));
		o->ios[o->nr_ios++] = ios;
		return 0;
	}
	if (!ios)
		strbuf_addf(
			problem,
			"--%s: invalid value 0: the kernel would use its default, %d",
			info->name, RELOAD_DEFAULT);
	else
		strbuf_addf(problem, "--%s: the maximum is %d, not %s",
			    info->name, RELOAD_MOST, word);
	return -EINVAL;
}

/* Numbers with commas between them. */
static int take_ios(struct options *o, const struct option_info *info,
		    const char *list, struct strbuf *problem)
{
	struct strbuf word = { 0 };
	size_t len;
	int err;

	do {
		len = strcspn(list, ",");
		strbuf_reset(&word);
		strbuf_add(&word, list, len);
		err = add_one_ios(o, info, strbuf_text(&word), problem);
		list += len;
	} while (!err && *list++);
	strbuf_release(&word);
	return err;
}

static int take_moment(struct options *o, const struct option_info *info,
		       const char *value, struct wall_time *to,
		       struct strbuf *problem)
{
	o->at_given = true;
	if (!wall_time_parse(value, to))
		return 0;
	strbuf_addf(
		problem,
		"--%s: '%s' is not a time (examples: 14:03, 14:03:05, 2026-11-27 14:03)",
		info->name, value);
	return -EINVAL;
}

int option_take(struct options *to, enum option option, const char *value,
		struct strbuf *problem)
{
	const struct option_info *info = &option_infos[option];
	void *member = (char *)to + info->offset;

	switch (info->type) {
	case OPTION_IS_COMMAND:
		return 0;
	case OPTION_IS_FLAG:
		*(bool *)member = true;
		return 0;
	case OPTION_IS_COUNTED:
		++*(unsigned int *)member;
		return 0;
	case OPTION_IS_TEXT:
		*(const char **)member = value;
		return 0;
	case OPTION_IS_TEXTS:
		word_list_add(member, value);
		return 0;
	case OPTION_IS_NUMBER:
	case OPTION_IS_POWER_OF_2:
	case OPTION_IS_MIB:
		return take_number(info, value, member, problem);
	case OPTION_IS_SECONDS:
		return take_seconds(info, value, member, problem);
	case OPTION_IS_BYTES:
		return take_bytes(info, value, member, problem);
	case OPTION_IS_PERIOD:
		return take_period(info, value, member, problem);
	case OPTION_IS_NAME:
		return take_name(info, value, member, problem);
	case OPTION_IS_IOS:
		return take_ios(to, info, value, problem);
	case OPTION_IS_MOMENT:
		return take_moment(to, info, value, member, problem);
	}
	return -EINVAL;
}
