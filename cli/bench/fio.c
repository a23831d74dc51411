// SPDX-License-Identifier: GPL-2.0-only
#include "bench/fio.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json_reader.h"

static int take(const char *text, const char *side, const char *name,
		uint64_t *ret)
{
	struct json_reader j;
	char path[64];

	snprintf(path, sizeof(path), "jobs/0%s/%s", side, name);
	json_reader_init(&j, text, strlen(text));
	if (json_find(&j, path) <= 0)
		return -EINVAL;
	return json_number(&j, UINT64_MAX - 1, ret);
}

int fio_parse(const char *text, bool writes,
	      uint64_t figures[static NR_BENCH_FIGURES])
{
	static const struct {
		enum bench_figure figure;
		const char *path; /* in its results for reads, or writes */
	} wanted[] = {
		{ BENCH_THROUGHPUT, "bw_bytes" },
		{ BENCH_OPERATIONS, "total_ios" },
		{ BENCH_P50, "clat_ns/percentile/50.000000" },
		{ BENCH_P99, "clat_ns/percentile/99.000000" },
		{ BENCH_MAX, "clat_ns/max" },
	};
	const char *side = writes ? "/write" : "/read";
	struct json_reader all;
	int err;

	json_reader_init(&all, text, strlen(text));
	err = json_skip(&all);
	if (!err)
		err = take(text, "", "total_err", &figures[BENCH_ERRORS]);
	for (size_t i = 0; !err && i < sizeof(wanted) / sizeof(wanted[0]); i++)
		err = take(text, side, wanted[i].path,
			   &figures[wanted[i].figure]);
	if (err)
		return err;
	/*
	 * fio's percentiles are upper ends of buckets, which may exceed the
	 * maximum
	 */
	for (size_t i = BENCH_P50; i <= BENCH_P99; i++) {
		if (figures[i] > figures[BENCH_MAX])
			figures[i] = figures[BENCH_MAX];
	}
	return 0;
}
