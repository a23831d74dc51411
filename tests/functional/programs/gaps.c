// SPDX-License-Identifier: GPL-2.0-only
/*
 * Samples of source stock on a kernel that lacks a member or structure, for one
 * after another; linked with without.c.
 *
 * usage: memtop-gaps DIRECTORY <NAMES
 *
 * For each line of stdin, "once" or "watch" and a name as in without.c, or one
 * that begins with "nothing", a separate process takes one sample, in a watch
 * with links and stacks, and writes these files to DIRECTORY:
 *
 *	NAME.record	the recording of it
 *	NAME.gaps	MEMBER, FACT a line, with a tab between
 *	NAME.root	sysfs, symbol or nothing
 *	NAME.err	its messages
 *	NAME.status	0 or the error, as a number
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/collect.h"
#include "model/doctor.h"
#include "recording/record.h"
#include "sample/sample.h"
#include "base/strbuf.h"

#define STACK_TIMEOUT_NS 5000000000ULL

static FILE *open_file(const char *name, const char *what)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s.%s", name, what);
	file = fopen(path, "w");
	if (!file) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	return file;
}

static void write_all(const char *name, struct collector *c,
		      const struct sample *s)
{
	FILE *record = open_file(name, "record");
	FILE *gaps = open_file(name, "gaps"), *root = open_file(name, "root");
	struct strbuf text = { 0 };
	struct doctor_gaps found = { .nr = 0 };
	const char *by = doctor_root_names[collector_root(c)];

	record_add_header(&text, s);
	record_add_sample(&text, s);
	fwrite(text.text, 1, text.len, record);
	collector_list_gaps(c, &found);
	for (size_t i = 0; i < found.nr; i++)
		fprintf(gaps, "%s\t%s\n", found.all[i].member,
			found.all[i].fact);
	fprintf(root, "%s\n", by ? by : "");
	fclose(record);
	fclose(gaps);
	fclose(root);
	strbuf_release(&text);
}

static int take_sample(const char *name, bool watch)
{
	const struct collect_params params = { .source = SOURCE_STOCK,
					       .span = watch ? COLLECT_WATCH :
							       COLLECT_ONCE,
					       .lower = true };
	/* it waits, so it has a stack */
	const uint32_t parent = (uint32_t)getppid();
	struct collector *c = NULL;
	struct sample s = { 0 };
	int err;

	if (strncmp(name, "nothing", strlen("nothing")) != 0)
		setenv("MEMTOP_WITHOUT", name, 1);
	err = collector_open(&params, &c);
	if (!err)
		err = collector_read(c, &s);
	if (!err) {
		if (watch)
			collector_read_stacks(c, &parent, 1, STACK_TIMEOUT_NS,
					      &s);
		write_all(name, c, &s);
	}
	sample_release(&s);
	collector_close(c);
	return err;
}

static void run(const char *name, bool watch)
{
	FILE *file = open_file(name, "err");
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		dup2(fileno(file), STDERR_FILENO);
		_exit(-take_sample(name, watch));
	}
	fclose(file);
	waitpid(pid, &status, 0);
	file = open_file(name, "status");
	fprintf(file, "%d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	fclose(file);
}

int main(int argc, char **argv)
{
	char name[128], span[8];

	if (argc != 2 || chdir(argv[1])) {
		fprintf(stderr, "usage: memtop-gaps DIRECTORY <NAMES\n");
		return 2;
	}
	while (scanf("%7s %127s", span, name) == 2)
		run(name, strcmp(span, "watch") == 0);
	return 0;
}
