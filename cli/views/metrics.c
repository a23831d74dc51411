// SPDX-License-Identifier: GPL-2.0-only
#include "views/metrics.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/times.h"
#include "base/version.h"
#include "fields/fields.h"
#include "model/counters.h"
#include "model/reload.h"
#include "model/snapshot.h"
#include "model/static_rules.h"
#include "sample/quantity.h"
#include "sample/words.h"
#include "stall/stall.h"
#include "views/metrics_format.h"
#include "views/metrics_sheet.h"

/* --- the format ------------------------------------------------------------ */

static void family(const struct metrics_sheet *sheet, const char *name,
		   enum metric_kind kind, const char *help)
{
	metrics_family(sheet->out, sheet->view->open, name, kind, help);
}

/* "dm-3", the name in other exporters and in the kernel. */
static void add_device(struct strbuf *out, const struct snap_entry *entry)
{
	if (entry->dev_known)
		strbuf_addf(out, "device=\"dm-%" PRIu32 "\"", entry->dev.minor);
	else
		strbuf_addstr(out, "device=\"\"");
}

static const char *slot_name(enum sample_slot slot)
{
	return sample_slot_words[slot] ? sample_slot_words[slot] : "unknown";
}

static void add_value(struct strbuf *out, enum field_type type, uint64_t value)
{
	if (type == FIELD_TIME)
		metrics_fraction(out, value);
	else
		metrics_number(out, value);
}

/* A family with one series, without labels; left out if it is unknown. */
static void single(const struct metrics_sheet *sheet, const char *name,
		   enum metric_kind kind, const char *help,
		   enum field_type type, uint64_t value)
{
	if (value == MEMTOP_UNKNOWN)
		return;
	family(sheet, name, kind, help);
	strbuf_addstr(sheet->out, name);
	add_value(sheet->out, type, value);
}

/* Whether every reserve of the device is known, in all of its tables. */
static bool reserves_known(const struct metrics_sheet *sheet,
			   const struct snap_entry *device)
{
	const struct snapshot *snap = sheet->view->snap;
	size_t i;

	for (i = device - snap->entries; i < snap->nr_entries; i++) {
		if (!metrics_same_device(&snap->entries[i], device))
			break;
		if (!snap->entries[i].pools_known)
			return false;
	}
	return true;
}

/* --- from the table of fields ---------------------------------------------- */

static uint64_t fold(enum metric_fold how, uint64_t a, uint64_t b)
{
	if (how == FOLD_SUM || a == MEMTOP_UNKNOWN || b == MEMTOP_UNKNOWN)
		return quantity_add(a, b);
	return a < b ? a : b;
}

static enum metric_kind field_kind(const struct field *field)
{
	return field->metric.counter ? METRIC_COUNTER : METRIC_GAUGE;
}

static struct counters_key group_key(enum metrics_scope scope,
				     const struct metrics_group *group)
{
	const struct snap_entry *entry = group->entry;
	const char *role = group->pools[0]->raw->role;

	if (scope == METRICS_OF_ROLE)
		return (struct counters_key){ .role = role,
					      .all_devices = true };
	return (struct counters_key){
		.dev_known = entry->dev_known,
		.dev = entry->dev,
		.slot = scope == METRICS_OF_POOL ? group->pools[0]->raw->slot :
						   SAMPLE_SLOT_LIVE,
		.role = scope == METRICS_OF_POOL ? role : "",
	};
}

static uint64_t group_value(const struct metrics_sheet *sheet,
			    const struct field *field, enum metrics_scope scope,
			    const struct metrics_group *group)
{
	const struct counters_key key = group_key(scope, group);
	uint64_t value = 0;
	size_t i;

	if (field->metric.counter)
		return counters_get(sheet->view->counters, &key,
				    field->metric.counter);
	for (i = 0; i < group->nr; i++) {
		const struct field_row row = { .entry = group->pools[i]->entry,
					       .pool = group->pools[i] };
		uint64_t next = field_number(field, &row);

		value = i ? fold(field->metric.fold, value, next) : next;
	}
	return value;
}

