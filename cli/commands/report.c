// SPDX-License-Identifier: GPL-2.0-only
#include "commands/report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/wall_time.h"
#include "fields/field_where.h"
#include "fields/fields.h"
#include "model/device_stack.h"
#include "model/drawing.h"
#include "model/owner.h"
#include "model/snapshot.h"
#include "model/trouble.h"
#include "options/options.h"
#include "recording/record_pack.h"
#include "stall/stall.h"
#include "stream/device_words.h"
#include "stream/stream.h"
#include "stream/verify.h"
#include "system/machine.h"
#include "views/drawing_view.h"
#include "views/help.h"
#include "views/output.h"
#include "views/page_view.h"
#include "views/report_view.h"
#include "views/sample_list.h"

/* The requested view, checked before the kernel is accessed. */
struct plan {
	const struct options *options;
	const struct field_table *table;
	struct field_choice choice;
	struct field_order order;
	struct field_where where;
	struct device_args devices;
	struct sample_devno *on; /* owned; block devices of --on */
	size_t nr_on;
};

static void plan_release(struct plan *plan)
{
	field_choice_release(&plan->choice);
	field_where_release(&plan->where);
	device_args_release(&plan->devices);
	free(plan->on);
}

/* A tree is drawn in a text column: NAME, or otherwise the first one. */
static int check_tree(const struct field_choice *choice, struct strbuf *problem)
{
	size_t i;

	for (i = 0; i < choice->nr; i++) {
		if (!field_is_quantity(choice->columns[i].field))
			return 0;
	}
	strbuf_addstr(problem, "--tree needs a text column, for example NAME");
	return -EINVAL;
}

/* The default columns of groups: of several devices there are only sums. */
#define GROUP_COLUMNS "NAME,RESERVED,BIOVEC,CORE,RECHECK,HASH,FEC,OTHER,CACHED"

static const char *columns_of(const struct options *options)
{
	return options->group_by && !options->columns ? GROUP_COLUMNS :
							options->columns;
}

/* Returns 0, or -EINVAL for a wrong column, already reported. */
static int plan_make(const struct options *options, struct plan *ret)
{
	struct strbuf problem = { 0 };
	bool pools = options->pools && !options->json;
	int err;

	*ret = (struct plan){ .options = options };
	ret->table = pools ? &pool_fields : &device_fields;
	err = field_choose(ret->table, columns_of(options), options->tree,
			   &ret->choice, &problem);
	if (!err && options->tree)
		err = check_tree(&ret->choice, &problem);
	if (!err && options->sort)
		err = field_order_parse(ret->table, options->sort, &ret->order,
					&problem);
	if (!err)
		err = field_where_add_all(&ret->where, ret->table,
					  &options->wheres, &problem);
	if (err) {
		msg_error("%s", strbuf_text(&problem));
		msg_info(
			"'verity-memtop report%s --list-columns' lists the columns",
			pools ? " --pools" : "");
		plan_release(ret);
	}
	strbuf_release(&problem);
	return err;
}

/* Whether a column with this list is shown, or selects or sorts rows. */
static bool uses_list(const struct plan *plan, enum field_list list)
{
	for (size_t i = 0; i < plan->choice.nr; i++) {
		if (plan->choice.columns[i].field->list == list)
			return true;
	}
	return field_order_uses(&plan->order, list) ||
	       field_where_uses(&plan->where, list);
}

/* Whether files and mounts of devices will be shown, or their owners. */
static bool shows_blocks(const struct plan *plan)
{
	return plan->options->json || plan->options->tree ||
	       plan->options->graph || plan->options->group_by || plan->nr_on ||
	       uses_list(plan, LIST_OWNER) || uses_list(plan, LIST_BACKING) ||
	       uses_list(plan, LIST_MOUNTS);
}

/* Whether devices below others will be shown, or are named by an argument. */
static bool shows_lower(const struct plan *plan)
{
	return shows_blocks(plan) || plan->devices.nr ||
	       uses_list(plan, LIST_LOWER);
}

/* Whether the findings are shown, with their causes. */
static bool shows_findings(const struct options *options)
{
	return options->graph || options->lkml || options->html;
}

