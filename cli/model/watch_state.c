// SPDX-License-Identifier: GPL-2.0-only
#include "model/watch_state.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/text.h"

#define SECOND 1000000000ULL

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

static struct watch_told *find_told(const struct watch_state *state,
				    uint64_t id)
{
	for (size_t i = 0; i < state->nr; i++) {
		if (state->told[i].id == id)
			return &state->told[i];
	}
	return NULL;
}

static bool is_found(const struct watch_state *state,
		     const struct findings *found, uint64_t id)
{
	for (size_t i = 0; i < found->nr; i++) {
		if (found->all[i].id == id &&
		    found->all[i].kind >= state->least)
			return true;
	}
	return false;
}

/* What a device that changed meanwhile has is not known: nothing is over. */
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

static void clear_what_is_over(struct watch_state *state,
			       const struct sample *s,
			       const struct findings *found,
			       struct watch_events *ret)
{
	size_t kept = 0;

	for (size_t i = 0; i < state->nr; i++) {
		const struct watch_told *told = &state->told[i];
		struct watch_event *event;

		if (is_found(state, found, told->id) || is_hidden(s, told)) {
			state->told[kept++] = *told;
			continue;
		}
		event = add_event(state, ret, WATCH_CLEAR);
		event->told = *told;
		event->age_ns = lasted(s, told);
	}
	state->nr = kept;
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
}

/* Whether @f is news to who was told @told. */
static bool has_changed(const struct watch_told *told, const struct finding *f,
			uint64_t now)
{
	if (f->kind > told->kind)
		return true;
	return (f->kind != told->kind || f->cause != told->cause) &&
	       now - told->told_ns >= SECOND;
}

static void tell(struct watch_state *state, const struct sample *s,
		 const struct finding *f, struct watch_events *ret)
{
	struct watch_told *told = find_told(state, f->id);
	enum watch_change change = told ? WATCH_CHANGE : WATCH_BEGIN;
	struct watch_event *event;

	if (told && !has_changed(told, f, s->boottime_ns))
		return;
	if (!told) {
		state->told =
			xgrow(state->told, state->nr, sizeof(*state->told));
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
	*ret = (struct watch_events){ 0 };
	clear_what_is_over(state, s, found, ret);
	for (size_t i = 0; i < found->nr; i++) {
		if (found->all[i].kind >= state->least)
			tell(state, s, &found->all[i], ret);
	}
}

void watch_events_release(struct watch_events *events)
{
	free(events->all);
	*events = (struct watch_events){ 0 };
}

void watch_state_release(struct watch_state *state)
{
	free(state->told);
	*state = (struct watch_state){ 0 };
}

bool watch_is_verdict(const struct watch_event *event)
{
	return event->told.worst > FINDING_WAIT;
}
