// SPDX-License-Identifier: GPL-2.0-only
#include "recording/record_fields.h"

#include <string.h>

#include "base/array.h"
#include "sample/words.h"

#define FIELD(type_, owner, member) \
	.key = #member, .type = type_, .offset = offsetof(struct owner, member)
#define COUNT(owner, member)                       \
	{                                          \
		FIELD(RECORD_COUNT, owner, member) \
	}
#define LATER_COUNT(owner, member)                                \
	{                                                         \
		FIELD(RECORD_COUNT, owner, member), .later = true \
	}
#define TEXT(owner, member)                                            \
	{                                                              \
		FIELD(RECORD_TEXT, owner, member),                     \
			.room = sizeof(((struct owner *)NULL)->member) \
	}
#define LIST(owner, member, objects)                                  \
	{                                                             \
		FIELD(RECORD_LIST, owner, member),                    \
			.other = offsetof(struct owner, nr_##member), \
			.of = &(objects)                              \
	}
#define LATER_BOOL(owner, member)                                \
	{                                                        \
		FIELD(RECORD_BOOL, owner, member), .later = true \
	}
#define LATER_LIST(owner, member, objects)                               \
	{                                                                \
		FIELD(RECORD_MAYBE_LIST, owner, member),                 \
			.other = offsetof(struct owner, nr_##member),    \
			.known = offsetof(struct owner, member##_known), \
			.of = &(objects), .later = true                  \
	}
#define LATER_MAYBE_TEXT(owner, member)                                 \
	{                                                               \
		FIELD(RECORD_MAYBE_TEXT, owner, member),                \
			.room = sizeof(((struct owner *)NULL)->member), \
			.later = true                                   \
	}
#define OBJECT(what_, name, fields_)                                   \
	.what = what_, .size = sizeof(struct name), .fields = fields_, \
	.nr = ARRAY_SIZE(fields_)

/* clang-format off */
static const struct record_field of_target[] = {
	{ FIELD(RECORD_SLOT, sample_target, slot) },
	{ FIELD(RECORD_U32, sample_target, index) },
	TEXT(sample_target, type),
};
static const struct record_object targets = {
	OBJECT("a target", sample_target, of_target), .identity = 2
};

static const struct record_field of_lower[] = {
	{ .type = RECORD_DEV },
};
static const struct record_object lowers = {
	OBJECT("a lower device", sample_devno, of_lower), .identity = 1,
	.bare = true
};

static const struct record_field of_op[] = {
	COUNT(sample_op, op),
	{ FIELD(RECORD_OP_KIND, sample_op, kind) },
	{ FIELD(RECORD_U32, sample_op, pid) },
	TEXT(sample_op, comm),
	COUNT(sample_op, since_ns),
	{ FIELD(RECORD_BOOL, sample_op, metadata) },
	COUNT(sample_op, block),
	{ FIELD(RECORD_DEV, sample_op, io_dev) },
	COUNT(sample_op, io_sector),
	COUNT(sample_op, io_sectors),
};
static const struct record_object ops = {
	OBJECT("a repair", sample_op, of_op), .identity = 1
};

static const struct record_field of_device[] = {
	{ FIELD(RECORD_DEV, sample_device, dev) },
	TEXT(sample_device, name),
	TEXT(sample_device, uuid),
	{ FIELD(RECORD_BOOL, sample_device, suspended) },
	LATER_BOOL(sample_device, torn),
	{ FIELD(RECORD_U32, sample_device, gaps), .later = true },
	COUNT(sample_device, rechecks),
	COUNT(sample_device, decodes),
	COUNT(sample_device, rechecking),
	COUNT(sample_device, decoding),
	LATER_COUNT(sample_device, failed_rechecks),
	LATER_COUNT(sample_device, failed_decodes),
	LATER_COUNT(sample_device, corrupted),
	LATER_LIST(sample_device, ops, ops),
	LIST(sample_device, targets, targets),
	LIST(sample_device, lower, lowers),
};
static const struct record_object devices = {
	OBJECT("a device", sample_device, of_device), .identity = 1
};

static const struct record_field of_task[] = {
	{ FIELD(RECORD_U32, sample_task, pid) },
	TEXT(sample_task, comm),
	COUNT(sample_task, since_ns),
	LATER_BOOL(sample_task, since_at_least),
	LATER_COUNT(sample_task, op),
	{ FIELD(RECORD_MAYBE_DEV, sample_task, io_dev), .later = true,
	  .other = offsetof(struct sample_task, io_known) },
	LATER_COUNT(sample_task, io_sector),
	LATER_COUNT(sample_task, io_sectors),
};
static const struct record_object tasks = {
	OBJECT("a task", sample_task, of_task), .identity = 1
};

static const struct record_field of_wait_bucket[] = {
	COUNT(sample_wait_bucket, up_to_ns),
	COUNT(sample_wait_bucket, waits),
};
static const struct record_object wait_buckets = {
	OBJECT("a bucket", sample_wait_bucket, of_wait_bucket), .identity = 1
};

static const struct record_field of_pool[] = {
	COUNT(sample_pool, id),
	COUNT(sample_pool, table_id),
	{ FIELD(RECORD_MAYBE_DEV, sample_pool, dev),
	  .other = offsetof(struct sample_pool, dev_known) },
	{ FIELD(RECORD_SLOT, sample_pool, slot) },
	{ FIELD(RECORD_INDEX, sample_pool, target_index) },
	TEXT(sample_pool, target_type),
	TEXT(sample_pool, role),
	COUNT(sample_pool, min),
	COUNT(sample_pool, current),
	COUNT(sample_pool, lowest),
	COUNT(sample_pool, object_bytes),
	COUNT(sample_pool, footprint_bytes),
	COUNT(sample_pool, cached_bytes),
	COUNT(sample_pool, waits),
	COUNT(sample_pool, sleeps),
	COUNT(sample_pool, wait_ns),
	COUNT(sample_pool, longest_wait_ns),
	LATER_BOOL(sample_pool, waiters_known),
	LIST(sample_pool, waiters, tasks),
	LATER_COUNT(sample_pool, takes),
	LATER_COUNT(sample_pool, gives),
	LATER_COUNT(sample_pool, drawn),
	LATER_LIST(sample_pool, holders, tasks),
	LATER_BOOL(sample_pool, holders_whole),
	LATER_COUNT(sample_pool, last_activity_ns),
	LATER_COUNT(sample_pool, counted_since_ns),
	LATER_LIST(sample_pool, wait_histogram, wait_buckets),
};
static const struct record_object pools = {
	OBJECT("a pool", sample_pool, of_pool), .identity = 3
};

static const struct record_field of_link[] = {
	{ FIELD(RECORD_DEV, sample_link, upper) },
	{ FIELD(RECORD_DEV, sample_link, lower) },
	{ FIELD(RECORD_LINK_KIND, sample_link, kind) },
	{ FIELD(RECORD_BOOL, sample_link, mapped) },
	COUNT(sample_link, start),
	COUNT(sample_link, sectors),
	COUNT(sample_link, lower_start),
	COUNT(sample_link, in_flight),
};
static const struct record_object links = {
	OBJECT("a link", sample_link, of_link), .identity = 2
};

static const struct record_field of_mount[] = {
	{ FIELD(RECORD_STRING, sample_mount, point) },
	TEXT(sample_mount, type),
};
static const struct record_object mounts = {
	OBJECT("a mount", sample_mount, of_mount), .identity = 1
};

static const struct record_field of_block[] = {
	{ FIELD(RECORD_DEV, sample_block, dev) },
	TEXT(sample_block, name),
	{ FIELD(RECORD_STRING, sample_block, backing) },
	{ FIELD(RECORD_STRING, sample_block, backing_mount) },
	TEXT(sample_block, backing_type),
	LIST(sample_block, mounts, mounts),
	LIST(sample_block, lower, lowers),
};
static const struct record_object blocks = {
	OBJECT("a block device", sample_block, of_block), .identity = 1
};

static const struct record_field of_stack[] = {
	{ FIELD(RECORD_U32, sample_stack, pid) },
	{ FIELD(RECORD_STRING, sample_stack, text) },
};
static const struct record_object stacks = {
	OBJECT("a stack", sample_stack, of_stack), .identity = 1
};

static const struct record_field of_losses[] = {
	COUNT(sample_losses, ring_full),
	COUNT(sample_losses, map_full),
	COUNT(sample_losses, missed_runs),
	COUNT(sample_losses, raced_reads),
};
static const struct record_object losses = {
	OBJECT("the losses", sample_losses, of_losses)
};

static const struct record_field of_sample[] = {
	{ FIELD(RECORD_SOURCE, sample, source) },
	COUNT(sample, boottime_ns),
	LATER_COUNT(sample, realtime_ns),
	COUNT(sample, reserved_bio_based_ios),
	LATER_COUNT(sample, mem_total_bytes),
	{ "lost", RECORD_OBJECT, offsetof(struct sample, losses),
	  .of = &losses },
	LIST(sample, devices, devices),
	LIST(sample, pools, pools),
	LATER_LIST(sample, links, links),
	{ FIELD(RECORD_LIST, sample, stacks), .later = true,
	  .other = offsetof(struct sample, nr_stacks), .of = &stacks },
	LATER_COUNT(sample, watched_since_ns),
	LATER_MAYBE_TEXT(sample, kernel),
	LATER_MAYBE_TEXT(sample, host),
	LATER_MAYBE_TEXT(sample, boot_id),
	LATER_COUNT(sample, run_ns),
	LATER_LIST(sample, blocks, blocks),
};
const struct record_object record_sample_object = {
	OBJECT("a sample", sample, of_sample)
};

static const struct record_field of_header[] = {
	TEXT(record_header, schema),
	TEXT(record_header, tool_version),
	TEXT(record_header, kernel),
};
const struct record_object record_schema_object = {
	.what = "a recording", .size = sizeof(struct record_header),
	.fields = of_header, .nr = 1
};
const struct record_object record_header_object = {
	OBJECT("a recording", record_header, of_header)
};
/* clang-format on */

const char *const *record_words(enum record_type type, size_t *nr)
{
	switch (type) {
	case RECORD_SLOT:
		*nr = NR_SAMPLE_SLOTS;
		return sample_slot_words;
	case RECORD_SOURCE:
		*nr = NR_SAMPLE_SOURCES;
		return sample_source_words;
	case RECORD_OP_KIND:
		*nr = NR_SAMPLE_OP_KINDS;
		return sample_op_words;
	default:
		*nr = NR_SAMPLE_LINK_KINDS;
		return sample_link_words;
	}
}

const char *record_word(enum record_type type, const void *at)
{
	const char *const *words;
	size_t nr;
	unsigned int word;

	words = record_words(type, &nr);
	/* an enum without negative values */
	memcpy(&word, at, sizeof(word));
	return words[word];
}