/* Reports which sample a time has selected. */
static void say_sample(const struct stream *stream)
{
	uint64_t time = stream_sample(stream)->realtime_ns;
	struct strbuf text = { 0 };

	if (time != MEMTOP_UNKNOWN) {
		strbuf_addstr(&text, " of ");
		wall_time_add(&text, time);
	}
	msg_info("sample %" PRIu64 "%s", stream_number(stream),
		 text.len ? strbuf_text(&text) : "");
	strbuf_release(&text);
}

static enum exit_status read_sample(const struct plan *plan, struct sample *ret)
{
	/* the search for deadlocks needs the links of a watch */
	struct stream_params params = stream_params_of(
		plan->options,
		shows_findings(plan->options) ? COLLECT_WATCH : COLLECT_ONCE,
		shows_lower(plan));
	struct stream *stream;
	int err;

	if (plan->options->verify)
		return verify_read(plan->options, ret);
	params.collect.single = true;
	params.collect.blocks = shows_blocks(plan);
	params.collect.also = plan->on;
	params.collect.nr_also = plan->nr_on;
	err = stream_open(&params, &stream);
	if (err)
		return exit_status_of(err);
	err = stream_last(stream);
	if (!err && (params.at_given || params.ago_ns))
		say_sample(stream);
	if (!err)
		*ret = stream_take(stream);
	stream_close(stream);
	return exit_status_of(err);
}

static struct field_row device_row(const struct snap_entry *entry)
{
	return (struct field_row){ .entry = entry, .sums = &entry->sums };
}

static void device_rows(const struct snap_selection *sel,
			struct report_view *view)
{
	size_t i;

	view->rows = xcalloc(sel->nr, sizeof(*view->rows));
	for (i = 0; i < sel->nr; i++)
		view->rows[view->nr_rows++] = device_row(sel->entries[i]);
}

static void pool_rows(const struct field_where *where,
		      const struct snap_selection *sel,
		      struct report_view *view)
{
	size_t i, j;

	view->rows = xcalloc(view->snap->nr_pools, sizeof(*view->rows));
	for (i = 0; i < sel->nr; i++) {
		const struct snap_entry *entry = sel->entries[i];

		for (j = 0; j < entry->nr_pools; j++) {
			if (!field_where_meets_pool(where, &entry->pools[j],
						    entry))
				continue;
			view->rows[view->nr_rows++] =
				(struct field_row){ .entry = entry,
						    .pool = &entry->pools[j] };
		}
	}
}

/* The sums of the rows, each pool once. */
static void sum_pools(const struct report_view *view, const char *glob,
		      struct snap_sums *ret)
{
	bool *seen = xcalloc(view->snap->nr_pools, sizeof(*seen));

	*ret = (struct snap_sums){ 0 };
	for (size_t i = 0; i < view->nr_rows; i++) {
		const struct field_row *row = &view->rows[i];
		struct snap_pool pool = *row->pool;

		if (seen[pool.identity] ||
		    (glob && !snap_entry_matches(row->entry, glob)))
			continue;
		seen[pool.identity] = true;
		/* tasks that also wait for other devices */
		pool.guest = NULL;
		snap_sums_add(ret, &pool);
	}
	for (size_t i = 0; i < view->sel->nr; i++) {
		if (!glob || snap_entry_matches(view->sel->entries[i], glob))
			snap_sums_miss(ret, view->sel->entries[i]);
	}
	free(seen);
}

/* The sorted rows as a tree; NULL if none was requested. */
static struct device_stack *make_stack(const struct options *options,
				       const struct report_view *view)
{
	const struct snap_entry **entries;
	struct device_stack *stack;
	size_t i;

	if (!options->tree)
		return NULL;
	entries = xcalloc(view->nr_rows, sizeof(*entries));
	for (i = 0; i < view->nr_rows; i++)
		entries[i] = view->rows[i].entry;
	stack = xcalloc(1, sizeof(*stack));
	device_stack_build(entries, view->nr_rows, stack);
	free(entries);
	return stack;
}

static struct report_total make_total(const struct plan *plan,
				      const struct report_view *view,
				      const char *glob)
{
	struct report_total total = { .glob = glob };

	snap_selection_sum(view->snap, view->sel, glob, &total.sums,
			   &total.count);
	/* then the rows are a part of the devices' pools */
	if (field_where_has(&plan->where, &pool_fields))
		sum_pools(view, glob, &total.sums);
	return total;
}

