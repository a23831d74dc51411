/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A sample: the raw data of one reading of the kernel, nothing derived.
 *
 * kernel/ and recording/ fill it; the layers above (snapshot, fields, views)
 * only read it. Strings are NUL-terminated and may have any bytes that the kernel
 * allows, so views must escape them.
 */
#ifndef MEMTOP_SAMPLE_SAMPLE_H
#define MEMTOP_SAMPLE_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An unknown quantity. Never shown as a number. */
#define MEMTOP_UNKNOWN UINT64_MAX

/* Target index of a pool that serves the whole table (dm core's). */
#define SAMPLE_NO_TARGET UINT32_MAX

/* DM_NAME_LEN and DM_UUID_LEN of <linux/dm-ioctl.h>, each with its NUL. */
#define SAMPLE_NAME_LEN 128
#define SAMPLE_UUID_LEN 129
/* DM_MAX_TYPE_NAME of <linux/dm-ioctl.h>. */
#define SAMPLE_TYPE_LEN 16
/* Role: client "." kind, the kernel's name, for example "hash.bvec". */
#define SAMPLE_ROLE_LEN 24
/* TASK_COMM_LEN of <linux/sched.h>. */
#define SAMPLE_COMM_LEN 16
/* DISK_NAME_LEN of <linux/blkdev.h>; also of partitions. */
#define SAMPLE_DISK_LEN 32
/* Type of a file system. */
#define SAMPLE_FS_LEN 32

enum sample_source {
	SAMPLE_TRACEPOINTS, /* the kernel series' events */
	SAMPLE_STOCK, /* a walk over an unpatched kernel's structures */
	NR_SAMPLE_SOURCES,
};

enum sample_slot {
	SAMPLE_SLOT_UNKNOWN,
	SAMPLE_SLOT_LIVE,
	SAMPLE_SLOT_INACTIVE,
	NR_SAMPLE_SLOTS,
};

struct sample_devno {
	uint32_t major;
	uint32_t minor;
};

struct sample_target {
	enum sample_slot slot;
	uint32_t index; /* place in its table, from 0 */
	char type[SAMPLE_TYPE_LEN];
};

enum sample_op_kind {
	SAMPLE_RECHECK, /* reads a block again whose hash did not match */
	SAMPLE_DECODE, /* error correction of a block */
	NR_SAMPLE_OP_KINDS,
};

/* A block that a verity target is repairing. */
struct sample_op {
	uint64_t op; /* a number that is unique while dm_mod is loaded */
	enum sample_op_kind kind;
	uint32_t pid; /* of the thread */
	char comm[SAMPLE_COMM_LEN];
	uint64_t since_ns; /* CLOCK_BOOTTIME, ns; may be unknown */
	bool metadata; /* whether the block belongs to the hash tree */
	uint64_t block; /* block number on the device below */
	struct sample_devno io_dev; /* the device below */
	uint64_t io_sector; /* the block's place there, in 512-byte sectors */
	uint64_t io_sectors;
};

enum sample_link_kind {
	SAMPLE_LINK_DATA, /* data of a dm device */
	SAMPLE_LINK_HASH, /* a verity target's hash tree */
	SAMPLE_LINK_FEC, /* parity of a verity target */
	SAMPLE_LINK_OTHER, /* a target of unknown type */
	SAMPLE_LINK_FILE, /* loop device, to the device of its file's file system */
	SAMPLE_LINK_PARTITION, /* partition to its disk */
	NR_SAMPLE_LINK_KINDS,
};

/*
 * A block device (upper) uses another one (lower). If mapped, I/O to a range of
 * the upper device goes to a range of the lower one of the same length.
 */
struct sample_link {
	struct sample_devno upper;
	struct sample_devno lower;
	enum sample_link_kind kind;
	bool mapped; /* both ranges are known */
	uint64_t start; /* of the upper range, in 512-byte sectors */
	uint64_t sectors;
	uint64_t lower_start; /* of the lower range; only if mapped */
	uint64_t in_flight; /* I/O in flight to the lower device; may be unknown */
};

/* Where a file system of a block device is mounted. */
struct sample_mount {
	char *point; /* owned */
	char type[SAMPLE_FS_LEN]; /* of the file system: "ext4" */
};

/*
 * A block device below a mapped device, or a mapped device with mounts. The device of
 * a loop device's file is found by the texts of its path and of the mounts, so in
 * another mount namespace it can be a different one; links are facts of the kernel.
 */
struct sample_block {
	struct sample_devno dev;
	char name[SAMPLE_DISK_LEN]; /* the kernel's: "loop3"; "": unknown */
	/* A loop device's file, as the kernel prints it; "": none, or unknown. */
	char *backing; /* owned */
	char *backing_mount; /* owned; where its file system is mounted; "": unknown */
	char backing_type[SAMPLE_FS_LEN]; /* of that file system */
	struct sample_mount *mounts; /* owned; by point, each once */
	size_t nr_mounts;
	struct sample_devno
		*lower; /* owned; of a mapped device: none, it has its own */
	size_t nr_lower;
};