static void group_labels(struct strbuf *out, enum metrics_scope scope,
			 const struct metrics_group *group)
{
	if (scope != METRICS_OF_ROLE)
		add_device(out, group->entry);
	if (scope == METRICS_OF_POOL)
		strbuf_addf(out, ",slot=\"%s\",",
			    slot_name(group->entry->slot));
	if (scope != METRICS_OF_DEVICE)
		metrics_label(out, "role", group->pools[0]->raw->role);
}

/* The family @name, with a series for each group of @scope. */
static void group_family(const struct metrics_sheet *sheet,
			 const struct field *field, const char *name,
			 enum metrics_scope scope)
{
	static const char *const of[] = {
		[METRICS_OF_POOL] = "",
		[METRICS_OF_DEVICE] = "; sum over the pools of the device",
		[METRICS_OF_ROLE] = "; sum over all devices",
	};
	const struct metrics_groups *groups = &sheet->groups[scope];
	struct strbuf *out = sheet->out, help = { 0 };

	if (!name || (field->metric.counter && !sheet->view->counters))
		return;
	strbuf_addf(&help, "%s%s", field->help, of[scope]);
	family(sheet, name, field_kind(field), strbuf_text(&help));
	strbuf_release(&help);
	for (size_t i = 0; i < groups->nr; i++) {
		const struct metrics_group *group = &groups->all[i];
		uint64_t value = group_value(sheet, field, scope, group);

		if (value == MEMTOP_UNKNOWN ||
		    (scope == METRICS_OF_DEVICE &&
		     !reserves_known(sheet, group->entry)))
			continue;
		strbuf_addf(out, "%s{", name);
		group_labels(out, scope, group);
		strbuf_addstr(out, "}");
		add_value(out, field->type, value);
	}
}

/* --- durations of waits ---------------------------------------------------- */

#define DURATIONS "dmverity_role_wait_duration_seconds"
/* A boundary for each such number of buckets: a factor of four. */
#define BUCKETS_EACH 2

/* One line of the histogram of @role; @end: "_bucket" and so on. */
static void duration_series(struct strbuf *out, const char *end,
			    const char *role)
{
	strbuf_addf(out, DURATIONS "%s{", end);
	metrics_label(out, "role", role);
}

static void duration_bucket(struct strbuf *out, const char *role, uint64_t most,
			    uint64_t waits)
{
	duration_series(out, "_bucket", role);
	strbuf_addstr(out, ",le=\"");
	if (most == MEMTOP_UNKNOWN)
		strbuf_addstr(out, "+Inf");
	else
		metrics_add_fraction(out, most);
	strbuf_addstr(out, "\"}");
	metrics_number(out, waits);
}

static void durations_of_role(struct strbuf *out, const char *role,
			      const struct wait_histogram *h, uint64_t sum_ns)
{
	uint64_t so_far = 0;

	for (size_t i = 0; i < WAIT_HISTOGRAM_BUCKETS; i++) {
		so_far = quantity_add_least(so_far, h->waits[i]);
		if (i % BUCKETS_EACH == 0 || i == WAIT_HISTOGRAM_BUCKETS - 1)
			duration_bucket(out, role, wait_histogram_most(i),
					so_far);
	}
	duration_series(out, "_sum", role);
	strbuf_addstr(out, "}");
	metrics_fraction(out, sum_ns);
	duration_series(out, "_count", role);
	strbuf_addstr(out, "}");
	metrics_number(out, so_far);
}

static void durations(const struct metrics_sheet *sheet)
{
	const struct metrics_groups *groups = &sheet->groups[METRICS_OF_ROLE];
	const struct counters *counters = sheet->view->counters;

	if (!counters)
		return;
	family(sheet, DURATIONS, METRIC_HISTOGRAM,
	       "durations of the waits that have ended; sum over all devices");
	for (size_t i = 0; i < groups->nr; i++) {
		const struct counters_key key =
			group_key(METRICS_OF_ROLE, &groups->all[i]);
		const struct wait_histogram h =
			counters_durations(counters, key.role);
		uint64_t sum = counters_get(counters, &key, COUNTER_WAIT_NS);

		if (h.known && sum != MEMTOP_UNKNOWN)
			durations_of_role(sheet->out, key.role, &h, sum);
	}
}

