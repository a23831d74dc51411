// SPDX-License-Identifier: GPL-2.0-only
#include "commands/bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "bench/pressure.h"
#include "bench/rig.h"
#include "model/bench.h"
#include "options/options.h"
#include "system/machine.h"
#include "system/stop.h"
#include "views/bench_view.h"
#include "views/output.h"
#include "views/page_view.h"

/* Refuses options that are impossible or unsafe. */
static int check_rights(const struct options *options)
{
	if (geteuid() != 0) {
		msg_error(
			"bench makes devices and sets a kernel parameter: run it as root");
		return -EPERM;
	}
	if (options->pressure == PRESSURE_SHORTAGE && !pressure_in_vm() &&
	    !options->force) {
		msg_error(
			"--pressure shortage takes all memory; refusing: not known to be a virtual machine (use --force to override)");
		return -EPERM;
	}
	return 0;
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
		.snapshot = options->snapshot,
		.blocks = options->blocks,
		.load = options->load,
		.backing = options->on,
		.pressure = pressures[options->pressure],
		.command = options->command_line,
	};
	if (uname(&name))
		return;
	text_copy(c->kernel, sizeof(c->kernel), name.release);
	text_copy(c->machine, sizeof(c->machine), name.machine);
}

static void show_text(const struct options *options, const struct bench *bench)
{
	struct output_text text;
	FILE *out = output_text_open(&text);

	bench_text(out, bench, output_width(options->wide));
	output_text_close(&text, out, options->wide);
}

static void show_page(const struct options *options, const struct bench *bench)
{
	struct page_facts facts = { .command = options->command_line };
	struct strbuf machine = { 0 };
	char *json = NULL;
	FILE *memory;

	machine_describe(&machine);
	facts.machine = strbuf_text(&machine);
	if (options->lkml) {
		bench_lkml(output_stream(), bench, &facts);
	} else {
		memory = xcheck(open_memstream(&json, &facts.data_len));
		bench_json(memory, bench);
		/* text that found no memory is missing */
		if ((ferror(memory) | fclose(memory)) || !json)
			xcheck(NULL);
		facts.data = json;
		bench_html(output_stream(), bench, &facts);
	}
	free(json);
	strbuf_release(&machine);
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
	else if (options->lkml || options->html)
		show_page(options, bench);
	else
		show_text(options, bench);
	return output_flush() ? STATUS_FAILED : STATUS_OK;
}

enum exit_status bench_run(const struct options *options)
{
	static const uint64_t defaults[] = { 1, 2, 4, 8, 16, 32, 64, 256, 1024 };
	struct bench bench = { 0 };
	struct rig *rig = NULL;
	enum exit_status status;
	int err = check_rights(options);

	if (!err)
		err = rig_plan(options, &rig);
	if (err)
		return exit_status_of(err);
	stop_catch();
	set_conditions(&bench.conditions, options);
	bench_plan(&bench, options->nr_ios ? options->ios : defaults,
		   options->nr_ios ? options->nr_ios :
				     sizeof(defaults) / sizeof(defaults[0]),
		   options->repeats);
	err = rig_run(rig, &bench);
	/* the results so far are shown */
	status = err ? exit_status_of(err) : show(options, &bench);
	if (err == -EINTR && bench.runs[0].done)
		show(options, &bench);
	rig_free(rig);
	bench_release(&bench);
	return status;
}
