// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds how devices are built on each other: from the live tables that the walk
 * (stock.bpf.c) has found to the devices below them, and on through partitions,
 * loop devices and the file systems of their files, until it reaches
 * device-mapper again or a disk. For each link it records the part that is
 * used, if the target keeps the order of its blocks, and how much I/O is in
 * flight.
 *
 * As in the walk, no lock is taken, nothing is written, and reading cannot
 * fault. Objects that have changed meanwhile do not point back, and are left
 * out.
 */
#include "kernel_facts.h"
#include "links_kernel.h"
#include "links_record.h"
#include "order.h"

char LICENSE[] SEC("license") = "GPL";

/* Set before loading: sizes of the maps, and the highest number of CPUs. */
const volatile __u32 room_tables = 0;
const volatile __u32 room_links = 0;
const volatile __u32 nr_cpus = 1;
/* Set for a run: the number of tables to examine. */
__u32 nr_tables = 0;
/* Read after a run: the number of links, including those that did not fit. */
__u32 nr_links = 0;
/* In the order of LINKS_MEMBERS: 1 if the kernel does not have it. */
__u8 missing[NR_LINKS_MEMBERS] = {};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct links_table);
} tables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct links_link);
} links SEC(".maps");

/* A variable that each CPU has, to find the distance between their copies. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} of_each_cpu SEC(".maps");

/* Limit for a chain of loop devices and partitions. */
#define MAX_CHAIN 8
#define MAX_LOWER 65536
#define MAX_TARGETS 65536

/* Flags for bpf_loop(), none: see stock/walk.h. */
__u64 no_flags = 0;

/* The state of the search. */
static struct {
	struct dm_table *t;
	__u32 upper;
	__u32 dm_major;
	struct list_head *head;
	struct list_head *entry;
	struct block_device *bdev; /* steps in a chain */
	void *per_cpu; /* the sum so far */
	__s64 in_flight;
} l;

/*
 * Objects whose type the kernel lacks. Without the module there is neither such
 * a type nor such an object, so nothing is lost.
 */
enum met {
	MET_LINEAR,
	MET_DELAY,
	MET_LOOP,
	NR_MET,
};
static __u8 met[NR_MET];

/* Reads in program order: see then() in stock/walk.h. */
static __u64 reads;

/*
 * Not with l itself: the verifier would take the result for a pointer to a
 * kernel type.
 */
static __always_inline struct list_head *next_of(struct list_head *entry)
{
	return READ(entry, next);
}

static __always_inline struct links_link *new_link(void)
{
	__u32 at = nr_links++;

	return at < room_links ? bpf_map_lookup_elem(&links, &at) : NULL;
}

/* After a store and a load, a pointer is a number for the verifier. */
static volatile __u64 stored;

static __always_inline __u64 number_of(const void *pointer)
{
	stored = (__u64)pointer;
	return stored;
}

/*
 * One CPU's copy of the variable with the per-CPU address @all; NULL: no such
 * CPU. All per-CPU variables have the same distances between copies, so no
 * symbol is needed.
 */
static __always_inline void *on_cpu(void *all, __u32 cpu)
{
	__u32 first = 0;
	__u64 one = number_of(
		bpf_map_lookup_percpu_elem(&of_each_cpu, &first, cpu));
	struct bpf_array *map = (void *)number_of(&of_each_cpu);

	return one ? all + (one - (__u64)BPF_CORE_READ(map, pptrs[0])) : NULL;
}

static long add_pending(__u32 cpu, void *ctx)
{
	unsigned long *pending, value = 0;

	if (!HAS(bpf_array, pptrs))
		return 1;
	pending = on_cpu(l.per_cpu, cpu);
	if (pending)
		bpf_probe_read_kernel(&value, sizeof(value), pending);
	l.in_flight += value;
	return 0;
}

static long add_in_flight(__u32 cpu, void *ctx)
{
	struct disk_stats *stats;

	if (!HAS(bpf_array, pptrs) || !HAS(disk_stats, in_flight[0].a.counter))
		return 1;
	stats = on_cpu(l.per_cpu, cpu);
	if (!stats)
		return 0;
	l.in_flight += BPF_CORE_READ(stats, in_flight[0].a.counter);
	l.in_flight += BPF_CORE_READ(stats, in_flight[1].a.counter);
	return 0;
}