/* The sums come first, because they are in every detail that has more. */
static void pool_families(const struct metrics_sheet *sheet)
{
	const enum options_detail detail = sheet->view->detail;
	const struct field *fields = pool_fields.fields;
	size_t i;

	for (i = 0; i < pool_fields.nr; i++)
		group_family(sheet, &fields[i], fields[i].metric.of_device,
			     METRICS_OF_DEVICE);
	for (i = 0; i < pool_fields.nr && detail >= DETAIL_ROLE; i++)
		group_family(sheet, &fields[i], fields[i].metric.of_role,
			     METRICS_OF_ROLE);
	if (detail >= DETAIL_ROLE)
		durations(sheet);
	for (i = 0; i < pool_fields.nr && detail >= DETAIL_POOL; i++)
		group_family(sheet, &fields[i], fields[i].metric.name,
			     METRICS_OF_POOL);
}

static uint64_t device_value(const struct metrics_sheet *sheet,
			     const struct field *field,
			     const struct snap_entry *entry)
{
	const struct field_row row = { .entry = entry, .sums = &entry->sums };
	const struct counters_key key = { .dev_known = entry->dev_known,
					  .dev = entry->dev,
					  .slot = SAMPLE_SLOT_LIVE,
					  .role = "" };

	if (field->metric.counter)
		return counters_get(sheet->view->counters, &key,
				    field->metric.counter);
	return field_number(field, &row);
}

static void device_series(const struct metrics_sheet *sheet,
			  const struct field *field)
{
	bool by_table = field->metric.by_table;
	const struct snap_entry **entries = by_table ? sheet->tables :
						       sheet->devices;
	size_t nr = by_table ? sheet->nr_tables : sheet->nr_devices, i;
	struct strbuf *out = sheet->out;

	for (i = 0; i < nr; i++) {
		uint64_t value = device_value(sheet, field, entries[i]);

		if (value == MEMTOP_UNKNOWN)
			continue;
		strbuf_addf(out, "%s{", field->metric.name);
		add_device(out, entries[i]);
		if (by_table)
			strbuf_addf(out, ",slot=\"%s\"",
				    slot_name(entries[i]->slot));
		strbuf_addstr(out, "}");
		add_value(out, field->type, value);
	}
}

static void device_families(const struct metrics_sheet *sheet)
{
	for (size_t i = 0; i < device_fields.nr; i++) {
		const struct field *field = &device_fields.fields[i];

		if (!field->metric.name ||
		    (field->metric.counter && !sheet->view->counters))
			continue;
		family(sheet, field->metric.name, field_kind(field),
		       field->help);
		device_series(sheet, field);
	}
}

/* --- of devices, not in the table of fields -------------------------------- */

static void device_info(const struct metrics_sheet *sheet)
{
	struct strbuf *out = sheet->out, targets = { 0 };
	const struct field *field =
		field_find(&device_fields, "TARGET", strlen("TARGET"));
	size_t i;

	family(sheet, "dmverity_device_info", METRIC_INFO,
	       "name, UUID and target types of the device; always 1");
	for (i = 0; i < sheet->nr_devices; i++) {
		const struct snap_entry *entry = sheet->devices[i];
		const struct field_row row = { .entry = entry };

		if (!entry->device)
			continue;
		strbuf_reset(&targets);
		field->text(&row, &targets);
		strbuf_addstr(out, "dmverity_device_info{");
		add_device(out, entry);
		strbuf_addstr(out, ",");
		metrics_label(out, "name", entry->device->name);
		strbuf_addstr(out, ",");
		metrics_label(out, "uuid", entry->device->uuid);
		strbuf_addstr(out, ",");
		metrics_label(out, "targets", strbuf_text(&targets));
		strbuf_addstr(out, "} 1\n");
	}
	strbuf_release(&targets);
}

static void known_reserves(const struct metrics_sheet *sheet)
{
	struct strbuf *out = sheet->out;
	uint64_t unknown = 0;
	size_t i;

	family(sheet, "dmverity_reserves_known", METRIC_GAUGE,
	       "1: all reserves of the device are known; 0: there may be more");
	for (i = 0; i < sheet->nr_devices; i++) {
		bool known = reserves_known(sheet, sheet->devices[i]);

		if (!sheet->devices[i]->dev_known)
			continue;
		unknown += !known;
		strbuf_addstr(out, "dmverity_reserves_known{");
		add_device(out, sheet->devices[i]);
		strbuf_addf(out, "} %d\n", known);
	}
	single(sheet, "dmverity_unknown_devices", METRIC_GAUGE,
	       "devices with a reserve of unknown size", FIELD_NUMBER, unknown);
}

