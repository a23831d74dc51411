// SPDX-License-Identifier: GPL-2.0-only
#include "model/watch_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "base/text.h"
#include "base/times.h"

static struct watch_event *add_event(struct watch_state *state,
				     struct watch_events *events,
				     enum watch_change change)
{
	struct watch_event *event;

	events->all = xgrow(events->all, events->nr, sizeof(*events->all));
	event = &events->all[events->nr++];
	*event = (struct watch_event){ .seq = ++state->seq, .change = change };
	return event;
}

/* A finding, and its reported state. */
struct found {
	uint64_t id;
	const struct finding *finding;
	size_t told; /* in struct watch_state; NOT_TOLD */
};

#define NOT_TOLD SIZE_MAX

/* By id, those of one wait in the order of the findings. */
struct found_list {
	struct found *all; /* owned */
	size_t nr;
};

static int compare_found(const void *pa, const void *pb)
{
	const struct found *a = pa, *b = pb;
	int order = compare_u64(a->id, b->id);

	return order ? order : compare_addresses(a->finding, b->finding);
}

/* Lists the findings that are severe enough. */
static struct found_list list_found(const struct watch_state *state,
				    const struct findings *found)
{
	struct found_list ret = { .all = xcalloc(found->nr, sizeof(*ret.all)) };

	for (size_t i = 0; i < found->nr; i++) {
		const struct finding *f = &found->all[i];

		if (f->kind >= state->least)
			ret.all[ret.nr++] =
				(struct found){ f->id, f, NOT_TOLD };
	}
	qsort(ret.all, ret.nr, sizeof(*ret.all), compare_found);
	return ret;
}

/* The first with @id; NULL: none. */
static struct found *look_up(const struct found_list *list, uint64_t id)
{
	size_t low = 0, high = list->nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->all[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < list->nr && list->all[low].id == id ? &list->all[low] :
							   NULL;
}

/* The findings of a torn device are not known, so they have not ended. */
static bool is_hidden(const struct sample *s, const struct watch_told *told)
{
	const struct sample_device *device =
		told->dev_known ? sample_find_device(s, told->dev) : NULL;

	return device && device->torn;
}

static uint64_t lasted(const struct sample *s, const struct watch_told *told)
{
	if (told->since_ns == MEMTOP_UNKNOWN ||
	    s->boottime_ns == MEMTOP_UNKNOWN)
		return MEMTOP_UNKNOWN;
	return s->boottime_ns > told->since_ns ?
		       s->boottime_ns - told->since_ns :
		       0;
}

static int compare_pools(const void *pa, const void *pb)
{
	const struct sample_pool *a = *(const struct sample_pool *const *)pa;
	const struct sample_pool *b = *(const struct sample_pool *const *)pb;

	return compare_u64(a->id, b->id);
}

/* The pools of a sample by number, made when they are first needed. */
struct pool_index {
	const struct sample *sample;
	const struct sample_pool **pools; /* owned */
};

/* The longest finished wait for pool @id; may be unknown. */
static uint64_t longest_wait(struct pool_index *index, uint64_t id)
{
	const struct sample *s = index->sample;
	const struct sample_pool key = { .id = id }, *wanted = &key;
	const struct sample_pool **found;

	if (!index->pools) {
		index->pools =
			xcalloc(s->nr_pools, sizeof(struct sample_pool *));
		for (size_t i = 0; i < s->nr_pools; i++)
			index->pools[i] = &s->pools[i];
		qsort(index->pools, s->nr_pools, sizeof(struct sample_pool *),
		      compare_pools);
	}
	if (id == MEMTOP_UNKNOWN)
		return MEMTOP_UNKNOWN;
	found = bsearch(&wanted, index->pools, s->nr_pools,
			sizeof(struct sample_pool *), compare_pools);
	return found ? (*found)->longest_wait_ns : MEMTOP_UNKNOWN;
}

/* Upper bound of the duration, or lower bound if only that is known. */
static uint64_t lasted_at_most(struct pool_index *index,
			       const struct watch_told *told)
{
	uint64_t most = lasted(index->sample, told);
	uint64_t longest = longest_wait(index, told->pool_id);

	if (told->since_at_least)
		return told->seen_ns;
	/* a value below the observed age belongs to another count */
	if (most != MEMTOP_UNKNOWN && longest < most &&
	    longest >= told->seen_ns)
		return longest;
	return most;
}

static void clear_what_is_over(struct watch_state *state,
			       const struct sample *s,
			       const struct found_list *found,
			       struct watch_events *ret)
{
	struct pool_index index = { .sample = s };
	size_t kept = 0;

