// SPDX-License-Identifier: GPL-2.0-only
#include "views/check_line.h"

#include <inttypes.h>
#include <string.h>

#include "model/check.h"
#include "model/snapshot.h"
#include "model/stall.h"
#include "util/strbuf.h"
#include "util/text.h"
#include "util/units.h"

#define SERVICE "VERITY-MEMTOP"
#define SECOND UINT64_C(1000000000)

/* Adds @text; a bar would begin the performance data. */
static void add_safely(struct strbuf *sb, const char *text)
{
	struct strbuf escaped = { 0 };
	const char *next, *bar;

	text_escape(&escaped, text, true);
	for (next = strbuf_text(&escaped); (bar = strchr(next, '|'));
	     next = bar + 1) {
		strbuf_add(sb, next, (size_t)(bar - next));
		strbuf_addstr(sb, "\\x7c");
	}
	strbuf_addstr(sb, next);
	strbuf_release(&escaped);
}

static void add_value(struct strbuf *sb, enum check_unit unit, uint64_t value)
{
	static const char *const units[] = {
		[CHECK_COUNT] = "",
		[CHECK_NS] = "s",
		[CHECK_PERCENT] = "%",
		[CHECK_BYTES] = "B",
	};

	if (value == MEMTOP_UNKNOWN)
		strbuf_addstr(sb, "U");
	else if (unit == CHECK_NS)
		strbuf_addf(sb, "%" PRIu64 ".%03us", value / SECOND,
			    (unsigned int)(value % SECOND / 1000000));
	else
		strbuf_addf(sb, "%" PRIu64 "%s", value, units[unit]);
}

static void add_figure(struct strbuf *sb, size_t figure,
		       const struct check_result *result,
		       const struct check_limits *limits)
{
	const struct check_figure_info *info = &check_figure_infos[figure];
	const struct check_range *warning = &limits->warning[figure];
	const struct check_range *critical = &limits->critical[figure];

	strbuf_addf(sb, " %s=", info->name);
	add_value(sb, info->unit, result->value[figure]);
	strbuf_addf(sb, ";%s;%s;0%s", warning->set ? warning->text : "",
		    critical->set ? critical->text : "",
		    info->unit == CHECK_PERCENT ? ";100" : "");
}

static void add_time(struct strbuf *sb, const struct finding *f)
{
	if (f->age_ns == MEMTOP_UNKNOWN) {
		strbuf_addstr(sb, ", it is unknown since when");
		return;
	}
	strbuf_addstr(sb, f->since_at_least ? " at least " : " ");
	units_add_time(sb, f->age_ns);
}

static void add_finding(struct strbuf *sb, const struct finding *f)
{
	strbuf_addf(sb, "%s: ", finding_kind_names[f->kind]);
	add_safely(sb, f->device ? f->device->name : "-");
	if (f->dev_known)
		strbuf_addf(sb, " %" PRIu32 ":%" PRIu32, f->dev.major,
			    f->dev.minor);
	strbuf_addstr(sb, " ");
	add_safely(sb, f->pool->role);
	strbuf_addstr(sb, ": ");
	add_safely(sb, f->waiter->comm);
	strbuf_addf(sb, "[%" PRIu32 "] waits", f->waiter->pid);
	add_time(sb, f);
	if (f->kind > FINDING_WAIT)
		strbuf_addf(sb, ", cause: %s", stall_cause_names[f->cause]);
}

/* For people: "wait_age 3.000s, which should be in 1". */
static void add_problem(struct strbuf *sb, size_t figure,
			const struct check_result *result,
			const struct check_limits *limits)
{
	const struct check_figure_info *info = &check_figure_infos[figure];
	const struct check_range *range = result->figure[figure] ==
							  CHECK_CRITICAL ?
						  &limits->critical[figure] :
						  &limits->warning[figure];

	if (result->figure[figure] == CHECK_UNKNOWN) {
		strbuf_addf(sb, "%s is not known", info->name);
		return;
	}
	strbuf_addf(sb, "%s ", info->name);
	add_value(sb, info->unit, result->value[figure]);
	strbuf_addf(sb, " (%s), range %s", info->text, range->text);
}

static void add_summary(struct strbuf *sb, const struct check_result *result)
{
	strbuf_addf(sb, "%" PRIu64 " devices, ", result->value[FIGURE_DEVICES]);
	if (result->value[FIGURE_TOTAL_BYTES] == MEMTOP_UNKNOWN)
		strbuf_addstr(sb, "unknown");
	else
		units_add_bytes(sb, result->value[FIGURE_TOTAL_BYTES]);
	strbuf_addstr(sb, " in reserve");
}

/* Why it is not OK, the gravest of it. */
static void add_reason(struct strbuf *sb, const struct check_result *result,
		       const struct check_limits *limits,
		       const struct findings *found)
{
	if (found->nr && result->status != CHECK_UNKNOWN) {
		add_finding(sb, &found->all[0]);
		if (found->nr > 1)
			strbuf_addf(sb, ", and %zu more", found->nr - 1);
		return;
	}
	for (size_t i = 0; i < NR_FIGURES; i++) {
		if (result->figure[i] == result->status) {
			add_problem(sb, i, result, limits);
			return;
		}
	}
	strbuf_addstr(sb, "not all could be seen");
}

void check_lines(struct strbuf *sb, const struct check_result *result,
		 const struct check_limits *limits, const struct snapshot *snap,
		 const struct findings *found)
{
	(void)snap;
	strbuf_addf(sb, SERVICE " %s: ", check_status_names[result->status]);
	if (result->status == CHECK_OK)
		add_summary(sb, result);
	else
		add_reason(sb, result, limits, found);
	strbuf_addstr(sb, " |");
	for (size_t i = 0; i < NR_FIGURES; i++)
		add_figure(sb, i, result, limits);
	strbuf_addstr(sb, "\n");
	for (size_t i = 0; i < found->nr; i++) {
		add_finding(sb, &found->all[i]);
		strbuf_addstr(sb, "\n");
	}
	for (size_t i = 0; i < NR_FIGURES; i++) {
		if (result->figure[i] == CHECK_OK)
			continue;
		add_problem(sb, i, result, limits);
		strbuf_addstr(sb, "\n");
	}
	if (result->incomplete)
		strbuf_addstr(sb, "not all could be seen, see 'lost'\n");
}

void check_unknown_lines(struct strbuf *sb, const char *reason,
			 const char *messages)
{
	strbuf_addstr(sb, SERVICE " UNKNOWN: ");
	add_safely(sb, reason);
	strbuf_addstr(sb, "\n");
	while (*messages) {
		struct strbuf line = { 0 };
		size_t len = strcspn(messages, "\n");

		strbuf_add(&line, messages, len);
		add_safely(sb, strbuf_text(&line));
		strbuf_addstr(sb, "\n");
		strbuf_release(&line);
		messages += len + !!messages[len];
	}
}