/* In billionths; unknown if a pool that may be lower has an unknown level. */
static uint64_t lowest_level(const struct metrics_sheet *sheet,
			     const struct snap_entry *device)
{
	const struct snapshot *snap = sheet->view->snap;
	uint64_t lowest = SECOND;
	bool known = reserves_known(sheet, device), any = false;

	for (size_t i = device - snap->entries; i < snap->nr_entries; i++) {
		const struct snap_entry *entry = &snap->entries[i];
		const struct sample_pool *pool;
		uint64_t level;

		if (!metrics_same_device(entry, device))
			break;
		any |= entry->nr_pools > 0;
		known &= entry->levels_known;
		if (!entry->lowest)
			continue;
		pool = entry->lowest->raw;
		level = (long double)pool->current * SECOND / pool->min;
		lowest = level < lowest ? level : lowest;
	}
	return any && (known || lowest < SECOND) ? lowest : MEMTOP_UNKNOWN;
}

static void lowest_levels(const struct metrics_sheet *sheet)
{
	struct strbuf *out = sheet->out;
	size_t i;

	family(sheet, "dmverity_lowest_free_ratio", METRIC_GAUGE,
	       "free part of the pool nearest to empty; 1: all are full");
	for (i = 0; i < sheet->nr_devices; i++) {
		uint64_t level = lowest_level(sheet, sheet->devices[i]);

		if (level == MEMTOP_UNKNOWN)
			continue;
		strbuf_addstr(out, "dmverity_lowest_free_ratio{");
		add_device(out, sheet->devices[i]);
		strbuf_addstr(out, "}");
		metrics_fraction(out, level);
	}
}

/*
 * The bytes that the pools would not have if their tables were loaded with the
 * kernel's default of the parameter; unknown ones are left out.
 */
static void beyond_default(const struct metrics_sheet *sheet)
{
	struct reload reload;
	uint64_t bytes = 0;

	reload_init(sheet->view->snap->sample, &reload);
	for (size_t i = 0; i < sheet->nr_pools; i++) {
		const struct snap_pool *pool = sheet->pools[i];
		const struct sample_pool *raw = pool->raw;
		const uint64_t most =
			reload_elements(&reload, raw, RELOAD_DEFAULT).most;
		uint64_t more = quantity_mul(quantity_sub(raw->min, most),
					     raw->footprint_bytes);

		bytes = quantity_add_least(bytes, more);
	}
	reload_release(&reload);
	single(sheet, "dmverity_reserved_beyond_default_bytes", METRIC_GAUGE,
	       "bytes in reserve that the default of reserved_bio_based_ios would save",
	       FIELD_BYTES, bytes);
}

/*
 * The most severe first. A device whose reserves are all known has a series for
 * each kind, mostly 0; another one has no 0.
 */
static void verdicts(const struct metrics_sheet *sheet)
{
	static const struct {
		enum finding_kind kind;
		const char *name;
		const char *help;
	} families[] = {
		{ FINDING_DEADLOCK, "dmverity_deadlock",
		  "tasks in a deadlock while memory cannot be allocated" },
		{ FINDING_POSSIBLE_DEADLOCK, "dmverity_possible_deadlock",
		  "tasks in a possible deadlock on a shared pool" },
		{ FINDING_STALL, "dmverity_stall",
		  "tasks that wait for a pool without activity for the threshold" },
		{ FINDING_WAIT, "dmverity_long_wait",
		  "tasks that wait longer than the threshold for a pool with activity" },
	};
	struct strbuf *out = sheet->out;
	size_t i, j;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		family(sheet, families[i].name, METRIC_GAUGE, families[i].help);
		for (j = 0; j < sheet->nr_devices; j++) {
			const struct snap_entry *entry = sheet->devices[j];
			uint64_t nr = sheet->waits[j].found[families[i].kind];

			if (!nr && !reserves_known(sheet, entry))
				continue;
			strbuf_addf(out, "%s{", families[i].name);
			add_device(out, entry);
			strbuf_addf(out, "} %" PRIu64 "\n", nr);
		}
	}
}

