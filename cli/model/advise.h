/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recommends a value of dm_mod's reserved_bio_based_ios that is large enough
 * for the observed data, and calculates what it saves. Pure functions of
 * samples.
 *
 * Each reserve serves one device, so a single element is enough to continue,
 * slowly. A larger value is recommended for observed use, and for tables that
 * need more.
 */
#ifndef MEMTOP_MODEL_ADVISE_H
#define MEMTOP_MODEL_ADVISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/reload_way.h"
#include "sample/roles.h"
#include "sample/sample.h"
#include "stall/stall.h"

struct part;
struct snap_entry;
struct snap_pool;
struct snapshot;

enum advise_rule {
	ADVISE_PROGRESS, /* one element of each is enough to continue */
	ADVISE_FLUSH, /* a flush takes several before one is returned */
	ADVISE_USED, /* this many were out of a reserve at once */
	ADVISE_WAITED, /* a reserve was exhausted: more than it has */
	/* Notes, which require no value: advise_is_note(). */
	ADVISE_ELSEWHERE, /* the parameter does not size the exhausted one */
	ADVISE_SUSPENDED, /* not counted: a device below was suspended */
	/* With one of these, no value is known to be enough. */
	ADVISE_SHARED, /* a reserve serves two devices on each other */
	ADVISE_DEADLOCK, /* a task was in a deadlock, or may have been */
	NR_ADVISE_RULES,
};

/* The case of a rule that requires the largest value. */
struct advise_reason {
	uint64_t value; /* the required value; 0: no case */
	bool dev_known;
	struct sample_devno dev;
	char name[SAMPLE_NAME_LEN]; /* "" if not known */
	char role[SAMPLE_ROLE_LEN];
	uint64_t min; /* elements that the reserve keeps */
	/* flush: targets; used: elements; waited: waits; suspended: waiting
	 * tasks */
	uint64_t seen;
	uint64_t longest_wait_ns; /* may be unknown; deadlock: its age */
	enum finding_kind kind; /* of a deadlock */
	/* suspended: that device; shared: the upper device */
	bool cause_known;
	struct sample_devno cause;
	char cause_name[SAMPLE_NAME_LEN]; /* "" if not known */
};

struct advise_pool; /* advise_evidence.c */

/* The data of all samples so far; zeroed before the first. */
struct advise_evidence {
	struct advise_pool *pools; /* owned; facts about each */
	size_t nr_pools;
	size_t nr_sorted; /* of those, that are by number */
	uint64_t nr_samples;
	uint64_t first_ns; /* CLOCK_BOOTTIME of the first and the last of a run */
	uint64_t last_ns;
	uint64_t before_ns; /* how long the runs before it were */
	bool waits_unknown; /* of a pool, in the last sample */
	bool levels_unknown; /* of a pool, in any sample */
	struct advise_reason reasons[NR_ADVISE_RULES];
};

/* One table, and its reserves before and after. */
struct advise_table {
	const struct snap_entry *entry;
	uint64_t least; /* elements that the parameter sizes, from.. */
	uint64_t most; /* ..to; may be unknown */
	uint64_t now; /* bytes of all its reserves; may be unknown */
	uint64_t then; /* the same with the recommended value */
	bool reload; /* it must be loaded again for that */
	enum reload_way way; /* how to do that */
	/*
	 * By advise_find_alike(): the place of the first table like this one; its
	 * own: none before.
	 */
	size_t like;
	size_t nr_like; /* how many there are; 0: not the first one */
};

/* What a value would have for effect. */
struct advise_choice {
	uint64_t value;
	uint64_t then; /* bytes of all reserves; may be unknown */
	bool at_least; /* less may be enough: some are unknown */
	size_t nr_reload; /* tables that must be loaded again */
	bool against[NR_ADVISE_RULES]; /* rules that need more, or permit none */
};

/* The pools of a role that the parameter does not size, each once. */
struct advise_fixed {
	uint64_t pools; /* 0: none */
	uint64_t bytes; /* in reserve; may be unknown */
};

struct advice {
	const struct sample *sample; /* the last one */
	struct advise_fixed fixed[NR_POOL_ROLES];
	struct advise_evidence evidence; /* a copy that owns nothing */
	/* The smallest value that the observed data supports; unknown: none. */
	uint64_t least;
	uint64_t value; /* the requested value, otherwise the same */
	struct advise_table *tables; /* owned; of those with such reserves */
	size_t nr_tables;
	size_t nr_reload; /* how many of them must be loaded again */
	uint64_t now; /* bytes of all reserves, each once; may be unknown */
	uint64_t then;
	bool at_least; /* less may be enough: some are unknown */
	uint64_t depth; /* length of the longest chain of tables */
	uint64_t nr_fec; /* tables with error correction */
	uint64_t nr_shared; /* shared pools, which are never safe */
	struct advise_choice *choices; /* owned; of the values that were named */
	size_t nr_choices;
};

extern const char *const advise_rule_names[NR_ADVISE_RULES];

/* Whether @rule asks for no value. */
bool advise_is_note(enum advise_rule rule);

/* The next sample is of another recording: its pools are others. */
void advise_new_run(struct advise_evidence *e);

/* How long all runs took together, from their first samples to their last ones. */
uint64_t advise_time(const struct advise_evidence *e);

/* Adds what @s shows. */
void advise_add(struct advise_evidence *e, const struct sample *s);

/* The same, only about the tables and pools that @part has. */
void advise_add_part(struct advise_evidence *e, const struct part *part);
void advise_evidence_release(struct advise_evidence *e);

/*
 * Whether the pool @id was stuck in the last sample: its device or one below is
 * suspended, or a task of theirs in a deadlock.
 */
bool advise_is_stuck(const struct advise_evidence *e, uint64_t id);

/*
 * Draws the conclusions for the tables of @snap, of the last added sample.
 * @asked: a value to evaluate instead of the recommended one, or 0. @ret refers
 * to @snap.
 */
void advise_decide(const struct advise_evidence *e, const struct snapshot *snap,
		   uint64_t asked, struct advice *ret);

/*
 * Adds the effects of the value @value to the choices of @advice, which comes from
 * advise_decide() with the same @e and @snap.
 */
void advise_add_choice(struct advice *advice, const struct advise_evidence *e,
		       const struct snapshot *snap, uint64_t value);

/* Frees what @advice owns. */
void advice_release(struct advice *advice);

#endif