static void view_make(const struct plan *plan, const struct snapshot *snap,
		      const struct snap_selection *sel, struct report_view *ret)
{
	const struct word_list *subtotals = &plan->options->subtotals;
	size_t i;

	*ret = (struct report_view){ .snap = snap, .sel = sel };
	if (plan->table == &pool_fields)
		pool_rows(&plan->where, sel, ret);
	else
		device_rows(sel, ret);
	field_sort(ret->rows, ret->nr_rows, &plan->order);

	ret->subtotals = xcalloc(subtotals->nr, sizeof(*ret->subtotals));
	for (i = 0; i < subtotals->nr; i++)
		ret->subtotals[ret->nr_subtotals++] =
			make_total(plan, ret, subtotals->words[i]);
	if (plan->options->group_by == GROUP_BY_OWNER)
		ret->groups = owner_list_groups(snap, sel, &ret->nr_groups);
	ret->total = make_total(plan, ret, NULL);
}

static void view_release(struct report_view *view)
{
	free(view->rows);
	free(view->subtotals);
	free(view->groups);
}

/* The sample as a recording, without what names the machine. */
static void pack(const struct sample *sample, struct strbuf *ret)
{
	struct record_packer packer = { 0 };
	struct sample anonymous = *sample;

	anonymous.host[0] = '\0';
	anonymous.boot_id[0] = '\0';
	record_pack(&packer, &anonymous, false, true, ret);
	record_packer_release(&packer);
}

static void write_page(const struct options *options,
		       const struct report_view *view,
		       const struct table_style *style,
		       const struct findings *findings)
{
	struct strbuf machine = { 0 }, recording = { 0 };
	struct page_facts facts = { .command = options->command_line };
	struct drawing drawing;

	/* a recording can be of another machine */
	if (!options->replay) {
		machine_describe(&machine);
		facts.machine = strbuf_text(&machine);
	}
	if (options->lkml) {
		report_lkml(output_stream(), view, *style, findings, &facts);
	} else {
		pack(view->snap->sample, &recording);
		facts.data = strbuf_text(&recording);
		facts.data_len = recording.len;
		drawing_make(view->snap, view->sel, findings, &drawing);
		report_html(output_stream(), view, style, findings, &drawing,
			    &facts);
		drawing_release(&drawing);
	}
	strbuf_release(&recording);
	strbuf_release(&machine);
}

/* Returns 0 or -errno, already reported. */
static int view_write(struct plan *plan, const struct report_view *view)
{
	const struct options *options = plan->options;
	struct table_style style = {
		.choice = &plan->choice,
		.total = !options->no_totals,
		.headings = !options->no_headings,
		.exact = options->exact,
	};
	struct findings findings;
	struct troubles troubles;

	if (options->json) {
		json_report(output_stream(), view);
		return output_flush();
	}
	if (options->csv) {
		csv_report(output_stream(), view, &style);
		warn_losses(&view->snap->sample->losses);
		return output_flush();
	}
	output_style(&style, options->wide);
	style.colour = output_colour(options->colour);
	stall_find(view->snap->sample, options->threshold_ns, &findings);
	troubles_find(view->snap, &findings, &troubles);
	style.troubles = &troubles;
	field_choice_settle(&plan->choice, view->rows, view->nr_rows);
	if (options->lkml || options->html)
		write_page(options, view, &style, &findings);
	else
		table_report(output_stream(), view, &style);
	troubles_release(&troubles);
	findings_release(&findings);
	return output_flush();
}

/* Returns 0 or -errno, already reported. */
static int graph_write(const struct options *options,
		       const struct snapshot *snap,
		       const struct snap_selection *sel)
{
	struct findings findings;
	struct drawing drawing;

	stall_find(snap->sample, options->threshold_ns, &findings);
	drawing_make(snap, sel, &findings, &drawing);
	if (options->graph == GRAPH_IS_DOT)
		drawing_dot(output_stream(), &drawing);
	else
		drawing_mermaid(output_stream(), &drawing);
	if (drawing.nr_left_out)
		msg_warning("%zu more deadlocks are not drawn",
			    drawing.nr_left_out);
	if (drawing.nr_stray)
		msg_warning("pools that belong to no device are not drawn: %zu",
			    drawing.nr_stray);
	warn_losses(&snap->sample->losses);
	drawing_release(&drawing);
	findings_release(&findings);
	return output_flush();
}

