// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compact recordings: a sample that is read equals the written one, whatever changed;
 * damage at any byte costs the following samples of its part and nothing else; no file
 * takes more memory or time than its size allows.
 *
 * MEMTOP_SEED repeats a run of random samples.
 */
#include "unit.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/crc32.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/times.h"
#include "fixtures.h"
#include "recording/record.h"
#include "recording/record_chunk.h"
#include "recording/record_encode.h"
#include "recording/record_fields.h"
#include "recording/record_pack.h"
#include "recording/record_tree.h"
#include "recording/record_wire.h"
#include "system/zstd.h"

#define RANDOM_SAMPLES 400

/* ---- random numbers --------------------------------------------------------- */

static uint64_t dice;

static uint32_t roll(uint32_t sides)
{
	/* xorshift64* */
	dice ^= dice >> 12;
	dice ^= dice << 25;
	dice ^= dice >> 27;
	return (uint32_t)((dice * 0x2545f4914f6cdd1dULL) >> 33) % sides;
}

/* Hides thousands of messages about refused input, but not those of cmocka. */
static int quiet(bool on)
{
	static int before = -1;

	fflush(stderr);
	if (on) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		before = dup(STDERR_FILENO);
		return dup2(null, STDERR_FILENO) + close(null);
	}
	return dup2(before, STDERR_FILENO) + close(before);
}

static int begin_random(void **state)
{
	const char *seed = getenv("MEMTOP_SEED");

	(void)state;
	dice = seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL) | 1;
	print_message("MEMTOP_SEED=%#llx\n", (unsigned long long)dice);
	/* hide thousands of warnings of damage */
	msg_set_level(MSG_ERROR);
	return 0;
}

/* ---- samples ---------------------------------------------------------------- */

/* All of a sample, as JSON. */
static char *text_of(const struct sample *s)
{
	struct strbuf text = { 0 };

	record_add_sample(&text, s);
	return text.text;
}

static struct record_reader *reader_of(const char *bytes, size_t len)
{
	FILE *file = len ? fmemopen((void *)bytes, len, "r") :
			   fopen("/dev/null", "r");
	struct record_reader *r = NULL;

	assert_non_null(file);
	record_open_file(file, "test", &r);
	return r;
}

/* A recording in memory, and what each of its samples was. */
struct made {
	struct record_packer packer;
	struct strbuf bytes;
	char **texts;
	size_t *ends; /* of each sample */
	size_t *part_ends; /* of the part that it is in; filled in at the end */
	size_t nr;
};

static void make_more(struct made *m, const struct sample *s, bool same,
		      bool full)
{
	m->texts = xreallocarray(m->texts, m->nr + 1, sizeof(*m->texts));
	m->ends = xreallocarray(m->ends, m->nr + 1, sizeof(*m->ends));
	m->part_ends =
		xreallocarray(m->part_ends, m->nr + 1, sizeof(*m->part_ends));
	m->part_ends[m->nr] = m->nr;
	if (!record_pack(&m->packer, s, same, full, &m->bytes) && m->nr)
		m->part_ends[m->nr] = m->part_ends[m->nr - 1];
	m->texts[m->nr] = text_of(s);
	m->ends[m->nr++] = m->bytes.len;
}

static void unmake(struct made *m)
{
	for (size_t i = 0; i < m->nr; i++)
		free(m->texts[i]);
	free(m->texts);
	free(m->ends);
	free(m->part_ends);
	strbuf_release(&m->bytes);
	record_packer_release(&m->packer);
}

/*
 * Reads @len bytes that were made of @m, and that are unchanged before byte @sound.
 * Asserts that each sample read has its number and equals the written one. Returns
 * their number, and which ones they are in @got, unless it is NULL.
 */
static size_t read_back(const struct made *m, const char *bytes, size_t len,
			bool *got)
{
	struct record_reader *r = reader_of(bytes, len);
	struct record_moment next;
	size_t nr = 0;

	if (got)
		memset(got, 0, m->nr);
	while (r && record_peek(r, &next) > 0) {
		struct sample s;
		char *text;

		assert_in_range(next.number, 1, m->nr);
		assert_int_equal(record_pass(r), 0);
		assert_int_equal(record_take(r, &s), 0);
		text = text_of(&s);
		assert_string_equal(text, m->texts[next.number - 1]);
		free(text);
		sample_release(&s);
		if (got)
			got[next.number - 1] = true;
		nr++;
	}
	record_close(r);
	return nr;
}

