// SPDX-License-Identifier: GPL-2.0-only
#include "bench/rig.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "bench/devices.h"
#include "bench/image.h"
#include "bench/load.h"
#include "bench/parameter.h"
#include "bench/pressure.h"
#include "model/bench.h"
#include "options/options.h"
#include "sample/sample.h"
#include "stream/stream.h"
#include "system/stop.h"

struct rig {
	const struct options *options;
	struct bench *bench; /* not owned */
	struct parameter parameter;
	struct bench_image image;
	struct stream *stream;
	struct strbuf prefix; /* of the devices' names */
	struct strbuf paths; /* of the devices to read from */
	char **given; /* owned; devices to overwrite, one for each stack */
	size_t nr_given; /* 0: data are in a file */
	struct bench_run *run; /* that was created */
};

static void add_given(struct rig *rig, struct strbuf *path)
{
	rig->given = xgrow(rig->given, rig->nr_given, sizeof(*rig->given));
	rig->given[rig->nr_given++] = xstrdup(strbuf_text(path));
	strbuf_release(path);
}

/* The first RAM disks, one for each stack. */
static int take_ram(struct rig *rig)
{
	const struct options *options = rig->options;

	while (rig->nr_given < options->devices) {
		struct strbuf path = { 0 };

		strbuf_addf(&path, "/dev/ram%zu", rig->nr_given);
		add_given(rig, &path);
		if (access(rig->given[rig->nr_given - 1], F_OK) == 0)
			continue;
		msg_error("there is no RAM disk %s; to have enough of them: "
			  "modprobe brd rd_nr=%" PRIu64 " rd_size=%" PRIu64,
			  rig->given[rig->nr_given - 1], options->devices,
			  options->size >> 10);
		return -ENOENT;
	}
	return 0;
}

/* Decides where the data will be. */
static int choose_backing(struct rig *rig)
{
	const char *list = rig->options->on;

	if (strcmp(list, "loop") == 0)
		return 0;
	if (strcmp(list, "ram") == 0)
		return take_ram(rig);
	while (rig->nr_given < rig->options->devices) {
		size_t len = strcspn(list, ",");
		struct strbuf path = { 0 };

		strbuf_add(&path, list, len);
		add_given(rig, &path);
		list += len + (list[len] == ',');
	}
	return 0;
}

/* Size limit of the files. */
static uint64_t room_for(const struct rig *rig)
{
	const struct options *options = rig->options;
	uint64_t needed = 1 << 20;

	if (!rig->nr_given)
		needed += image_room(BENCH_DATA, options->size);
	needed += image_room(BENCH_HASH, options->size);
	if (options->fec)
		needed += image_room(BENCH_PARITY, options->size);
	/* without writes a snapshot stores nothing */
	if (options->load == BENCH_WRITE)
		needed +=
			options->devices * device_snapshot_room(options->size);
	return needed;
}

/*
 * Each RAM disk has a copy of the data, in memory that cannot be swapped out.
 */
static uint64_t room_on_ram(const struct options *options)
{
	return strcmp(options->on, "ram") == 0 ?
		       options->devices * options->size :
		       0;
}

static int check_room(const struct rig *rig)
{
	const struct options *options = rig->options;
	uint64_t needed = room_for(rig);
	uint64_t in_memory = needed + room_on_ram(options);
	struct statvfs fs;
	struct sysinfo memory;

	if (statvfs(options->directory, &fs))
		return msg_error_errno(errno, "cannot make files in %s",
				       options->directory);
	if ((uint64_t)fs.f_bavail * fs.f_frsize < needed) {
		msg_error("%s has no room for %" PRIu64 " bytes; see --size "
			  "and --directory",
			  options->directory, needed);
		return -ENOSPC;
	}
	/* twice: the files may be in memory, and are cached anyway */
	if (sysinfo(&memory) == 0 &&
	    (uint64_t)memory.totalram * memory.mem_unit < 4 * in_memory) {
		msg_error("there is too little memory for %" PRIu64
			  " bytes of data; a quarter of all is allowed, see "
			  "--size and --devices",
			  in_memory);
		return -ENOMEM;
	}
	return 0;
}

/* Removes what a killed bench has left; only objects with its mark. */
static int clean_up(const struct bench_state *left)
{
	struct strbuf prefix = { 0 };
	const char *name = strrchr(left->directory, '/');
	int err;

	bench_prefix(left->pid, &prefix);
	err = devices_remove(strbuf_text(&prefix));
	if (!err && name &&
	    strncmp(name + 1, strbuf_text(&prefix), prefix.len) == 0)
		err = image_remove(left->directory);
	strbuf_release(&prefix);
	return err;
}