static bool has_filter(const struct options *options)
{
	return options->arguments.nr || options->on_files.nr ||
	       options->names.nr || options->targets.nr || options->wheres.nr;
}

/* Whether the requested devices exist; without a filter, a verity device. */
static enum exit_status judge(const struct plan *plan,
			      const struct snapshot *snap,
			      const struct snap_selection *sel)
{
	const struct options *options = plan->options;
	size_t i;

	if (device_words_missing(&plan->devices, snap, options->replay != NULL))
		return STATUS_NOT_FOUND;
	if (has_filter(options)) {
		if (sel->nr)
			return STATUS_OK;
		if (plan->nr_on == 1)
			msg_error(
				"no device matches: --on names the block device %" PRIu32
				":%" PRIu32,
				plan->on->major, plan->on->minor);
		else
			msg_error("no device matches");
		return STATUS_NOT_FOUND;
	}
	for (i = 0; i < snap->nr_entries; i++) {
		if (snap_entry_has_target(&snap->entries[i], "verity"))
			return STATUS_OK;
	}
	msg_error("no verity device found");
	return STATUS_NOT_FOUND;
}

/* Draws @snap as planned. Returns the exit status that its contents need. */
static enum exit_status show(struct plan *plan, const struct snapshot *snap)
{
	const struct options *options = plan->options;
	const struct snap_filter filter = { .devices = plan->devices,
					    .on = plan->on,
					    .nr_on = plan->nr_on,
					    .names = options->names,
					    .targets = options->targets };
	struct snap_selection sel;
	struct report_view view;
	struct device_stack *stack;
	enum exit_status status;

	snapshot_select(snap, &filter, &sel);
	field_where_select(&plan->where, &sel);
	view_make(plan, snap, &sel, &view);
	stack = make_stack(options, &view);
	view.stack = stack;
	status = STATUS_FAILED;
	if ((options->graph ? graph_write(options, snap, &sel) :
			      view_write(plan, &view)) == 0)
		status = judge(plan, snap, &sel);
	if (stack)
		device_stack_release(stack);
	free(stack);
	view_release(&view);
	snap_selection_release(&sel);
	return status;
}

/* All samples of a recording, one a line. */
static enum exit_status list_samples(const struct options *options)
{
	const struct stream_params params =
		stream_params_of(options, COLLECT_ONCE, true);
	struct sample_list list = { .json = options->json };
	struct stream *stream;
	int got = stream_open(&params, &stream);

	if (got)
		return exit_status_of(got);
	while ((got = stream_next(stream)) > 0)
		sample_list_add(&list, stream_number(stream),
				stream_take(stream));
	stream_close(stream);
	if (!got) {
		sample_list_print(&list, output_stream(), !options->no_headings,
				  options->wide);
		got = output_flush();
	}
	sample_list_release(&list);
	return exit_status_of(got);
}

enum exit_status report_run(const struct options *options)
{
	struct sample sample = { 0 };
	struct snapshot snap;
	enum exit_status status, shown;
	struct plan plan;

	if (options->list_samples)
		return list_samples(options);
	if (plan_make(options, &plan))
		return STATUS_USAGE;
	if (options->list_columns) {
		help_columns(output_stream(), plan.table);
		plan_release(&plan);
		return STATUS_OK;
	}
	device_words_resolve(options, &plan.devices);
	if (device_words_find_on(options, &plan.on, &plan.nr_on)) {
		plan_release(&plan);
		return STATUS_NOT_FOUND;
	}
	status = read_sample(&plan, &sample);
	/* a sample that differs from the other source counts as well */
	if (status == STATUS_OK || sample.devices) {
		snapshot_build(&sample, &snap);
		shown = show(&plan, &snap);
		snapshot_release(&snap);
		status = status == STATUS_OK ? shown : status;
	}
	sample_release(&sample);
	plan_release(&plan);
	return status;
}
