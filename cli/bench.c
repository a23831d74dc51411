// SPDX-License-Identifier: GPL-2.0-only
#include "bench.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/devices.h"
#include "bench/load.h"
#include "bench/parameter.h"
#include "bench/pressure.h"
#include "collect/collect.h"
#include "model/bench.h"
#include "options.h"
#include "util/alloc.h"
#include "util/msg.h"
#include "util/stop.h"
#include "util/strbuf.h"
#include "util/text.h"
#include "views/bench_view.h"
#include "views/output.h"
#include "wish.h"

/* What is there while it runs, and has to be put away after it. */
struct rig {
	const struct options *options;
	struct bench bench;
	struct parameter parameter;
	struct bench_image image;
	struct collector *collector;
	struct strbuf prefix; /* of the devices' names */
	struct strbuf paths; /* of the devices to read from */
	uint64_t *figures; /* of the run that is made */
};

/* Refuses what can't be done or is not safe. */
static int check_rights(const struct options *options)
{
	if (geteuid() != 0) {
		msg_error("bench makes devices and sets a parameter of the "
			  "kernel: it has to be run by root");
		return -EPERM;
	}
	if (options->pressure == PRESSURE_SHORTAGE && !pressure_in_vm() &&
	    !options->force) {
		msg_error(
			"--pressure shortage takes all memory of the machine, "
			"and this is none that is known to be virtual; "
			"--force does it nevertheless");
		return -EPERM;
	}
	return 0;
}

/* Files take their size, a hash tree below 1/32 of it, parity about 1/100. */
static int check_room(const struct options *options)
{
	uint64_t needed = options->size + options->size / 16 + (4 << 20);
	struct statvfs fs;
	struct sysinfo memory;

	if (statvfs(options->directory, &fs))
		return msg_error_errno(errno, "can't make files in %s",
				       options->directory);
	if ((uint64_t)fs.f_bavail * fs.f_frsize < needed) {
		msg_error("%s has no room for %" PRIu64 " bytes; see --size "
			  "and --directory",
			  options->directory, needed);
		return -ENOSPC;
	}
	/* twice: the files may be in memory, and are cached anyway */
	if (sysinfo(&memory) == 0 &&
	    (uint64_t)memory.totalram * memory.mem_unit < 4 * needed) {
		msg_error("there is too little memory for --size; a quarter of "
			  "all is allowed");
		return -ENOMEM;
	}
	return 0;
}

/* What a bench that was killed has left; only what bears its mark. */
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

/* Opens a device with the parameter set, for no longer than it takes. */
static int open_device(struct rig *rig, uint64_t ios, const char *name,
		       const char *below)
{
	int err = parameter_set(&rig->parameter, ios), put_back;

	if (!err)
		err = device_open(&rig->image, name, below);
	put_back = parameter_put_back(&rig->parameter);
	return err ? err : put_back;
}

/* Stacks of devices; what is on top of each is read from. */
static int open_devices(struct rig *rig, uint64_t ios)
{
	const struct options *options = rig->options;
	struct strbuf name = { 0 }, below = { 0 };
	int err = 0;

	strbuf_reset(&rig->paths);
	for (uint64_t i = 0; !err && i < options->devices; i++) {
		strbuf_reset(&below);
		for (uint64_t j = 0; !err && j < options->depth; j++) {
			strbuf_reset(&name);
			strbuf_addf(&name, "%s%04" PRIu64 "-%" PRIu64,
				    strbuf_text(&rig->prefix), i, j);
			if (stop_wanted())
				err = -EINTR;
			else
				err = open_device(rig, ios, strbuf_text(&name),
						  j ? strbuf_text(&below) :
						      NULL);
			strbuf_reset(&below);
			strbuf_addstr(&below, strbuf_text(&name));
		}
		strbuf_addf(&rig->paths, "%s/dev/mapper/%s", i ? ":" : "",
			    strbuf_text(&name));
	}
	strbuf_release(&name);
	strbuf_release(&below);
	return err;
}

static void say_foreign(const struct sample *after,
			const struct sample_pool *pool)
{
	const struct sample_device *device =
		sample_find_device(after, pool->dev);

	msg_warning("%s (%" PRIu32 ":%" PRIu32 ") got a table while the "
		    "parameter was ours: it has reserves of %" PRIu64
		    ", load it anew",
		    device ? device->name : "a device", pool->dev.major,
		    pool->dev.minor, pool->min);
}

/* Opens the devices and looks whether others have opened some meanwhile. */
static int set_up(struct rig *rig, uint64_t ios)
{
	struct sample before = { 0 }, after = { 0 };
	int err = collector_read(rig->collector, &before);

	if (!err)
		err = open_devices(rig, ios);
	if (!err)
		err = collector_read(rig->collector, &after);
	rig->bench.conditions.source = after.source;
	if (!err && ios != after.reserved_bio_based_ios)
		rig->bench.foreign += bench_find_foreign(
			&before, &after, strbuf_text(&rig->prefix), ios,
			say_foreign);
	sample_release(&before);
	sample_release(&after);
	return err;
}