/*
 * Creates a device of the @nr-th stack with the parameter set, for as short a
 * time as possible: on @below, as a snapshot of it if @snapshot.
 */
static int open_device(struct rig *rig, uint64_t ios, uint64_t nr,
		       const char *name, const char *below, bool snapshot)
{
	int err = parameter_set(&rig->parameter, ios), put_back;

	if (!err && snapshot)
		err = device_open_snapshot(&rig->image, name, below,
					   rig->options->directory);
	else if (!err)
		err = device_open(&rig->image, nr, name, below);
	put_back = parameter_put_back(&rig->parameter);
	return err ? err : put_back;
}

/* Creates the @nr-th stack; @name becomes that of the device on top of it. */
static int open_stack(struct rig *rig, uint64_t ios, uint64_t nr,
		      struct strbuf *name)
{
	uint64_t verity = rig->options->depth;
	uint64_t all = verity + rig->options->snapshot;
	struct strbuf below = { 0 };
	int err = 0;

	for (uint64_t i = 0; !err && i < all; i++) {
		strbuf_reset(name);
		strbuf_addf(name, "%s%04" PRIu64 "-%" PRIu64,
			    strbuf_text(&rig->prefix), nr, i);
		if (stop_wanted())
			err = -EINTR;
		else
			err = open_device(rig, ios, nr, strbuf_text(name),
					  i ? strbuf_text(&below) : NULL,
					  i == verity);
		strbuf_reset(&below);
		strbuf_addstr(&below, strbuf_text(name));
	}
	strbuf_release(&below);
	return err;
}

/* Creates stacks of devices; the load uses the top device of each. */
static int open_devices(struct rig *rig, uint64_t ios)
{
	struct strbuf name = { 0 };
	int err = 0;

	strbuf_reset(&rig->paths);
	for (uint64_t i = 0; !err && i < rig->options->devices; i++) {
		err = open_stack(rig, ios, i, &name);
		strbuf_addf(&rig->paths, "%s/dev/mapper/%s", i ? ":" : "",
			    strbuf_text(&name));
	}
	strbuf_release(&name);
	return err;
}

static void say_foreign(const struct sample *after,
			const struct sample_pool *pool)
{
	const struct sample_device *device =
		sample_find_device(after, pool->dev);

	msg_warning(
		"%s (%" PRIu32 ":%" PRIu32
		") got a table while the parameter was changed: it has reserves of %" PRIu64
		", load it again",
		device ? device->name : "a device", pool->dev.major,
		pool->dev.minor, pool->min);
}

/* The caller releases @ret. */
static int take_sample(struct rig *rig, struct sample *ret)
{
	int err = stream_last(rig->stream);

	if (!err)
		*ret = stream_take(rig->stream);
	return err;
}

/*
 * Creates the devices and checks whether others have loaded tables meanwhile.
 */
static int set_up(struct rig *rig, uint64_t ios)
{
	struct sample before = { 0 }, after = { 0 };
	int err = take_sample(rig, &before);

	if (!err)
		err = open_devices(rig, ios);
	if (!err)
		err = take_sample(rig, &after);
	rig->bench->conditions.source = after.source;
	if (!err && ios != after.reserved_bio_based_ios)
		rig->bench->foreign += bench_find_foreign(
			&before, &after, strbuf_text(&rig->prefix), ios,
			say_foreign);
	sample_release(&before);
	sample_release(&after);
	return err;
}

static int look(void *context)
{
	struct rig *rig = context;
	int err = stream_last(rig->stream);

	if (!err)
		bench_measure(rig->run, stream_sample(rig->stream),
			      strbuf_text(&rig->prefix));
	return err;
}

static int load(struct rig *rig)
{
	const struct options *options = rig->options;
	const struct load_params params = {
		.devices = strbuf_text(&rig->paths),
		.nr_devices = options->devices,
		.readable = rig->image.readable,
		.load = options->load,
		.jobs = options->jobs,
		.block_size = options->block_size,
		.runtime_ns = options->runtime_ns,
		.look = look,
		.context = rig,
	};
	struct pressure pressure;
	uint64_t kills = pressure_oom_kills();
	int err = 0;

	if (options->pressure == PRESSURE_SHORTAGE)
		err = pressure_shortage(&pressure);
	else if (options->pressure == PRESSURE_COMMAND)
		err = pressure_command(options->pressure_command, &pressure);
	if (err)
		return err;
	err = load_run(&params, rig->run->figures);
	rig->run->figures[BENCH_STUCK] = err == -ETIME;
	if (options->pressure != PRESSURE_NONE)
		pressure_end(&pressure);
	kills = pressure_oom_kills() - kills;
	if (kills)
		msg_warning("the kernel's OOM killer killed %" PRIu64
			    " processes during the run",
			    kills);
	return err == -ETIME ? 0 : err;
}

