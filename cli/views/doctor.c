// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <string.h>

#include "model/quantity.h"
#include "views/doctor_view.h"
#include "views/json_value.h"

static const char *const state_names[] = {
	[DOCTOR_UNKNOWN] = "unknown",
	[DOCTOR_FOUND] = "found",
	[DOCTOR_MISSING] = "missing",
};

static bool works(const struct doctor_view *view, enum doctor_way way)
{
	return view->verdict->lack[way] == LACK_NOTHING && !view->errors[way];
}

enum doctor_way doctor_best(const struct doctor_view *view)
{
	enum doctor_way way;

	for (way = 0; way < NR_WAYS; way++) {
		if (works(view, way))
			break;
	}
	return way;
}

static void text_check(FILE *out, const struct doctor_view *view,
		       enum doctor_check check)
{
	const struct doctor_fact *fact = &view->facts->facts[check];
	const struct doctor_info *info = &doctor_infos[check];

	fprintf(out,
		*fact->detail ? "%-13s  %-7s  %s (%s)\n" : "%-13s  %-7s  %s\n",
		info->name, state_names[fact->state], info->what, fact->detail);
	if (fact->state == DOCTOR_FOUND)
		return;
	fprintf(out, "%-15sgives:   %s\n%-15sto have: %s\n", "", info->gives,
		"", info->how);
}

static void text_way(FILE *out, const struct doctor_view *view,
		     enum doctor_way way)
{
	fprintf(out, "source %-11s  ", doctor_way_names[way]);
	if (works(view, way)) {
		fprintf(out, "works%s\n",
			way == doctor_best(view) ? ", and is used" : "");
		return;
	}
	if (view->errors[way]) {
		fprintf(out, "was tried and failed: %s\n",
			strerror(-view->errors[way]));
		return;
	}
	fputs("lacks", out);
	for (size_t check = 0; check < NR_CHECKS; check++) {
		if (view->verdict->missing[way][check])
			fprintf(out, " %s", doctor_infos[check].name);
	}
	fputc('\n', out);
}

void doctor_text(FILE *out, const struct doctor_view *view)
{
	const struct doctor_facts *facts = view->facts;

	fprintf(out, "Linux %s, device-mapper devices: ", facts->kernel);
	if (facts->devices == MEMTOP_UNKNOWN)
		fputs("unknown\n\n", out);
	else
		fprintf(out, "%" PRIu64 "\n\n", facts->devices);
	for (size_t check = 0; check < NR_CHECKS; check++)
		text_check(out, view, check);
	fputc('\n', out);
	for (size_t way = 0; way < NR_WAYS; way++)
		text_way(out, view, way);
	if (doctor_best(view) == NR_WAYS)
		fputs("no report is possible\n", out);
}

static struct json_object *new_check(const struct doctor_view *view,
				     enum doctor_check check)
{
	const struct doctor_fact *fact = &view->facts->facts[check];
	const struct doctor_info *info = &doctor_infos[check];
	struct json_object *object = json_new_object();

	json_put(object, "name", json_new_text(info->name));
	json_put(object, "what", json_new_text(info->what));
	json_put(object, "state", json_new_text(state_names[fact->state]));
	json_put(object, "detail", json_new_text(fact->detail));
	json_put(object, "gives", json_new_text(info->gives));
	json_put(object, "how", json_new_text(info->how));
	return object;
}

static struct json_object *new_way(const struct doctor_view *view,
				   enum doctor_way way)
{
	struct json_object *object = json_new_object();
	struct json_object *missing = json_new_array();
	int err = view->errors[way];

	for (size_t check = 0; check < NR_CHECKS; check++) {
		if (view->verdict->missing[way][check])
			json_append(missing,
				    json_new_text(doctor_infos[check].name));
	}
	json_put(object, "name", json_new_text(doctor_way_names[way]));
	json_put(object, "works", json_object_new_boolean(works(view, way)));
	json_put(object, "missing", missing);
	json_put(object, "error", err ? json_new_text(strerror(-err)) : NULL);
	return object;
}

void doctor_json(FILE *out, const struct doctor_view *view)
{
	struct json_object *object = json_new_object();
	struct json_object *checks = json_new_array();
	struct json_object *ways = json_new_array();
	enum doctor_way best = doctor_best(view);

	for (size_t check = 0; check < NR_CHECKS; check++)
		json_append(checks, new_check(view, check));
	for (size_t way = 0; way < NR_WAYS; way++)
		json_append(ways, new_way(view, way));
	json_put(object, "schema", json_new_text("verity-memtop/doctor/1"));
	json_put(object, "kernel", json_new_text(view->facts->kernel));
	json_put(object, "devices", json_new_number(view->facts->devices));
	json_put(object, "checks", checks);
	json_put(object, "sources", ways);
	json_put(object, "best",
		 best == NR_WAYS ? NULL :
				   json_new_text(doctor_way_names[best]));
	json_write(out, object);
}