/* ---- there and back --------------------------------------------------------- */

static void a_sum_is_that_of_zlib(void **state)
{
	(void)state;
	assert_int_equal(crc32_of("123456789", 9), 0xcbf43926);
	assert_int_equal(crc32_of("", 0), 0);
}

/* From any of the samples made up to any other. */
static void every_sample_comes_back(void **state)
{
	struct made m = { .nr = 0 };
	struct sample s;
	size_t nr = 0;

	(void)state;
	while (fixture_name(nr))
		nr++;
	assert_in_range(nr, 10, 1000);
	for (size_t i = 0; i < 4 * nr; i++) {
		assert_int_equal(
			fixture_make(fixture_name(i < nr ? i :
							   roll((uint32_t)nr)),
				     &s),
			0);
		s.boottime_ns = (i + 1000) * SECOND;
		make_more(&m, &s, false, false);
		sample_release(&s);
	}
	assert_int_equal(read_back(&m, m.bytes.text, m.bytes.len, NULL),
			 4 * nr);
	unmake(&m);
}

static void *insert(void *list, size_t *nr, size_t size)
{
	size_t at = roll((uint32_t)*nr + 1);
	char *all = xreallocarray(list, *nr + 1, size);

	memmove(all + (at + 1) * size, all + at * size, (*nr - at) * size);
	memset(all + at * size, 0, size);
	++*nr;
	/* the caller fills in the one that is all zero */
	return all;
}

static struct sample_task random_task(void)
{
	static uint32_t pid = 100;
	struct sample_task t = { .pid = ++pid,
				 .since_ns = roll(2) ? MEMTOP_UNKNOWN :
						       roll(1000),
				 .op = roll(2) ? MEMTOP_UNKNOWN : roll(9),
				 .io_sector = MEMTOP_UNKNOWN,
				 .io_sectors = MEMTOP_UNKNOWN };

	snprintf(t.comm, sizeof(t.comm), "task-%u", (unsigned int)roll(99));
	if (roll(2)) {
		t.io_known = true;
		t.io_dev = (struct sample_devno){ roll(300), roll(300) };
		t.io_sector = roll(1u << 30);
		t.io_sectors = 8;
	}
	return t;
}

static void change_tasks(struct sample_task **tasks, size_t *nr)
{
	if (*nr && roll(2)) {
		size_t at = roll((uint32_t)*nr);

		--*nr;
		memmove(*tasks + at, *tasks + at + 1,
			(*nr - at) * sizeof(**tasks));
		return;
	}
	*tasks = insert(*tasks, nr, sizeof(**tasks));
	for (size_t i = 0; i < *nr; i++) {
		if (!(*tasks)[i].pid)
			(*tasks)[i] = random_task();
	}
}

static void change_pool(struct sample *s)
{
	struct sample_pool *p;

	if (!s->nr_pools)
		return;
	p = &s->pools[roll((uint32_t)s->nr_pools)];
	switch (roll(9)) {
	case 8:
		if (!p->wait_histogram_known || roll(4))
			fixture_durations(p, roll(100), 1ULL << roll(43));
		else
			p->wait_histogram_known = false;
		break;
	case 0:
		p->current = roll(3) ? roll(20) : MEMTOP_UNKNOWN;
		break;
	case 1:
		p->waits = roll(2) ? p->waits + roll(1000) : 0;
		p->wait_ns = (uint64_t)roll(1u << 31) << roll(32);
		break;
	case 2:
		p->waiters_known = true;
		change_tasks(&p->waiters, &p->nr_waiters);
		break;
	case 3:
		if (!p->holders_known) {
			p->holders_known = true;
			change_tasks(&p->holders, &p->nr_holders);
			break;
		}
		if (roll(2)) {
			change_tasks(&p->holders, &p->nr_holders);
			break;
		}
		free(p->holders);
		p->holders = NULL;
		p->nr_holders = 0;
		p->holders_known = false;
		break;
	case 4:
		p->dev_known = !p->dev_known;
		break;
	case 5:
		p->slot = roll(NR_SAMPLE_SLOTS);
		p->target_index = roll(2) ? SAMPLE_NO_TARGET : roll(5);
		break;
	case 6:
		snprintf(p->role, sizeof(p->role), "role-%u", roll(20));
		break;
	default:
		p->last_activity_ns = roll(4) ? s->boottime_ns : 0;
	}
}