#define KNOWS_IN_FLIGHT                                                       \
	(HAS(bpf_array, pptrs) && HAS(block_device___links, bd_disk) &&       \
	 HAS(block_device___links, bd_stats) &&                               \
	 HAS(gendisk___links, private_data) && HAS(gendisk___links, queue) && \
	 HAS(gendisk, major) && HAS(request_queue, mq_ops) &&                 \
	 HAS(mapped_device___links, pending_io) &&                            \
	 HAS(disk_stats, in_flight[0].a.counter))

/*
 * A mapped device counts its bios until they end. Its statistics count them
 * only after a target has passed them on, which dm-delay does late. Other
 * devices that take bios count them in the statistics (bdev_start_io_acct()).
 * For devices with request queues this figure is not available.
 */
static __always_inline void note_in_flight(struct block_device *bdev,
					   struct links_link *to)
{
	struct block_device___links *b = (void *)bdev;
	struct gendisk___links *disk;
	struct mapped_device___links *md;
	__u32 mapped;

	to->in_flight_known = 0;
	to->in_flight = 0;
	if (!KNOWS_IN_FLIGHT)
		return;
	disk = BPF_CORE_READ(b, bd_disk);
	md = BPF_CORE_READ(disk, private_data);
	mapped = BPF_CORE_READ(disk, major) == l.dm_major;
	l.per_cpu = mapped ? (void *)BPF_CORE_READ(md, pending_io) :
			     (void *)BPF_CORE_READ(b, bd_stats);
	if (!l.per_cpu || (!mapped && BPF_CORE_READ(disk, queue, mq_ops)))
		return;
	l.in_flight = 0;
	if (mapped)
		bpf_loop(nr_cpus, add_pending, NULL, no_flags);
	else
		bpf_loop(nr_cpus, add_in_flight, NULL, no_flags);
	to->in_flight = l.in_flight > 0 ? l.in_flight : 0;
	to->in_flight_known = 1;
}

/*
 * Not static, so that it is verified once and not again for each call. Returns whether
 * there is a new link, the last one.
 */
__noinline int add_link(__u32 upper, __u64 address, __u32 kind)
{
	struct block_device *lower = (void *)address;
	struct links_link *to;

	if (!lower)
		return 0;
	to = new_link();
	if (!to)
		return 0;
	to->upper = upper;
	to->lower = READ(lower, bd_dev);
	to->kind = kind;
	to->mapped = 0;
	to->start = to->sectors = to->lower_start = 0;
	note_in_flight(lower, to);
	return 1;
}

static __always_inline struct links_link *
note_link(__u32 upper, struct block_device *lower, enum links_kind kind)
{
	__u32 at;

	if (!add_link(upper, (__u64)lower, kind))
		return NULL;
	at = nr_links - 1;
	return at < room_links ? bpf_map_lookup_elem(&links, &at) : NULL;
}

static __always_inline void note_part(struct dm_dev *dev, enum links_kind kind,
				      __u64 start, __u64 sectors,
				      __u64 lower_start)
{
	struct links_link *to = note_link(l.upper, READ(dev, bdev), kind);

	if (!to)
		return;
	to->mapped = 1;
	to->start = start;
	to->sectors = sectors;
	to->lower_start = lower_start;
}

static __always_inline void note_whole(struct dm_dev *dev, enum links_kind kind)
{
	note_link(l.upper, READ(dev, bdev), kind);
}

static __always_inline void note_verity(struct dm_verity___links *v,
					__u64 begin, __u64 len)
{
	struct dm_dev *parity;

	/* data_start was always 0; it ended with 6.18 */
	if (HAS(dm_verity___links, data_dev))
		note_part(BPF_CORE_READ(v, data_dev), LINKS_DATA, begin, len,
			  READ(v, data_start));
	if (HAS(dm_verity___links, hash_dev))
		note_whole(BPF_CORE_READ(v, hash_dev), LINKS_HASH);
	if (!HAS(dm_verity___links, fec) || !HAS(dm_verity_fec, dev) ||
	    !BPF_CORE_READ(v, fec))
		return;
	parity = BPF_CORE_READ(v, fec, dev);
	if (parity)
		note_whole(parity, LINKS_FEC);
}