/* The kernel stack of a task at one moment. */
struct sample_stack {
	uint32_t pid; /* of the thread */
	char *text; /* owned; lines "function+0x1c/0x80 [module]", the
		     * innermost first */
};

/*
 * Bits for figures that are unknown because a member of the kernel's structures is
 * missing; doctor names the member.
 */
enum sample_gap {
	SAMPLE_NO_SUSPENDED = 1 << 0,
	SAMPLE_NO_TARGETS = 1 << 1, /* lower devices are not listed */
	SAMPLE_NO_LOWER = 1 << 2, /* links are not listed */
	SAMPLE_NO_RESERVES = 1 << 3, /* the list of pools may be incomplete */
};

/* One mapped device, with or without pools. */
struct sample_device {
	struct sample_devno dev;
	char name[SAMPLE_NAME_LEN];
	char uuid[SAMPLE_UUID_LEN]; /* "" if the device has none */
	bool suspended;
	bool torn; /* changed while it was read, so its pools are unknown */
	uint32_t gaps; /* bits of enum sample_gap */
	/* Counts since its table was first seen; each may be unknown. */
	uint64_t rechecks; /* blocks read again because the hash did not match */
	uint64_t failed_rechecks; /* rechecks that ended without a match */
	uint64_t decodes; /* attempts to correct a block */
	uint64_t failed_decodes; /* corrections that ended without success */
	/*
	 * 1: the live table's verity targets have found a corrupted block
	 * (status C), 0: they have not; unknown also without such targets.
	 */
	uint64_t corrupted;
	uint64_t rechecking; /* rechecks in progress */
	uint64_t decoding; /* corrections in progress */
	bool ops_known;
	struct sample_op *ops; /* owned; repairs in progress, the oldest first */
	size_t nr_ops;
	struct sample_target *targets; /* owned; those of the live slot first */
	size_t nr_targets;
	struct sample_devno *lower; /* owned; devices the live table uses */
	size_t nr_lower;
};

/* A waiter or a holder of an element. */
struct sample_task {
	uint32_t pid; /* of the thread; 0: an interrupt */
	char comm[SAMPLE_COMM_LEN];
	uint64_t since_ns; /* CLOCK_BOOTTIME, ns; may be unknown */
	bool since_at_least; /* first seen then; it may have begun earlier */
	/*
	 * How often the task had been scheduled out, so that later samples can
	 * recognize the same wait. Not recorded. 0: unknown.
	 */
	uint64_t switches;
	uint64_t op; /* number of the repair that uses it; may be unknown */
	bool io_known;
	struct sample_devno io_dev; /* the I/O that the element is for */
	uint64_t io_sector; /* in 512-byte sectors; unknown without io_known */
	uint64_t io_sectors;
};

/* The waits that took up to this long, and longer than those of the bucket before. */
struct sample_wait_bucket {
	uint64_t up_to_ns; /* a power of two; unknown: no limit */
	uint64_t waits;
};

/* One reserve of one table. */
struct sample_pool {
	uint64_t id; /* unique while dm_mod is loaded */
	uint64_t table_id; /* unique as well; unknown: in no table */
	bool dev_known; /* false: a client without a device */
	struct sample_devno dev;
	enum sample_slot slot;
	uint32_t target_index; /* or SAMPLE_NO_TARGET */
	char target_type[SAMPLE_TYPE_LEN]; /* "" for dm core's pools */
	char role[SAMPLE_ROLE_LEN];
	uint64_t min; /* elements that the reserve keeps */
	uint64_t current; /* elements in it when last seen */
	uint64_t lowest; /* fewest elements that this process has seen */
	uint64_t object_bytes; /* requested bytes of one element */
	uint64_t footprint_bytes; /* allocated bytes of one element */
	uint64_t cached_bytes; /* dm-bufio's buffers beyond the reserve; 0: no cache */
	/* Waits for an element; unknown until waits are traced. */
	uint64_t waits;
	uint64_t sleeps; /* waits that slept */
	uint64_t wait_ns; /* sum over finished waits */
	uint64_t longest_wait_ns; /* longest finished wait */
	bool wait_histogram_known;
	/* Owned; finished waits by duration, ascending; buckets that have some. */
	struct sample_wait_bucket *wait_histogram;
	size_t nr_wait_histogram;
	/* Waits that began then or later are counted, CLOCK_BOOTTIME, ns; may be unknown. */
	uint64_t counted_since_ns;
	bool waiters_known;
	struct sample_task *waiters; /* owned */
	size_t nr_waiters;
	/*
	 * Elements taken (from the reserve or not) and returned. Unknown until this
	 * is traced, and always for pools that each bio uses.
	 */
	uint64_t takes;
	uint64_t gives;
	/*
	 * Elements taken from the reserve itself: a lower bound. Unknown until this
	 * is traced.
	 */
	uint64_t drawn;
	bool holders_known;
	bool holders_whole; /* traced from the start, so the list is complete */
	struct sample_task *holders; /* owned; in the order of taking */
	size_t nr_holders;
	/*
	 * When an element was last seen being returned or taken, CLOCK_BOOTTIME,
	 * ns. 0: not since sample.watched_since_ns. Unknown: not watched.
	 */
	uint64_t last_activity_ns;
};