static void change_lists(struct sample *s)
{
	size_t at;

	switch (roll(6)) {
	case 0:
		if (!s->nr_pools)
			break;
		at = roll((uint32_t)s->nr_pools);
		free(s->pools[at].waiters);
		free(s->pools[at].holders);
		free(s->pools[at].wait_histogram);
		memmove(s->pools + at, s->pools + at + 1,
			(--s->nr_pools - at) * sizeof(*s->pools));
		break;
	case 1:
		s->pools = insert(s->pools, &s->nr_pools, sizeof(*s->pools));
		for (at = 0; at < s->nr_pools; at++) {
			if (!s->pools[at].id)
				s->pools[at].id =
					1000 + (uint64_t)roll(1u << 30);
		}
		break;
	case 2:
		s->nr_stacks = 0;
		s->stacks = xreallocarray(s->stacks, 1, sizeof(*s->stacks));
		s->stacks[s->nr_stacks++] = (struct sample_stack){
			.pid = roll(3),
			.text = xstrdup(roll(2) ? "a+0x1/0x2\n" : "")
		};
		break;
	case 3:
		if (s->nr_devices)
			s->devices[roll((uint32_t)s->nr_devices)].suspended ^=
				true;
		break;
	case 4:
		s->links_known = roll(2);
		if (!s->links_known)
			break;
		s->links = insert(s->links, &s->nr_links, sizeof(*s->links));
		break;
	default:
		s->losses.ring_full += roll(3);
	}
}

static void a_random_change_comes_back(void **state)
{
	static const char *const names[] = { "traced", "states", "shared",
					     "demo", "empty" };
	struct made m = { .nr = 0 };

	(void)state;
	for (size_t name = 0; name < sizeof(names) / sizeof(*names); name++) {
		struct sample s;

		assert_int_equal(fixture_make(names[name], &s), 0);
		for (size_t i = 0; i < RANDOM_SAMPLES / 5; i++) {
			bool same = !roll(4);

			s.boottime_ns += roll(1u << 30);
			s.realtime_ns = roll(9) ? s.boottime_ns :
						  MEMTOP_UNKNOWN;
			/* a thread waits once, and stacks are freed by hand */
			if (s.nr_stacks) {
				sample_release_stacks(&s);
				same = false;
			}
			for (uint32_t nr = same ? 0 : roll(5); nr; nr--) {
				change_pool(&s);
				if (!roll(3) && !s.nr_stacks)
					change_lists(&s);
			}
			make_more(&m, &s, same && i, !roll(40));
		}
		sample_release(&s);
	}
	/* what the parts of a sample have to be to each other is not asked here */
	{
		struct record_reader *r = reader_of(m.bytes.text, m.bytes.len);
		struct record_moment next;
		size_t nr = 0;

		while (record_peek(r, &next) > 0) {
			assert_int_equal(record_pass(r), 0);
			nr++;
		}
		assert_int_equal(nr, m.nr);
		record_close(r);
	}
	unmake(&m);
}

static void nothing_new_takes_few_bytes(void **state)
{
	struct made m = { .nr = 0 };
	struct sample s;

	(void)state;
	assert_int_equal(fixture_make("demo", &s), 0);
	assert_int_equal(s.nr_devices, 61);
	for (size_t i = 0; i < 1000; i++) {
		s.boottime_ns += SECOND;
		s.realtime_ns = 1795773600 * SECOND + s.boottime_ns;
		make_more(&m, &s, i % 2, false);
	}
	/* full samples included */
	assert_in_range(m.bytes.len / m.nr, 1, 100);
	assert_int_equal(read_back(&m, m.bytes.text, m.bytes.len, NULL), m.nr);
	sample_release(&s);
	unmake(&m);
}