#define KNOWS_PARTS                                                      \
	(HAS(dm_table, num_targets) && HAS(dm_table, targets) &&         \
	 HAS(dm_target___links, begin) && HAS(dm_target___links, len) && \
	 HAS(dm_target, type) && HAS(target_type, name) &&               \
	 HAS(dm_target, private))

static long note_target(__u32 i, void *ctx)
{
	union {
		char text[16];
		__u64 word;
	} type = {}, verity = { .text = "verity" },
	  linear = { .text = "linear" }, delay = { .text = "delay" };
	struct dm_table *t = l.t;
	struct dm_target___links *ti;
	struct linear_c *lc;
	struct delay_c *dc;
	__u64 begin, len;

	if (!KNOWS_PARTS)
		return 1;
	ti = (void *)BPF_CORE_READ(t, targets) +
	     i * bpf_core_type_size(struct dm_target___links);
	if (HAS(dm_target, table) && BPF_CORE_READ(ti, table) != t)
		return 1;
	bpf_probe_read_kernel_str(type.text, sizeof(type.text),
				  BPF_CORE_READ(ti, type, name));
	begin = BPF_CORE_READ(ti, begin);
	len = BPF_CORE_READ(ti, len);
	lc = BPF_CORE_READ(ti, private);
	dc = (void *)lc;
	if (!lc)
		return 0;
	met[MET_LINEAR] |= type.word == linear.word && LACKS_TYPE(linear_c);
	met[MET_DELAY] |= type.word == delay.word && LACKS_TYPE(delay_c);
	if (type.word == verity.word)
		note_verity((void *)lc, begin, len);
	else if (type.word == linear.word && HAS(linear_c, dev) &&
		 HAS(linear_c, start))
		note_part(BPF_CORE_READ(lc, dev), LINKS_DATA, begin, len,
			  BPF_CORE_READ(lc, start));
	else if (type.word == delay.word && HAS(delay_c, read.dev) &&
		 HAS(delay_c, read.start))
		note_part(BPF_CORE_READ(dc, read.dev), LINKS_DATA, begin, len,
			  BPF_CORE_READ(dc, read.start));
	return 0;
}

#define KNOWS_LOOP                                                  \
	(HAS(block_device___links, bd_disk) &&                      \
	 HAS(gendisk___links, private_data) &&                      \
	 HAS(loop_device, lo_backing_file) && HAS(file, f_inode) && \
	 HAS(inode, i_mode) && HAS(inode, i_sb) && HAS(super_block, s_bdev))

/* From a loop device to the device of its file. */
static __always_inline struct block_device *
below_loop(struct block_device___links *loop)
{
	struct loop_device *lo;
	struct links_link *to;
	struct inode *inode;
	struct block_device *lower;

	if (!KNOWS_LOOP)
		return NULL;
	lo = BPF_CORE_READ(loop, bd_disk, private_data);
	if (!lo)
		return NULL;
	inode = BPF_CORE_READ(lo, lo_backing_file, f_inode);
	if (!inode)
		return NULL;
	if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFBLK) {
		lower = BPF_CORE_READ(inode, i_sb, s_bdev);
		note_link(READ(loop, bd_dev), lower, LINKS_FILE);
		return lower;
	}
	/* a loop device on a device */
	if (!HAS(inode, i_rdev) || !HAS(loop_device, lo_offset) ||
	    !HAS(block_device___links, bd_nr_sectors))
		return NULL;
	to = new_link();
	if (!to)
		return NULL;
	to->upper = READ(loop, bd_dev);
	to->lower = BPF_CORE_READ(inode, i_rdev);
	to->kind = LINKS_FILE;
	to->mapped = 1;
	to->start = 0;
	to->sectors = BPF_CORE_READ(loop, bd_nr_sectors);
	to->lower_start = (__u64)BPF_CORE_READ(lo, lo_offset) >> 9;
	to->in_flight = to->in_flight_known = 0;
	return NULL;
}

