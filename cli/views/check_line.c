// SPDX-License-Identifier: GPL-2.0-only
#include "views/check_line.h"

#include <inttypes.h>
#include <string.h>

#include "model/check.h"
#include "model/snapshot.h"
#include "model/stall.h"
#include "model/static_rules.h"
#include "util/strbuf.h"
#include "util/text.h"
#include "util/units.h"
#include "views/finding_text.h"

#define SERVICE "VERITY-MEMTOP"
#define SECOND UINT64_C(1000000000)

/* A bar would begin the performance data. */
static void add_without_bars(struct strbuf *sb, const char *text)
{
	const char *bar;

	for (; (bar = strchr(text, '|')); text = bar + 1) {
		strbuf_add(sb, text, (size_t)(bar - text));
		strbuf_addstr(sb, "\\x7c");
	}
	strbuf_addstr(sb, text);
}

static void add_safely(struct strbuf *sb, const char *text)
{
	struct strbuf escaped = { 0 };

	text_escape(&escaped, text, true);
	add_without_bars(sb, strbuf_text(&escaped));
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

static void add_finding(struct strbuf *sb, const struct snapshot *snap,
			const struct finding *f)
{
	struct strbuf text = { 0 };

	finding_text_add(&text, snap->sample, f, true);
	add_without_bars(sb, strbuf_text(&text));
	strbuf_release(&text);
}

static void add_risk(struct strbuf *sb, const struct static_hit *hit)
{
	strbuf_addf(sb, "%s: ", static_rule_names[hit->rule]);
	add_safely(sb, hit->device ? hit->device->name : "-");
	strbuf_addstr(sb, " ");
	add_safely(sb, hit->pool->role);
	if (hit->rule == STATIC_SHARED)
		strbuf_addf(sb,
			    " also serves %" PRIu32 ":%" PRIu32
			    ", which is on it",
			    hit->upper.major, hit->upper.minor);
	else if (hit->rule == STATIC_PARAMETER)
		strbuf_addf(sb,
			    " has %" PRIu64
			    " elements, now it would be %" PRIu64,
			    hit->pool->min, hit->expected);
	else
		strbuf_addstr(sb, " can't be used by anybody");
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
static void add_reason(struct strbuf *sb, const struct check_view *view)
{
	const struct check_result *result = view->result;

	if (view->found->nr && result->status != CHECK_UNKNOWN) {
		add_finding(sb, view->snap, &view->found->all[0]);
		if (view->found->nr > 1)
			strbuf_addf(sb, ", and %zu more", view->found->nr - 1);
		return;
	}
	for (size_t i = 0; i < NR_FIGURES; i++) {
		if (result->figure[i] == result->status) {
			add_problem(sb, i, result, view->limits);
			return;
		}
	}
	strbuf_addstr(sb, "not all could be seen");
}

/* All that is not fine, a line each. */
static void add_rest(struct strbuf *sb, const struct check_view *view)
{
	for (size_t i = 0; i < view->found->nr; i++) {
		add_finding(sb, view->snap, &view->found->all[i]);
		strbuf_addstr(sb, "\n");
	}
	for (size_t i = 0; i < NR_FIGURES; i++) {
		if (view->result->figure[i] == CHECK_OK)
			continue;
		add_problem(sb, i, view->result, view->limits);
		strbuf_addstr(sb, "\n");
	}
	for (size_t i = 0; i < view->risks->nr; i++) {
		if (!view->rules[view->risks->all[i].rule])
			continue;
		add_risk(sb, &view->risks->all[i]);
		strbuf_addstr(sb, "\n");
	}
	if (view->result->incomplete)
		strbuf_addstr(sb, "not all could be seen, see 'lost'\n");
}

void check_lines(struct strbuf *sb, const struct check_view *view)
{
	const struct check_result *result = view->result;

	strbuf_addf(sb, SERVICE " %s: ", check_status_names[result->status]);
	if (result->status == CHECK_OK)
		add_summary(sb, result);
	else
		add_reason(sb, view);
	strbuf_addstr(sb, " |");
	for (size_t i = 0; i < NR_FIGURES; i++)
		add_figure(sb, i, result, view->limits);
	strbuf_addstr(sb, "\n");
	add_rest(sb, view);
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