/* ---- parts ------------------------------------------------------------------ */

/* Three parts of four samples, in which little changes. */
static void make_parts(struct made *m, const char *fixture)
{
	struct sample s;

	assert_int_equal(fixture_make(fixture, &s), 0);
	for (size_t i = 0; i < 12; i++) {
		s.boottime_ns += SECOND;
		s.realtime_ns = 1795773600 * SECOND + s.boottime_ns;
		s.pools[0].waits = i;
		make_more(m, &s, false, i % 4 == 0);
	}
	sample_release(&s);
}

static void a_part_can_be_read_alone(void **state)
{
	struct made m = { .nr = 0 };

	(void)state;
	make_parts(&m, "one");
	for (size_t part = 1; part < 3; part++) {
		size_t start = m.ends[4 * part - 1];

		assert_int_equal(read_back(&m, m.bytes.text + start,
					   m.bytes.len - start, NULL),
				 m.nr - 4 * part);
	}
	/* in any order, too: the numbers go on */
	{
		struct strbuf twice = { 0 };
		struct record_reader *r;
		struct record_moment next;
		uint64_t nr = 0;

		strbuf_add(&twice, m.bytes.text + m.ends[7],
			   m.bytes.len - m.ends[7]);
		strbuf_add(&twice, m.bytes.text, m.bytes.len);
		r = reader_of(twice.text, twice.len);
		while (record_peek(r, &next) > 0) {
			assert_int_equal(next.number, 9 + nr);
			assert_int_equal(record_pass(r), 0);
			nr++;
		}
		assert_int_equal(nr, 4 + 12);
		record_close(r);
		strbuf_release(&twice);
	}
	unmake(&m);
}

/* Damage at @at: the samples before it and all other parts can be read. */
static void check_damaged(const struct made *m, const char *bytes, size_t len,
			  size_t at)
{
	bool got[12];
	size_t hit = 0;

	read_back(m, bytes, len, got);
	while (m->ends[hit] <= at)
		hit++;
	for (size_t i = 0; i < m->nr; i++) {
		if (i < hit || m->part_ends[i] != m->part_ends[hit])
			assert_true(got[i]);
	}
}

static void damage_costs_its_part_at_most(void **state)
{
	static const unsigned char flips[] = { 0x01, 0x80, 0xff };
	struct made m = { .nr = 0 };
	char *bytes;

	(void)state;
	make_parts(&m, "one");
	bytes = xcalloc(m.bytes.len, 1);
	for (size_t at = 0; at < m.bytes.len; at++) {
		for (size_t i = 0; i < sizeof(flips) + 1; i++) {
			memcpy(bytes, m.bytes.text, m.bytes.len);
			bytes[at] = i < sizeof(flips) ?
					    (char)(bytes[at] ^ flips[i]) :
					    '{';
			check_damaged(&m, bytes, m.bytes.len, at);
		}
	}
	free(bytes);
	unmake(&m);
}

/* A sector of zeros, as a power cut leaves it, within one part. */
static void zeros_cost_their_parts(void **state)
{
	struct made m = { .nr = 0 };
	char *bytes;

	(void)state;
	make_parts(&m, "traced");
	bytes = xcalloc(m.bytes.len, 1);
	for (size_t at = 0; at < m.bytes.len; at += 7) {
		bool got[12];
		size_t end = at + 512 < m.bytes.len ? at + 512 : m.bytes.len;
		size_t first = 0, last = 0;

		memcpy(bytes, m.bytes.text, m.bytes.len);
		memset(bytes + at, 0, end - at);
		read_back(&m, bytes, m.bytes.len, got);
		while (m.ends[first] <= at)
			first++;
		while (m.ends[last] < end)
			last++;
		for (size_t i = 0; i < m.nr; i++) {
			if (i < first || m.part_ends[i] > m.part_ends[last])
				assert_true(got[i]);
		}
	}
	free(bytes);
	unmake(&m);
}