/* Whether the waiters of at least one pool of @device are known. */
static bool waiters_known(const struct metrics_sheet *sheet,
			  const struct snap_entry *device)
{
	size_t i, j;

	for (i = device - sheet->view->snap->entries;
	     i < sheet->view->snap->nr_entries; i++) {
		const struct snap_entry *entry = &sheet->view->snap->entries[i];

		if (!metrics_same_device(entry, device))
			break;
		for (j = 0; j < entry->nr_pools; j++) {
			if (entry->pools[j].raw->waiters_known)
				return true;
		}
	}
	return false;
}

/* The oldest wait of known age: 0 without waiters, otherwise maybe unknown. */
static uint64_t oldest_wait(const struct metrics_sheet *sheet, size_t device)
{
	const struct metrics_waits *w = &sheet->waits[device];

	if (w->waits)
		return w->oldest_ns;
	return waiters_known(sheet, sheet->devices[device]) &&
			       reserves_known(sheet, sheet->devices[device]) ?
		       0 :
		       MEMTOP_UNKNOWN;
}

static void oldest_waits(const struct metrics_sheet *sheet)
{
	struct strbuf *out = sheet->out;
	size_t i;

	family(sheet, "dmverity_oldest_wait_seconds", METRIC_GAUGE,
	       "age of the longest current wait; 0: no task waits");
	for (i = 0; i < sheet->nr_devices; i++) {
		uint64_t age = oldest_wait(sheet, i);

		if (age == MEMTOP_UNKNOWN)
			continue;
		strbuf_addstr(out, "dmverity_oldest_wait_seconds{");
		add_device(out, sheet->devices[i]);
		strbuf_addstr(out, "}");
		add_value(out, FIELD_TIME, age);
	}
}

/* Pools that a reload with the current parameter would resize. */
static void stale_pools(const struct metrics_sheet *sheet)
{
	const struct sample *sample = sheet->view->snap->sample;
	const struct static_hits *hits = sheet->view->hits;
	struct strbuf *out = sheet->out;
	bool *stale;
	size_t i, j;

	if (sample->reserved_bio_based_ios == MEMTOP_UNKNOWN)
		return;
	stale = xcalloc(sample->nr_pools, sizeof(*stale));
	for (i = 0; i < hits->nr; i++)
		stale[hits->all[i].pool - sample->pools] |= hits->all[i].rule ==
							    STATIC_PARAMETER;
	family(sheet, "dmverity_stale_pools", METRIC_GAUGE,
	       "pools to which a reload would give another size");
	for (i = 0; i < sheet->nr_tables; i++) {
		const struct snap_entry *entry = sheet->tables[i];
		size_t nr = 0;

		for (j = 0; j < entry->nr_pools; j++)
			nr += !entry->pools[j].guest &&
			      stale[entry->pools[j].raw - sample->pools];
		if (!nr && !entry->pools_known)
			continue;
		strbuf_addstr(out, "dmverity_stale_pools{");
		add_device(out, entry);
		strbuf_addf(out, ",slot=\"%s\"} %zu\n", slot_name(entry->slot),
			    nr);
	}
	free(stale);
}

/* --- of the system --------------------------------------------------------- */

static void found_so_far(const struct metrics_sheet *sheet)
{
	struct strbuf *out = sheet->out;
	size_t kind;

	if (!sheet->view->counters)
		return;
	family(sheet, "dmverity_verdicts_total", METRIC_COUNTER,
	       "waits that a scrape found in this state, each counted once");
	for (kind = 0; kind < NR_FINDING_KINDS; kind++)
		strbuf_addf(out,
			    "dmverity_verdicts_total{verdict=\"%s\"} %" PRIu64
			    "\n",
			    finding_kind_names[kind],
			    counters_found(sheet->view->counters, kind));
}

static void losses(const struct metrics_sheet *sheet)
{
	struct sample_loss all[SAMPLE_NR_LOSSES];

	sample_list_losses(&sheet->view->snap->sample->losses, all);
	family(sheet, "dmverity_losses_total", METRIC_COUNTER,
	       "readings that were lost, by place");
	for (size_t i = 0; i < SAMPLE_NR_LOSSES; i++)
		strbuf_addf(sheet->out,
			    "dmverity_losses_total{where=\"%s\"} %" PRIu64 "\n",
			    all[i].name, all[i].nr);
}

