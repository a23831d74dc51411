// SPDX-License-Identifier: GPL-2.0-only
#include "bench/fio.h"

#include <errno.h>
#include <json-c/json.h>

/* The value at @path, keys up to a NULL; NULL if there is none. */
static struct json_object *find(struct json_object *object,
				const char *const *path)
{
	for (; object && *path; path++) {
		if (!json_object_object_get_ex(object, *path, &object))
			return NULL;
	}
	return object;
}

static int take(struct json_object *job, const char *const *path, uint64_t *ret)
{
	struct json_object *value = find(job, path);

	if (!value || !json_object_is_type(value, json_type_int))
		return -EINVAL;
	*ret = json_object_get_uint64(value);
	return 0;
}

int fio_parse(const char *text, bool writes,
	      uint64_t figures[static NR_BENCH_FIGURES])
{
	static const struct {
		enum bench_figure figure;
		const char *path[4]; /* in what it says of reads, or writes */
	} wanted[] = {
		{ BENCH_THROUGHPUT, { "bw_bytes" } },
		{ BENCH_OPERATIONS, { "total_ios" } },
		{ BENCH_P50, { "clat_ns", "percentile", "50.000000" } },
		{ BENCH_P99, { "clat_ns", "percentile", "99.000000" } },
		{ BENCH_MAX, { "clat_ns", "max" } },
	};
	const char *const jobs_path[] = { "jobs", NULL };
	const char *const errors_path[] = { "total_err", NULL };
	const char *const side_path[] = { writes ? "write" : "read", NULL };
	struct json_object *document = json_tokener_parse(text), *jobs, *job;
	struct json_object *side;
	int err;

	jobs = document ? find(document, jobs_path) : NULL;
	job = jobs && json_object_is_type(jobs, json_type_array) ?
		      json_object_array_get_idx(jobs, 0) :
		      NULL;
	side = find(job, side_path);
	err = take(job, errors_path, &figures[BENCH_ERRORS]);
	for (size_t i = 0; !err && i < sizeof(wanted) / sizeof(wanted[0]); i++)
		err = take(side, wanted[i].path, &figures[wanted[i].figure]);
	json_object_put(document);
	if (err)
		return err;
	/* fio's percentiles are ends of buckets, which may lie above all */
	for (size_t i = BENCH_P50; i <= BENCH_P99; i++) {
		if (figures[i] > figures[BENCH_MAX])
			figures[i] = figures[BENCH_MAX];
	}
	return 0;
}
