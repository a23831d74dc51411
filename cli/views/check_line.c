// SPDX-License-Identifier: GPL-2.0-only
#include "views/check_line.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/times.h"
#include "base/units.h"
#include "model/check.h"
#include "model/snapshot.h"
#include "model/static_rules.h"
#include "stall/stall.h"
#include "views/finding_text.h"
#include "views/output.h"

#define SERVICE "VERITY-MEMTOP"

/* Most bytes of the reason in the first line, and of each line below. */
#define MOST_REASON 300
#define MOST_TYPES 100
#define MOST_LINE 300

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

/* Adds @text without bars, cut to @most bytes, at a space if possible. */
static void add_cut(struct strbuf *sb, const char *text, size_t most)
{
	struct strbuf safe = { 0 };
	size_t len;

	add_without_bars(&safe, text);
	len = safe.len;
	if (len > most) {
		for (len = most; len > most / 2; len--) {
			if (safe.text[len] == ' ')
				break;
		}
		if (len == most / 2)
			len = most;
	}
	strbuf_add(sb, strbuf_text(&safe), len);
	if (len < safe.len)
		strbuf_addstr(sb, "...");
	strbuf_release(&safe);
}

static void add_finding(struct strbuf *sb, const struct snapshot *snap,
			const struct finding *f)
{
	finding_text_add(sb, snap->sample, f, true);
}

/* "plain-1 (254:1)" */
static void add_device(struct strbuf *sb, const struct sample_device *device,
		       bool dev_known, struct sample_devno dev)
{
	if (device && *device->name) {
		add_safely(sb, device->name);
		strbuf_addstr(sb, " ");
	}
	if (dev_known)
		strbuf_addf(sb, "(%" PRIu32 ":%" PRIu32 ")", dev.major,
			    dev.minor);
	else
		strbuf_addstr(sb, "no device");
}

/* @nr hits of the rule of @hit, of one device, @hit being the first. */
static void add_risk(struct strbuf *sb, const struct static_hit *hit, size_t nr)
{
	strbuf_addf(sb, "%s: ", static_rule_names[hit->rule]);
	add_device(sb, hit->device, hit->dev_known, hit->dev);
	strbuf_addstr(sb, ": ");
	add_safely(sb, hit->pool->role);
	if (hit->rule == STATIC_SHARED)
		strbuf_addf(sb,
			    " also serves %" PRIu32 ":%" PRIu32
			    ", which is built on it",
			    hit->upper.major, hit->upper.minor);
	else if (hit->rule == STATIC_PARAMETER)
		strbuf_addf(sb,
			    " has %" PRIu64 " elements, %" PRIu64
			    " after a reload",
			    hit->pool->min, hit->expected);
	else
		strbuf_addstr(sb, " can never be used");
	if (nr > 1)
		strbuf_addf(sb, " (and %zu more of its reserves)", nr - 1);
}

/* How a value that is not OK relates to @range. */
static const char *relation(const struct check_range *range)
{
	if (range->inside)
		return "is in range";
	if (!range->start)
		return "exceeds limit";
	return range->end == UINT64_MAX ? "is below limit" :
					  "is outside of range";
}

/* "wait_age 3.000s (longest wait) exceeds limit 1" */
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
		strbuf_addf(sb, "%s is unknown", info->name);
		return;
	}
	strbuf_addf(sb, "%s ", info->name);
	if (result->value[figure] == MEMTOP_UNKNOWN) {
		strbuf_addstr(sb, "at least ");
		add_value(sb, info->unit, result->least[figure]);
	} else {
		add_value(sb, info->unit, result->value[figure]);
	}
	strbuf_addf(sb, " (%s) %s %s", info->text, relation(range),
		    range->text);
}

/* "2 devices not fully known (crypt, raid)" */
static void add_unknown(struct strbuf *sb, const struct check_view *view)
{
	uint64_t nr = view->result->value[FIGURE_UNKNOWN_DEVICES];
	struct strbuf types = { 0 }, safe = { 0 };
	struct snap_selection all;

	snapshot_select(view->snap, &(struct snap_filter){ 0 }, &all);
	strbuf_addf(sb, "%" PRIu64 " device%s with unknown reserves", nr,
		    nr == 1 ? "" : "s");
	if (snap_add_unknown_types(all.entries, all.nr, &types)) {
		text_escape(&safe, strbuf_text(&types), true);
		strbuf_addstr(sb, " (");
		add_cut(sb, strbuf_text(&safe), MOST_TYPES);
		strbuf_addstr(sb, ")");
	}
	strbuf_release(&safe);
	strbuf_release(&types);
	snap_selection_release(&all);
}

/* The figures that this source cannot determine; nothing if it has all. */
static void add_source(struct strbuf *sb, const struct check_view *view)
{
	if (view->snap->sample->source == SAMPLE_STOCK)
		strbuf_addstr(sb, ", without the patched modules");
	if (view->result->unknown_blocks)
		strbuf_addf(sb, ", corrupted unknown for %" PRIu64 " device%s",
			    view->result->unknown_blocks,
			    view->result->unknown_blocks == 1 ? "" : "s");
	if (view->result->value[FIGURE_UNKNOWN_DEVICES]) {
		strbuf_addstr(sb, ", ");
		add_unknown(sb, view);
	}
}