	for (size_t i = 0; i < state->nr; i++) {
		struct watch_told *told = &state->told[i];
		struct found *now = look_up(found, told->id);
		struct watch_event *event;

		if (now || is_hidden(s, told)) {
			if (now) {
				now->told = kept;
				told->seen_ns = now->finding->age_ns;
			}
			state->told[kept++] = *told;
			continue;
		}
		event = add_event(state, ret, WATCH_CLEAR);
		event->told = *told;
		event->age_ns = lasted_at_most(&index, told);
	}
	state->nr = kept;
	free(index.pools);
}

static void note(struct watch_told *told, const struct finding *f, uint64_t now)
{
	told->id = f->id;
	told->kind = f->kind;
	if (f->kind > told->worst)
		told->worst = f->kind;
	told->cause = f->cause;
	told->told_ns = now;
	told->dev_known = f->dev_known;
	told->dev = f->dev;
	text_copy(told->name, sizeof(told->name),
		  f->device ? f->device->name : "");
	told->pool_id = f->pool->id;
	text_copy(told->role, sizeof(told->role), f->pool->role);
	told->pid = f->waiter->pid;
	text_copy(told->comm, sizeof(told->comm), f->waiter->comm);
	told->since_ns = f->waiter->since_ns;
	told->since_at_least = f->waiter->since_at_least;
	told->seen_ns = f->age_ns;
}

/* Whether @f differs from the last report. */
static bool has_changed(const struct watch_told *told, const struct finding *f,
			uint64_t now)
{
	if (f->kind > told->kind)
		return true;
	return (f->kind != told->kind || f->cause != told->cause) &&
	       now - told->told_ns >= SECOND;
}

static void tell(struct watch_state *state, const struct sample *s,
		 const struct finding *f, const struct found_list *found,
		 struct watch_events *ret)
{
	struct found *now = look_up(found, f->id);
	struct watch_told *told =
		now->told == NOT_TOLD ? NULL : &state->told[now->told];
	enum watch_change change = told ? WATCH_CHANGE : WATCH_BEGIN;
	struct watch_event *event;

	if (told && !has_changed(told, f, s->boottime_ns))
		return;
	if (!told) {
		state->told =
			xgrow(state->told, state->nr, sizeof(*state->told));
		now->told = state->nr;
		told = &state->told[state->nr++];
		*told = (struct watch_told){ 0 };
	}
	note(told, f, s->boottime_ns);
	event = add_event(state, ret, change);
	event->finding = f;
	event->told = *told;
	event->age_ns = f->age_ns;
}

void watch_state_update(struct watch_state *state, const struct sample *s,
			const struct findings *found, struct watch_events *ret)
{
	struct found_list list = list_found(state, found);

	*ret = (struct watch_events){ 0 };
	clear_what_is_over(state, s, &list, ret);
	for (size_t i = 0; i < found->nr; i++) {
		if (found->all[i].kind >= state->least)
			tell(state, s, &found->all[i], &list, ret);
	}
	free(list.all);
}

void watch_events_release(struct watch_events *events)
{
	free(events->all);
	*events = (struct watch_events){ 0 };
}

void watch_state_forget(struct watch_state *state)
{
	free(state->told);
	state->told = NULL;
	state->nr = 0;
}

void watch_state_release(struct watch_state *state)
{
	free(state->told);
	*state = (struct watch_state){ 0 };
}

bool watch_event_is_stall(const struct watch_event *event)
{
	return finding_is_stall(event->told.worst);
}