static int make_run(struct rig *rig, struct bench_run *run)
{
	int err, removed;

	rig->run = run;
	err = set_up(rig, rig->bench->values[run->value]);
	if (!err)
		err = load(rig);
	if (!err)
		err = look(rig);
	removed = devices_remove(strbuf_text(&rig->prefix));
	if (!err)
		err = removed;
	run->done = !err;
	return err;
}

static int make_runs(struct rig *rig)
{
	struct bench *bench = rig->bench;
	int err = 0;

	for (size_t i = 0; !err && i < bench->nr_runs; i++) {
		if (isatty(STDERR_FILENO))
			msg_info("run %zu of %zu: %" PRIu64, i + 1,
				 bench->nr_runs,
				 bench->values[bench->runs[i].value]);
		err = stop_wanted() ? -EINTR : make_run(rig, &bench->runs[i]);
		if (err == -EINTR)
			msg_error("interrupted after %zu of %zu runs", i,
				  bench->nr_runs);
	}
	return err;
}

/* Removes everything, also after an error, which has been reported. */
static int put_away(struct rig *rig, const char *directory)
{
	int err = devices_remove(strbuf_text(&rig->prefix)), wiped;

	if (err)
		return err;
	wiped = image_wipe(&rig->image);
	err = image_remove(directory);
	if (!err)
		parameter_close(&rig->parameter);
	return err ? err : wiped;
}

/*
 * Samples as in a watch, because tasks may be stuck. A watch that cannot see
 * devices that are created later is useless here; then device-mapper is
 * queried.
 */
static int open_rig_stream(struct rig *rig)
{
	const struct stream_params watch =
		stream_params_of(rig->options, COLLECT_WATCH, true);
	const struct stream_params asking =
		stream_params_of(rig->options, COLLECT_ON, true);
	int err = stream_open(&watch, &rig->stream);

	if (err || collector_knows_new(stream_collector(rig->stream)))
		return err;
	stream_close(rig->stream);
	rig->stream = NULL;
	msg_warning(
		"so device-mapper is queried for them, and stalls and deadlocks stay unknown");
	return stream_open(&asking, &rig->stream);
}

/* Creates the files, a stream of samples, and then makes the runs. */
static int run_rig(struct rig *rig)
{
	const struct options *options = rig->options;
	const struct bench_image_params params = {
		.directory = options->directory,
		.prefix = strbuf_text(&rig->prefix),
		.block_size = options->block_size,
		.bytes = options->size,
		.fec = options->fec,
		.blocks = options->blocks,
		.devices = rig->given,
		.nr_devices = rig->nr_given,
		.overwrite = options->overwrite,
	};
	char *directory = image_directory(&params);
	int err = parameter_note(&rig->parameter, directory), away;

	if (!err)
		err = image_make(&params, &rig->image);
	if (!err)
		err = open_rig_stream(rig);
	if (!err)
		err = make_runs(rig);
	stream_close(rig->stream);
	away = put_away(rig, directory);
	image_release(&rig->image);
	free(directory);
	return err ? err : away;
}

int rig_run(struct rig *rig, struct bench *bench)
{
	struct bench_state left;
	bool was_left;
	int err = parameter_open(&rig->parameter, &left, &was_left);

	if (err)
		return err;
	rig->bench = bench;
	if (was_left)
		err = clean_up(&left);
	if (!err)
		return run_rig(rig);
	/* the state file stays, for the next start */
	close(rig->parameter.lock);
	return err;
}

int rig_plan(const struct options *options, struct rig **ret)
{
	struct rig *rig = xcalloc(1, sizeof(*rig));
	int err;

	rig->options = options;
	err = choose_backing(rig);
	if (!err)
		err = check_room(rig);
	if (err) {
		rig_free(rig);
		return err;
	}
	bench_prefix((uint64_t)getpid(), &rig->prefix);
	*ret = rig;
	return 0;
}

void rig_free(struct rig *rig)
{
	if (!rig)
		return;
	strbuf_release(&rig->prefix);
	strbuf_release(&rig->paths);
	for (size_t i = 0; i < rig->nr_given; i++)
		free(rig->given[i]);
	free(rig->given);
	free(rig);
}