/* Lost events and objects; every view shows them. */
struct sample_losses {
	uint64_t ring_full; /* records that did not fit the ring buffer */
	uint64_t map_full; /* objects that did not fit a map */
	uint64_t missed_runs; /* events at which the kernel skipped the program */
	uint64_t raced_reads; /* tables that changed while they were read */
};

/* One of the counts, with its name in all views. */
struct sample_loss {
	const char *name;
	uint64_t nr;
};

#define SAMPLE_NR_LOSSES 4

struct sample {
	enum sample_source source;
	char kernel[65]; /* uname -r */
	uint64_t boottime_ns; /* CLOCK_BOOTTIME when it was taken */
	uint64_t realtime_ns; /* CLOCK_REALTIME at the same moment; may be unknown */
	uint64_t reserved_bio_based_ios; /* dm_mod's parameter; may be unknown */
	uint64_t mem_total_bytes; /* the kernel's MemTotal; may be unknown */
	struct sample_device *devices; /* owned; by number, each once */
	size_t nr_devices;
	struct sample_pool *pools; /* owned */
	size_t nr_pools;
	/*
	 * Links between devices, of the live tables, sorted by upper device; only
	 * if requested.
	 */
	bool links_known;
	struct sample_link *links; /* owned */
	size_t nr_links;
	/*
	 * Block devices of the stacks, by number, each once; only if requested. In a
	 * series of samples, of the last change of a mount or of the devices.
	 */
	bool blocks_known;
	struct sample_block *blocks; /* owned */
	size_t nr_blocks;
	struct sample_stack *stacks; /* owned; of requested threads, by thread */
	size_t nr_stacks;
	/* When watching began, CLOCK_BOOTTIME; unknown: pools are not watched. */
	uint64_t watched_since_ns;
	char host[65]; /* name of the machine; "": unknown or left out */
	char boot_id[37]; /* changes with each boot; "": unknown or left out */
	/*
	 * When the run of 'record' that took it began, CLOCK_BOOTTIME; unknown:
	 * not from a recording, or from one of an earlier version.
	 */
	uint64_t run_ns;
	struct sample_losses losses;
};

/* Parses "254:3". Returns false if @text is not a device number. */
bool sample_parse_devno(const char *text, struct sample_devno *ret);

/* Orders by major, then by minor; returns -1, 0 or 1. */
int sample_compare_devno(struct sample_devno a, struct sample_devno b);

/* The same for qsort(3) and bsearch(3), on numbers and on devices. */
int sample_compare_devnos(const void *a, const void *b);
int sample_compare_devices(const void *a, const void *b);

int sample_compare_blocks(const void *a, const void *b);

/* The same for stacks, by thread. */
int sample_compare_stacks(const void *a, const void *b);

/* A device with a number and no other facts. */
struct sample_device sample_device_new(struct sample_devno dev);

/* The device with this number in @s, whose devices are sorted; NULL: none. */
struct sample_device *sample_find_device(const struct sample *s,
					 struct sample_devno dev);

/* The same for block devices. */
const struct sample_block *sample_find_block(const struct sample *s,
					     struct sample_devno dev);

/* The stack of thread @pid; NULL: it was not read. */
const struct sample_stack *sample_find_stack(const struct sample *s,
					     uint32_t pid);

/*
 * Whether @a and @b are of one run of 'record'. If not, the kernel may have restarted
 * between them, so pool numbers and counts cannot be compared.
 */
bool sample_same_run(const struct sample *a, const struct sample *b);

/* Whether a task waits for an element of some pool. */
bool sample_anybody_waits(const struct sample *s);

/* Removes all block devices, so that they are unknown. */
void sample_release_blocks(struct sample *s);

/* Removes all stacks. */
void sample_release_stacks(struct sample *s);

/* Frees the memory that @s owns, but not @s; fine on a zeroed sample. */
void sample_release(struct sample *s);

/*
 * Removes what identifies the time of day, with @wall_clock, and the machine,
 * with @host, from @s, which may be a shallow copy.
 */
void sample_leave_out(struct sample *s, bool wall_clock, bool host);

/* Lists @losses in the order of the views. */
void sample_list_losses(const struct sample_losses *losses,
			struct sample_loss list[SAMPLE_NR_LOSSES]);

#endif