static void backend(const struct metrics_sheet *sheet)
{
	const struct sample *sample = sheet->view->snap->sample;
	struct strbuf *out = sheet->out;

	family(sheet, "dmverity_backend_info", METRIC_INFO,
	       "source of the figures; always 1");
	strbuf_addf(out, "dmverity_backend_info{source=\"%s\",",
		    sample_source_words[sample->source]);
	metrics_label(out, "kernel", sample->kernel);
	strbuf_addstr(out, "} 1\n");
}

static void of_the_kernel(const struct metrics_sheet *sheet)
{
	const struct metrics_view *view = sheet->view;

	device_info(sheet);
	device_families(sheet);
	known_reserves(sheet);
	lowest_levels(sheet);
	pool_families(sheet);
	beyond_default(sheet);
	stale_pools(sheet);
	verdicts(sheet);
	oldest_waits(sheet);
	found_so_far(sheet);
	single(sheet, "dmverity_verdict_threshold_seconds", METRIC_GAUGE,
	       "shorter waits have no verdict", FIELD_TIME, view->threshold_ns);
	single(sheet, "dmverity_verdicts_limited", METRIC_GAUGE,
	       "1: the search for deadlocks reached its limit, so a deadlock may be shown as a stall",
	       FIELD_NUMBER, view->findings->limited);
	single(sheet, "dmverity_reserved_bio_based_ios", METRIC_GAUGE,
	       "the parameter of dm_mod, which sizes the reserves of new tables",
	       FIELD_NUMBER, view->snap->sample->reserved_bio_based_ios);
	losses(sheet);
	backend(sheet);
	single(sheet, "dmverity_devices_left_out", METRIC_GAUGE,
	       "devices without metrics, because there are too many",
	       FIELD_NUMBER, sheet->left_out);
}

static void of_the_exporter(const struct metrics_sheet *sheet)
{
	const struct metrics_health *health = &sheet->view->health;
	struct strbuf *out = sheet->out;

	single(sheet, "dmverity_machine_memory_bytes", METRIC_GAUGE,
	       "memory of the system", FIELD_BYTES, sheet->view->machine_bytes);
	single(sheet, "dmverity_scrape_success", METRIC_GAUGE,
	       "1: the kernel could be read; 0: its metrics are missing",
	       FIELD_NUMBER, health->gathered);
	single(sheet, "dmverity_scrape_duration_seconds", METRIC_GAUGE,
	       "duration of the reading", FIELD_TIME, health->gather_ns);
	family(sheet, "dmverity_exporter_build_info", METRIC_INFO,
	       "version of verity-memtop; always 1");
	strbuf_addf(out, "dmverity_exporter_build_info{version=\"%s\"} 1\n",
		    version_number);
	if (!sheet->view->counters)
		return;
	single(sheet, "dmverity_scrapes_total", METRIC_COUNTER,
	       "scrapes so far, including this one", FIELD_NUMBER,
	       health->scrapes);
	single(sheet, "dmverity_scrape_failures_total", METRIC_COUNTER,
	       "scrapes for which the kernel could not be read", FIELD_NUMBER,
	       health->failed);
	single(sheet, "dmverity_http_refused_total", METRIC_COUNTER,
	       "HTTP requests for another path, and connections closed as too slow or too many",
	       FIELD_NUMBER, health->refused);
	single(sheet, "process_cpu_seconds_total", METRIC_COUNTER,
	       "processor time of the exporter", FIELD_TIME, health->cpu_ns);
	single(sheet, "process_start_time_seconds", METRIC_GAUGE,
	       "start time of the exporter since the epoch", FIELD_TIME,
	       health->started_ns);
}

void metrics_text(struct strbuf *out, const struct metrics_view *view)
{
	struct metrics_sheet sheet;

	metrics_sheet_make(out, view, &sheet);
	if (view->snap)
		of_the_kernel(&sheet);
	of_the_exporter(&sheet);
	if (view->open)
		strbuf_addstr(out, "# EOF\n");
	metrics_sheet_release(&sheet);
}