static void add_devices(struct strbuf *sb, uint64_t nr)
{
	if (nr)
		strbuf_addf(sb, "%" PRIu64 " device%s", nr, nr == 1 ? "" : "s");
	else
		strbuf_addstr(sb, "no device-mapper device with reserves");
}

/* "2 devices, expected at least 3" */
static void add_few(struct strbuf *sb, const struct check_view *view)
{
	add_devices(sb, view->result->value[FIGURE_DEVICES]);
	strbuf_addf(sb, ", expected at least %" PRIu64,
		    view->limits->min_devices);
}

static void add_summary(struct strbuf *sb, const struct check_view *view)
{
	const struct check_result *result = view->result;

	add_devices(sb, result->value[FIGURE_DEVICES]);
	if (result->value[FIGURE_DEVICES]) {
		strbuf_addstr(sb, ", ");
		if (result->value[FIGURE_TOTAL_BYTES] == MEMTOP_UNKNOWN)
			strbuf_addstr(sb, "at least ");
		units_add_bytes(sb, result->least[FIGURE_TOTAL_BYTES]);
		strbuf_addstr(sb, " in reserve");
	}
	add_source(sb, view);
}

/* ---- one line each -------------------------------------------------------------- */

/* The lines about devices, by severity. */
struct subject {
	bool dev_known;
	struct sample_devno dev;
	size_t order; /* among all of them */
	const struct finding *finding; /* one of the three */
	const struct sample_device *corrupted;
	const struct static_hit *hit;
	size_t nr_more; /* hits of the same rule and device */
};

struct subjects {
	struct subject *all; /* owned */
	size_t nr;
};

static void add_subject(struct subjects *to, const struct subject *subject)
{
	to->all = xgrow(to->all, to->nr, sizeof(*to->all));
	to->all[to->nr] = *subject;
	to->all[to->nr].order = to->nr;
	to->nr++;
}

static int compare_devices(const struct subject *a, const struct subject *b)
{
	if (a->dev_known != b->dev_known)
		return a->dev_known ? -1 : 1;
	return a->dev_known ? sample_compare_devno(a->dev, b->dev) : 0;
}

static int compare_subjects(const void *pa, const void *pb)
{
	const struct subject *a = pa, *b = pb;
	int order = compare_devices(a, b);

	return order ? order : compare_u64(a->order, b->order);
}

static int compare_orders(const void *pa, const void *pb)
{
	const struct subject *a = pa, *b = pb;

	return compare_u64(a->order, b->order);
}

/* Whether @a and @b are hits of one rule. */
static bool same_rule(const struct subject *a, const struct subject *b)
{
	return a->hit && b->hit && a->hit->rule == b->hit->rule;
}

/* Keeps the most severe line of each device, ordered by severity. */
static void keep_one_each(struct subjects *s)
{
	size_t kept = 0;

	if (!s->nr)
		return;
	qsort(s->all, s->nr, sizeof(*s->all), compare_subjects);
	for (size_t i = 1; i < s->nr; i++) {
		struct subject *last = &s->all[kept];

		if (compare_devices(last, &s->all[i]) != 0)
			s->all[++kept] = s->all[i];
		else if (same_rule(last, &s->all[i]))
			last->nr_more++;
	}
	s->nr = kept + 1;
	qsort(s->all, s->nr, sizeof(*s->all), compare_orders);
}

static struct subjects find_subjects(const struct check_view *view)
{
	const struct sample *s = view->snap->sample;
	struct subjects ret = { 0 };

	for (size_t i = 0; i < view->found->nr; i++) {
		const struct finding *f = &view->found->all[i];

		add_subject(&ret, &(struct subject){ .dev_known = f->dev_known,
						     .dev = f->dev,
						     .finding = f });
	}
	for (size_t i = 0; i < s->nr_devices; i++) {
		const struct sample_device *d = &s->devices[i];

		if (d->corrupted && d->corrupted != MEMTOP_UNKNOWN)
			add_subject(&ret, &(struct subject){ .dev_known = true,
							     .dev = d->dev,
							     .corrupted = d });
	}
	for (size_t i = 0; i < view->risks->nr; i++) {
		const struct static_hit *hit = &view->risks->all[i];

		if (view->rules[hit->rule])
			add_subject(&ret, &(struct subject){
						  .dev_known = hit->dev_known,
						  .dev = hit->dev,
						  .hit = hit });
	}
	keep_one_each(&ret);
	return ret;
}

