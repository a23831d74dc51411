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

int fio_parse(const char *text, uint64_t figures[static NR_BENCH_FIGURES])
{
	static const struct {
		enum bench_figure figure;
		const char *path[5];
	} wanted[] = {
		{ BENCH_THROUGHPUT, { "read", "bw_bytes" } },
		{ BENCH_P50, { "read", "clat_ns", "percentile", "50.000000" } },
		{ BENCH_P99, { "read", "clat_ns", "percentile", "99.000000" } },
		{ BENCH_MAX, { "read", "clat_ns", "max" } },
		{ BENCH_ERRORS, { "total_err" } },
	};
	static const char *const jobs_path[] = { "jobs", NULL };
	struct json_object *document = json_tokener_parse(text), *jobs, *job;
	int err = 0;

	jobs = document ? find(document, jobs_path) : NULL;
	job = jobs && json_object_is_type(jobs, json_type_array) ?
		      json_object_array_get_idx(jobs, 0) :
		      NULL;
	for (size_t i = 0; !err && i < sizeof(wanted) / sizeof(wanted[0]); i++)
		err = take(job, wanted[i].path, &figures[wanted[i].figure]);
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