static int look(void *context)
{
	struct rig *rig = context;
	struct sample sample = { 0 };
	int err = collector_read(rig->collector, &sample);

	if (!err)
		bench_measure(rig->figures, &sample, strbuf_text(&rig->prefix));
	sample_release(&sample);
	return err;
}

static int load(struct rig *rig)
{
	const struct options *options = rig->options;
	const struct load_wish wish = {
		.devices = strbuf_text(&rig->paths),
		.sequential = options->sequential,
		.jobs = options->jobs,
		.block_size = options->block_size,
		.runtime_ns = options->runtime_ns,
		.look = look,
		.context = rig,
	};
	struct pressure pressure;
	int err = 0;

	if (options->pressure == PRESSURE_SHORTAGE)
		err = pressure_shortage(&pressure);
	else if (options->pressure == PRESSURE_COMMAND)
		err = pressure_command(options->pressure_command, &pressure);
	if (err)
		return err;
	err = load_run(&wish, rig->figures);
	rig->figures[BENCH_STUCK] = err == -ETIME;
	if (options->pressure != PRESSURE_NONE)
		pressure_end(&pressure);
	return err == -ETIME ? 0 : err;
}

static int make_run(struct rig *rig, struct bench_run *run)
{
	int err, removed;

	rig->figures = run->figures;
	err = set_up(rig, rig->bench.values[run->value]);
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
	struct bench *bench = &rig->bench;
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

/* Files, a collector, and then the runs. */
static int run_rig(struct rig *rig)
{
	const struct options *options = rig->options;
	const struct bench_image_wish wish = {
		.directory = options->directory,
		.prefix = strbuf_text(&rig->prefix),
		.block_size = options->block_size,
		.bytes = options->size,
		.fec = options->fec,
	};
	const struct collect_wish collect =
		wish_make(options, COLLECT_ON, true);
	char *directory = image_directory(&wish);
	int err = parameter_note(&rig->parameter, directory), removed;

	if (!err)
		err = image_make(&wish, &rig->image);
	if (!err)
		err = collector_open(&collect, &rig->collector);
	if (!err)
		err = make_runs(rig);
	collector_close(rig->collector);
	/* also what an error has left; it has been said which */
	removed = devices_remove(strbuf_text(&rig->prefix));
	if (!removed)
		removed = image_remove(directory);
	if (!removed)
		parameter_close(&rig->parameter);
	image_release(&rig->image);
	free(directory);
	return err ? err : removed;
}

static void set_conditions(struct bench_conditions *c,
			   const struct options *options)
{
	static const char *const pressures[] = {
		[PRESSURE_NONE] = "none",
		[PRESSURE_SHORTAGE] = "shortage",
		[PRESSURE_COMMAND] = "command",
	};
	struct utsname name;

	*c = (struct bench_conditions){
		.devices = options->devices,
		.depth = options->depth,
		.block_size = options->block_size,
		.data_bytes = options->size,
		.jobs = options->jobs,
		.runtime_ns = options->runtime_ns,
		.fec = options->fec,
		.load = options->sequential ? "sequential" : "random",
		.pressure = pressures[options->pressure],
		.command = options->command_line,
	};
	if (uname(&name))
		return;
	text_copy(c->kernel, sizeof(c->kernel), name.release);
	text_copy(c->machine, sizeof(c->machine), name.machine);
}

static enum exit_status show(const struct options *options,
			     const struct bench *bench)
{
	if (options->plot && bench_plot(options->plot, bench))
		return STATUS_FAILED;
	if (options->json)
		bench_json(output_stream(), bench);
	else if (options->csv)
		bench_csv(output_stream(), bench);
	else
		bench_text(output_stream(), bench);
	return output_flush() ? STATUS_FAILED : STATUS_OK;
}

static int run_all(struct rig *rig)
{
	struct bench_state left;
	bool was_left;
	int err = parameter_open(&rig->parameter, &left, &was_left);

	if (err)
		return err;
	if (was_left)
		err = clean_up(&left);
	if (!err)
		return run_rig(rig);
	/* the state file stays, for the next start */
	close(rig->parameter.lock);
	return err;
}

enum exit_status bench_run(const struct options *options)
{
	static const uint64_t defaults[] = { 1, 2, 4, 8, 16, 32, 64, 256, 1024 };
	struct rig rig = { .options = options };
	enum exit_status status;
	int err = check_rights(options);

	if (!err)
		err = check_room(options);
	if (err)
		return exit_status_of(err);
	stop_catch();
	set_conditions(&rig.bench.conditions, options);
	bench_plan(&rig.bench, options->nr_ios ? options->ios : defaults,
		   options->nr_ios ? options->nr_ios :
				     sizeof(defaults) / sizeof(defaults[0]),
		   options->repeats);
	bench_prefix((uint64_t)getpid(), &rig.prefix);
	err = run_all(&rig);
	/* what was measured till then is shown */
	status = err ? exit_status_of(err) : show(options, &rig.bench);
	if (err == -EINTR && rig.bench.runs[0].done)
		show(options, &rig.bench);
	bench_release(&rig.bench);
	strbuf_release(&rig.prefix);
	strbuf_release(&rig.paths);
	return status;
}