/* One step down from l.bdev; 1: that was the last. */
static long step_down(__u32 i, void *ctx)
{
	struct block_device___links *b = (void *)l.bdev;
	struct block_device *whole;
	struct links_link *to;
	__u32 major;

	if (!b || !HAS(block_device___links, bd_disk) || !HAS(gendisk, major) ||
	    !HAS(gendisk___links, part0))
		return 1;
	major = BPF_CORE_READ(b, bd_disk, major);
	/* device-mapper's own tables are examined separately */
	if (major == l.dm_major)
		return 1;
	whole = BPF_CORE_READ(b, bd_disk, part0);
	if (whole && (void *)whole != (void *)b) {
		to = note_link(READ(b, bd_dev), whole, LINKS_PARTITION);
		if (to && HAS(block_device___links, bd_nr_sectors) &&
		    HAS(block_device___links, bd_start_sect)) {
			to->mapped = 1;
			to->sectors = BPF_CORE_READ(b, bd_nr_sectors);
			to->lower_start = BPF_CORE_READ(b, bd_start_sect);
		}
		l.bdev = whole;
		return 0;
	}
	met[MET_LOOP] |= major == LOOP_MAJOR && LACKS_TYPE(loop_device);
	l.bdev = major == LOOP_MAJOR ? below_loop(b) : NULL;
	return 0;
}

#define KNOWS_LINKS                                                    \
	(HAS(mapped_device, map) && HAS(mapped_device, disk) &&        \
	 HAS(gendisk, major) && HAS(gendisk, first_minor) &&           \
	 HAS(dm_table, devices) && HAS(list_head, next) &&             \
	 HAS(dm_dev_internal, list) && HAS(dm_dev_internal, dm_dev) && \
	 HAS(dm_dev, bdev) && HAS(block_device, bd_dev))

static long note_lower(__u32 i, void *ctx)
{
	struct dm_dev_internal *dd;

	if (l.entry == l.head || !l.entry || !KNOWS_LINKS)
		return 1;
	dd = (void *)l.entry -
	     bpf_core_field_offset(struct dm_dev_internal, list);
	l.entry = next_of(l.entry);
	l.bdev = BPF_CORE_READ(dd, dm_dev, bdev);
	note_link(l.upper, l.bdev, LINKS_OTHER);
	bpf_loop(MAX_CHAIN, step_down, NULL, no_flags);
	return 0;
}

/* Whether @t is the live table of @md, as far as can be seen. */
static __always_inline int is_live(struct mapped_device *md, struct dm_table *t)
{
	return BPF_CORE_READ(md, map) == t &&
	       (!HAS(dm_table, md) || BPF_CORE_READ(t, md) == md);
}

static long note_table(__u32 i, void *ctx)
{
	struct links_table *todo = bpf_map_lookup_elem(&tables, &i);
	struct mapped_device *md;
	struct dm_table *t;
	__u32 major, before = nr_links;

	if (!todo || !KNOWS_LINKS)
		return 1;
	md = (void *)todo->md;
	t = (void *)todo->table;
	if (!is_live(md, t))
		return 0;
	add_in_order(&reads, 1);
	major = BPF_CORE_READ(md, disk, major);
	l.t = t;
	l.dm_major = major;
	l.upper = major << 20 | BPF_CORE_READ(md, disk, first_minor);
	if (HAS(dm_table, num_targets))
		bpf_loop(BPF_CORE_READ(t, num_targets) & (MAX_TARGETS - 1),
			 note_target, NULL, no_flags);
	l.head = (void *)t + bpf_core_field_offset(struct dm_table, devices);
	l.entry = next_of(l.head);
	bpf_loop(MAX_LOWER, note_lower, NULL, no_flags);
	add_in_order(&reads, 1);
	if (!is_live(md, t))
		nr_links = before;
	return 0;
}

/* The members read here that the kernel lacks. */
static __always_inline void note_missing(void)
{
	__u32 at = 0;

#define NOTE(has, name, fact) missing[at++] = !(has);
	LINKS_MEMBERS(NOTE)
#undef NOTE
}

SEC("syscall")
int look_at_links(void *ctx)
{
	__u32 nr = nr_tables;

	/* as a whole, otherwise the compiler makes variables of its members */
	__builtin_memset(&l, 0, sizeof(l));
	__builtin_memset(met, 0, sizeof(met));
	nr_links = 0;
	if (nr > room_tables)
		nr = room_tables;
	bpf_loop(nr, note_table, NULL, no_flags);
	note_missing();
	return 0;
}
