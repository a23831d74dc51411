// SPDX-License-Identifier: GPL-2.0-only
#include "bench/load.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/msg.h"
#include "base/strbuf.h"
#include "bench/child.h"
#include "bench/fio.h"
#include "system/stop.h"

#define MILLISECOND 1000000ULL
/* Additional time that it may take; emulated machines start slowly. */
#define PATIENCE (30 * 1000 * MILLISECOND)

static char *option(const char *name, uint64_t value, const char *unit)
{
	struct strbuf sb = { 0 };

	strbuf_addf(&sb, "--%s=%" PRIu64 "%s", name, value, unit);
	return sb.text;
}

/* In memory, so that fio needs no disk space and leaves nothing behind. */
static pid_t start(const struct load_params *params, int output)
{
	struct strbuf devices = { 0 };
	char *jobs = option("numjobs", params->jobs, "");
	char *block = option("bs", params->block_size, "");
	char *runtime =
		option("runtime", params->runtime_ns / MILLISECOND, "ms");
	/* for all devices together */
	char *size = option("size", params->readable * params->nr_devices, "");
	static const char *const loads[NR_BENCH_LOADS] = {
		[BENCH_RANDOM] = "--rw=randread",
		[BENCH_SEQUENTIAL] = "--rw=read",
		[BENCH_WRITE] = "--rw=randwrite",
	};
	pid_t pid;

	strbuf_addf(&devices, "--filename=%s", params->devices);
	{
		char *argv[] = {
			(char *)"fio",
			(char *)"--name=bench",
			(char *)"--output-format=json",
			(char *)"--direct=1",
			(char *)"--ioengine=psync",
			(char *)"--group_reporting",
			(char *)"--time_based",
			(char *)"--norandommap",
			(char *)"--continue_on_error=all",
			(char *)"--percentile_list=50:99",
			(char *)loads[params->load],
			jobs,
			block,
			runtime,
			size,
			devices.text,
			/* the last one: there is none for writes */
			params->load == BENCH_WRITE ? NULL :
						      (char *)"--readonly",
			NULL,
		};

		pid = child_start(argv, output);
	}
	free(jobs);
	free(block);
	free(runtime);
	free(size);
	strbuf_release(&devices);
	return pid;
}

static int read_output(int fd, bool writes,
		       uint64_t figures[static NR_BENCH_FIGURES])
{
	struct strbuf text = { 0 };
	char buffer[4096];
	ssize_t len;
	int err;

	lseek(fd, 0, SEEK_SET);
	while ((len = read(fd, buffer, sizeof(buffer))) > 0)
		strbuf_add(&text, buffer, (size_t)len);
	err = fio_parse(strbuf_text(&text), writes, figures);
	if (err)
		msg_error("cannot parse the output of fio: %.200s",
			  strbuf_text(&text));
	strbuf_release(&text);
	return err;
}

static int wait_for(const struct load_params *params, pid_t pid, int *status)
{
	uint64_t now = stop_clock(), end = now + params->runtime_ns + PATIENCE;
	int err = 0;

	while (!err && !child_wait(pid, now + 200 * MILLISECOND, status)) {
		now = stop_clock();
		if (stop_wanted())
			err = -EINTR;
		else if (now >= end)
			err = -ETIME;
		else
			err = params->look(params->context);
	}
	if (err)
		child_end(pid);
	return err;
}

int load_run(const struct load_params *params,
	     uint64_t figures[static NR_BENCH_FIGURES])
{
	int fd = memfd_create("fio", MFD_CLOEXEC), status = 0, err;
	pid_t pid;

	if (fd < 0)
		return msg_error_errno(errno, "cannot save the output of fio");
	pid = start(params, fd);
	err = pid < 0 ? pid : wait_for(params, pid, &status);
	if (!err && WIFSIGNALED(status)) {
		msg_error("fio was ended by signal %d", WTERMSIG(status));
		err = -ECHILD;
	} else if (!err && WEXITSTATUS(status) == 127) {
		msg_error("cannot run fio; install it");
		err = -ENOENT;
	}
	if (!err)
		err = read_output(fd, params->load == BENCH_WRITE, figures);
	close(fd);
	return err;
}