/* It ends anywhere, as after kill -9 or on a full disk. */
static void whole_samples_before_the_end_are_read(void **state)
{
	struct made m = { .nr = 0 };

	(void)state;
	make_parts(&m, "one");
	for (size_t len = 0; len <= m.bytes.len; len++) {
		/* memory of its own, so that a read beyond it is seen */
		char *bytes = xcalloc(len ? len : 1, 1);
		size_t whole = 0;

		memcpy(bytes, m.bytes.text, len);
		while (whole < m.nr && m.ends[whole] <= len)
			whole++;
		assert_int_equal(read_back(&m, bytes, len, NULL), whole);
		free(bytes);
	}
	unmake(&m);
}

/* Bytes are missing, or there are others between, at any place. */
static void removed_bytes_cost_their_parts(void **state)
{
	struct made m = { .nr = 0 };
	char *bytes;

	(void)state;
	make_parts(&m, "one");
	bytes = xcalloc(2 * m.bytes.len, 1);
	for (size_t at = 0; at < m.bytes.len; at++) {
		size_t nr = 1 + roll(40);
		size_t end = at + nr < m.bytes.len ? at + nr : m.bytes.len;

		memcpy(bytes, m.bytes.text, at);
		memcpy(bytes + at, m.bytes.text + end, m.bytes.len - end);
		read_back(&m, bytes, m.bytes.len - (end - at), NULL);
		for (size_t i = 0; i < nr; i++)
			bytes[at + i] = (char)roll(256);
		memcpy(bytes + at + nr, m.bytes.text + at, m.bytes.len - at);
		check_damaged(&m, bytes, m.bytes.len + nr, at);
	}
	free(bytes);
	unmake(&m);
}

/* ---- hostile ---------------------------------------------------------------- */

static void add_chunk(struct strbuf *to, struct chunk chunk, const char *stored,
		      size_t len)
{
	char header[CHUNK_HEADER];

	chunk.stored = (uint32_t)len;
	if (!chunk.raw)
		chunk.raw = (uint32_t)len;
	chunk_write_header(header, &chunk, stored);
	strbuf_add(to, header, sizeof(header));
	strbuf_add(to, stored, len);
}

/* What a part begins with. */
static void begin_part(struct strbuf *to)
{
	wire_put(to, 1);
	strbuf_addstr(to, "1");
	record_encode_shape(to);
}

/* Opens it and reads it to its end: how many samples, or the error. */
static int read_all(const struct strbuf *bytes)
{
	FILE *file = fmemopen(bytes->text, bytes->len, "r");
	struct record_reader *r;
	struct sample s;
	int nr = 0, got = record_open_file(file, "test", &r);

	if (got)
		return got;
	while ((got = record_read(r, &s)) > 0) {
		sample_release(&s);
		nr++;
	}
	record_close(r);
	return got < 0 ? got : nr;
}

static long peak_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* Bits of the fields of a sample up to the one at @offset, and that one. */
static uint64_t bit_of(size_t offset)
{
	for (size_t i = 0; i < record_sample_object.nr; i++) {
		if (record_sample_object.fields[i].offset == offset)
			return 1ULL << i;
	}
	fail();
	return 0;
}