static void add_text(struct strbuf *sb, const struct check_view *view,
		     const struct subject *subject, size_t most)
{
	struct strbuf text = { 0 };

	if (subject->finding) {
		add_finding(&text, view->snap, subject->finding);
	} else if (subject->corrupted) {
		strbuf_addstr(&text, "corrupted: ");
		add_device(&text, subject->corrupted, true, subject->dev);
		strbuf_addstr(&text, " has read an invalid block");
	} else {
		add_risk(&text, subject->hit, subject->nr_more + 1);
	}
	add_cut(sb, strbuf_text(&text), most);
	strbuf_release(&text);
}

/* The first reason why @figure is out of its range; NULL: none. */
static const struct subject *find_first(const struct subjects *subjects,
					size_t figure)
{
	for (size_t i = 0; i < subjects->nr; i++) {
		const struct subject *one = &subjects->all[i];

		if ((one->finding && figure <= FIGURE_DEADLOCKS) ||
		    (one->corrupted && figure == FIGURE_CORRUPTED) ||
		    (one->hit && figure == FIGURE_RISKS))
			return one;
	}
	return NULL;
}

/* The most severe reason why it is not OK. */
static void add_reason(struct strbuf *sb, const struct check_view *view,
		       const struct subjects *subjects)
{
	const struct check_result *result = view->result;
	const struct subject *first;
	size_t figure = 0;

	while (figure < NR_FIGURES && result->figure[figure] != result->status)
		figure++;
	first = find_first(subjects, figure);
	if (result->status == CHECK_UNKNOWN && result->few) {
		add_few(sb, view);
	} else if (figure == NR_FIGURES) {
		strbuf_addstr(sb, "readings were lost");
	} else if (result->status != CHECK_UNKNOWN && first) {
		add_text(sb, view, first, MOST_REASON);
		if (subjects->nr > 1)
			strbuf_addf(sb, ", and %zu more device%s",
				    subjects->nr - 1,
				    subjects->nr == 2 ? "" : "s");
	} else {
		add_problem(sb, figure, result, view->limits);
	}
	add_source(sb, view);
}

static void add_rest(struct strbuf *sb, const struct check_view *view,
		     const struct subjects *subjects)
{
	size_t shown = subjects->nr < CHECK_MOST_LINES ? subjects->nr :
							 CHECK_MOST_LINES;

	for (size_t i = 0; i < NR_FIGURES; i++) {
		if (view->result->figure[i] == CHECK_OK)
			continue;
		add_problem(sb, i, view->result, view->limits);
		strbuf_addstr(sb, "\n");
	}
	if (view->result->few) {
		add_few(sb, view);
		strbuf_addstr(sb, "\n");
	}
	if (view->result->incomplete)
		strbuf_addstr(sb, "readings were lost, see 'lost'\n");
	if (view->result->limited)
		strbuf_addstr(sb,
			      "the search for deadlocks reached its limit\n");
	for (size_t i = 0; i < shown; i++) {
		add_text(sb, view, &subjects->all[i], MOST_LINE);
		strbuf_addstr(sb, "\n");
	}
	if (shown < subjects->nr)
		strbuf_addf(sb, "and %zu more\n", subjects->nr - shown);
}

void check_lines(struct strbuf *sb, const struct check_view *view)
{
	const struct check_result *result = view->result;
	struct subjects subjects = find_subjects(view);

	strbuf_addf(sb, SERVICE " %s: ", check_status_names[result->status]);
	if (result->status == CHECK_OK)
		add_summary(sb, view);
	else
		add_reason(sb, view, &subjects);
	strbuf_addstr(sb, " |");
	for (size_t i = 0; i < NR_FIGURES; i++)
		add_figure(sb, i, result, view->limits);
	strbuf_addstr(sb, "\n");
	add_rest(sb, view, &subjects);
	free(subjects.all);
}

void check_unknown_lines(struct strbuf *sb, const char *reason,
			 const char *messages)
{
	struct strbuf text = { 0 };

	strbuf_addstr(sb, SERVICE " UNKNOWN: ");
	text_escape(&text, reason, true);
	add_cut(sb, strbuf_text(&text), MOST_REASON);
	strbuf_addstr(sb, "\n");
	for (size_t i = 0; *messages; i++) {
		struct strbuf line = { 0 };
		size_t len = strcspn(messages, "\n");

		if (i == CHECK_MOST_LINES) {
			strbuf_addstr(sb, "and more\n");
			break;
		}
		strbuf_add(&line, messages, len);
		strbuf_reset(&text);
		text_escape(&text, strbuf_text(&line), true);
		add_cut(sb, strbuf_text(&text), MOST_LINE);
		strbuf_addstr(sb, "\n");
		strbuf_release(&line);
		messages += len + !!messages[len];
	}
	strbuf_release(&text);
}

void check_end(enum check_end why)
{
	static const char *const lines[] = {
		[CHECK_END_MEMORY] = SERVICE " UNKNOWN: out of memory\n",
		[CHECK_END_SIGNAL] = SERVICE " UNKNOWN: ended by a signal\n",
		[CHECK_END_STREAMS] = SERVICE
		" UNKNOWN: cannot open /dev/null\n",
	};

	output_last_line(lines[why]);
	_exit(CHECK_UNKNOWN);
}
