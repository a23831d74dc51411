// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <string.h>

#include "sample/quantity.h"
#include "base/colour.h"
#include "base/strbuf.h"
#include "sample/words.h"
#include "views/doctor_view.h"
#include "views/json_value.h"

static const char *const state_names[] = {
	[DOCTOR_UNKNOWN] = "unknown",
	[DOCTOR_FOUND] = "found",
	[DOCTOR_MISSING] = "missing",
};

static bool works(const struct doctor_view *view, enum sample_source way)
{
	return view->result->lack[way] == LACK_NOTHING && !view->errors[way];
}

enum sample_source doctor_best(const struct doctor_view *view)
{
	enum sample_source way;

	for (way = 0; way < NR_SAMPLE_SOURCES; way++) {
		if (works(view, way))
			break;
	}
	return way;
}

/* Whether reports work without the events, because the modules are missing. */
static bool lacks_modules(const struct doctor_view *view)
{
	return doctor_best(view) == SAMPLE_STOCK &&
	       view->result->missing[SAMPLE_TRACEPOINTS][CHECK_POOL_EVENTS];
}

static void text_check(FILE *out, const struct doctor_view *view,
		       enum doctor_check check, bool colour)
{
	static const enum colour colours[] = {
		[DOCTOR_UNKNOWN] = COLOUR_WARN,
		[DOCTOR_FOUND] = COLOUR_GOOD,
		[DOCTOR_MISSING] = COLOUR_BAD,
	};
	const struct doctor_fact *fact = &view->facts->facts[check];
	const struct doctor_info *info = &doctor_infos[check];

	fprintf(out,
		*fact->detail ? "%-13s  %s%-7s%s  %s (%s)\n" :
				"%-13s  %s%-7s%s  %s\n",
		info->name, colour_start(colour, colours[fact->state]),
		state_names[fact->state],
		colour_stop(colour, colours[fact->state]), info->what,
		fact->detail);
	if (fact->state == DOCTOR_FOUND)
		return;
	fprintf(out,
		"%-15sgives:   %s\n"
		"%-15sremedy:  %s\n",
		"", info->gives, "", info->how);
}

/* How source stock works, and the figures that it lacks. */
static void text_stock(FILE *out, const struct doctor_view *view)
{
	static const char *const roots[] = {
		[DOCTOR_ROOT_SYSFS] = "by way of /sys/block",
		[DOCTOR_ROOT_SYMBOL] = "by the kernel's symbol name_rb_tree",
	};

	if (view->root != DOCTOR_ROOT_NONE)
		fprintf(out, "%-20sdevices are found %s\n", "",
			roots[view->root]);
	for (size_t i = 0; i < view->gaps.nr; i++)
		fprintf(out, "%-20sthe kernel has no %s. Unknown: %s\n", "",
			view->gaps.all[i].member, view->gaps.all[i].costs);
}

static void text_way(FILE *out, const struct doctor_view *view,
		     enum sample_source way, bool colour)
{
	const enum colour word = works(view, way)  ? COLOUR_GOOD :
				 view->errors[way] ? COLOUR_BAD :
						     COLOUR_WARN;

	fprintf(out, "source %-11s  %s", sample_source_words[way],
		colour_start(colour, word));
	if (works(view, way)) {
		fprintf(out, "works%s%s\n", colour_stop(colour, word),
			way == doctor_best(view) ? ", and is used" : "");
		if (way == SAMPLE_STOCK)
			text_stock(out, view);
		return;
	}
	if (view->errors[way]) {
		fprintf(out, "failed when opened%s: %s\n",
			colour_stop(colour, word),
			strerror(-view->errors[way]));
		return;
	}
	fprintf(out, "lacks%s", colour_stop(colour, word));
	for (size_t check = 0; check < NR_CHECKS; check++) {
		if (view->result->missing[way][check])
			fprintf(out, " %s", doctor_infos[check].name);
	}
	fputc('\n', out);
}

void doctor_text(FILE *out, const struct doctor_view *view, bool colour)
{
	const struct doctor_facts *facts = view->facts;

	fprintf(out, "Linux %s, device-mapper devices: ", facts->kernel);
	if (facts->devices == MEMTOP_UNKNOWN)
		fputs("unknown\n\n", out);
	else
		fprintf(out, "%" PRIu64 "\n\n", facts->devices);
	for (size_t check = 0; check < NR_CHECKS; check++)
		text_check(out, view, check, colour);
	fputc('\n', out);
	for (size_t way = 0; way < NR_SAMPLE_SOURCES; way++)
		text_way(out, view, way, colour);
	if (doctor_best(view) == NR_SAMPLE_SOURCES)
		fputs("no report is possible\n", out);
	else if (lacks_modules(view))
		fprintf(out,
			"Linux %s runs without the patched modules: rechecks, corrections and holders are unknown. If they were installed for another kernel, run kernel/install-modules for this one.\n",
			facts->kernel);
}

static void put_check(struct json_writer *w, const struct doctor_view *view,
		      enum doctor_check check)
{
	const struct doctor_fact *fact = &view->facts->facts[check];
	const struct doctor_info *info = &doctor_infos[check];

	json_put_object(w, NULL);
	json_put_text(w, "name", info->name);
	json_put_text(w, "what", info->what);
	json_put_text(w, "state", state_names[fact->state]);
	json_put_text(w, "detail", fact->detail);
	json_put_text(w, "gives", info->gives);
	json_put_text(w, "how", info->how);
	json_put_end(w);
}

static void put_gaps(struct json_writer *w, const struct doctor_gaps *gaps)
{
	json_put_array(w, "gaps");
	for (size_t i = 0; gaps && i < gaps->nr; i++) {
		json_put_object(w, NULL);
		json_put_text(w, "member", gaps->all[i].member);
		json_put_text(w, "unknown", gaps->all[i].fact);
		json_put_text(w, "costs", gaps->all[i].costs);
		json_put_end(w);
	}
	json_put_end(w);
}

static void put_way(struct json_writer *w, const struct doctor_view *view,
		    enum sample_source way)
{
	const int err = view->errors[way];

	json_put_object(w, NULL);
	json_put_text(w, "name", sample_source_words[way]);
	json_put_bool(w, "works", works(view, way));
	json_put_array(w, "missing");
	for (size_t check = 0; check < NR_CHECKS; check++) {
		if (view->result->missing[way][check])
			json_put_text(w, NULL, doctor_infos[check].name);
	}
	json_put_end(w);
	json_put_text(w, "error", err ? strerror(-err) : NULL);
	json_put_text(w, "found_by",
		      way == SAMPLE_STOCK ? doctor_root_names[view->root] :
					    NULL);
	put_gaps(w, way == SAMPLE_STOCK ? &view->gaps : NULL);
	json_put_end(w);
}

void doctor_json(FILE *out, const struct doctor_view *view)
{
	const enum sample_source best = doctor_best(view);
	struct strbuf text = { 0 };
	struct json_writer w = json_begin(&text, out);

	json_put_text(&w, "schema", "verity-memtop/doctor/1");
	json_put_text(&w, "kernel", view->facts->kernel);
	json_put_number(&w, "devices", view->facts->devices);
	json_put_array(&w, "checks");
	for (size_t check = 0; check < NR_CHECKS; check++)
		put_check(&w, view, check);
	json_put_end(&w);
	json_put_array(&w, "sources");
	for (size_t way = 0; way < NR_SAMPLE_SOURCES; way++)
		put_way(&w, view, way);
	json_put_end(&w);
	json_put_text(&w, "best",
		      best == NR_SAMPLE_SOURCES ? NULL :
						  sample_source_words[best]);
	json_finish(&w);
}