static void a_bomb_is_refused(void **state)
{
	const struct chunk full = { .kind = CHUNK_FULL,
				    .part = 1,
				    .number = 1 };
	struct strbuf raw = { 0 }, bytes = { 0 };
	const long before = peak_kib();
	struct chunk chunk;
	struct zstd *zstd;
	char packed[65536];
	size_t len;

	(void)state;
	quiet(true);
	/* 200 MB of zeros in a few KiB */
	begin_part(&raw);
	if (zstd_is_built_in()) {
		char *zeros = xcalloc(200 << 20, 1);

		assert_int_equal(zstd_open("test", &zstd), 0);
		len = zstd_compress(zstd, packed, sizeof(packed), zeros,
				    200 << 20);
		free(zeros);
		zstd_close(zstd);
		assert_in_range(len, 1, sizeof(packed));
		chunk = full;
		chunk.compressed = true;
		chunk.raw = 200 << 20;
		add_chunk(&bytes, chunk, packed, len);
		assert_int_equal(read_all(&bytes), -EINVAL);
		/* the same with a smaller size in the header */
		strbuf_reset(&bytes);
		chunk.raw = 4096;
		add_chunk(&bytes, chunk, packed, len);
		assert_int_equal(read_all(&bytes), -EINVAL);
	}
	/* a chunk whose header claims megabytes, or gigabytes */
	for (int way = 0; way < 2; way++) {
		const uint32_t claimed = way ? 0xffffffff : 250 << 20;
		char *header;
		uint32_t sum;

		strbuf_reset(&bytes);
		add_chunk(&bytes, full, raw.text, raw.len);
		header = bytes.text;
		/* little endian, as the machines that run this */
		memcpy(header + 32, &claimed, 4);
		memcpy(header + 36, &claimed, 4);
		sum = htole32(crc32_of(header, 44));
		memcpy(header + 44, &sum, 4);
		assert_int_equal(read_all(&bytes), way ? -EINVAL : 0);
	}
	/* a list of 2^60 elements, of 2^20 of a byte each, and an endless run */
	for (int way = 0; way < 3; way++) {
		struct strbuf list = { 0 };

		strbuf_add(&list, raw.text, raw.len);
		wire_put(&list, bit_of(offsetof(struct sample, pools)));
		wire_put(&list, way == 0 ? 1ULL << 60 : 1 << 20);
		if (way == 2)
			wire_put(&list, 1 << 20);
		for (int i = 0; way == 1 && i < 3000; i++)
			strbuf_add(&list, "\0\0\0", 3);
		strbuf_reset(&bytes);
		add_chunk(&bytes, full, list.text, list.len);
		assert_int_equal(read_all(&bytes), -EINVAL);
		strbuf_release(&list);
	}
	quiet(false);
	/* none of it was ever allocated, except for the compression here */
	assert_in_range(peak_kib() - before, 0, (200 << 10) + (32 << 10));
	strbuf_release(&raw);
	strbuf_release(&bytes);
}

/* Any bytes as a sample, the sums being right: an answer, and nothing else. */
static void invalid_samples_are_refused(void **state)
{
	struct made m = { .nr = 0 };
	size_t refused = 0;

	(void)state;
	msg_set_level((enum msg_level) - 1);
	make_parts(&m, "traced");
	/* without compression it is easier to be hit */
	m.packer.no_zstd = true;
	for (size_t round = 0; round < 1500; round++) {
		struct strbuf bytes = { 0 };
		size_t start = 0;

		for (size_t i = 0; i < m.nr; i++) {
			const char *header = m.bytes.text + start;
			struct chunk chunk;
			char *stored;
			char put[CHUNK_HEADER];

			assert_true(chunk_read_header(header, &chunk));
			stored = xcalloc(chunk.stored + 1, 1);
			memcpy(stored, header + CHUNK_HEADER, chunk.stored);
			if (chunk.stored && !roll(6))
				stored[roll(chunk.stored)] = (char)roll(256);
			chunk_write_header(put, &chunk, stored);
			strbuf_add(&bytes, put, sizeof(put));
			strbuf_add(&bytes, stored, chunk.stored);
			free(stored);
			start = m.ends[i];
		}
		refused += read_all(&bytes) < 0;
		strbuf_release(&bytes);
	}
	quiet(false);
	assert_in_range(refused, 100, 1500);
	unmake(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sum_is_that_of_zlib),
		cmocka_unit_test(every_sample_comes_back),
		cmocka_unit_test(a_random_change_comes_back),
		cmocka_unit_test(nothing_new_takes_few_bytes),
		cmocka_unit_test(a_part_can_be_read_alone),
		cmocka_unit_test(damage_costs_its_part_at_most),
		cmocka_unit_test(zeros_cost_their_parts),
		cmocka_unit_test(whole_samples_before_the_end_are_read),
		cmocka_unit_test(removed_bytes_cost_their_parts),
		cmocka_unit_test(a_bomb_is_refused),
		cmocka_unit_test(invalid_samples_are_refused),
	};

	return cmocka_run_group_tests(tests, begin_random, NULL);
}
