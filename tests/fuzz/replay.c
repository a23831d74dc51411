// SPDX-License-Identifier: GPL-2.0-only
/*
 * For libFuzzer: the input is a recording. What can be read of it is written
 * and read again, which must change nothing, and is shown by every view.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "commands/advise.h"
#include "recording/record.h"
#include "recording/record_pack.h"
#include "sample/sample.h"
#include "stall/stall.h"
#include "model/static_rules.h"
#include "options/parse.h"
#include "commands/report.h"
#include "base/json_writer.h"
#include "base/strbuf.h"
#include "views/finding_json.h"
#include "views/finding_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const views[][9] = {
	{ "report", "-o+uuid,suspended,lower,pools", "--subtotal=*a*",
	  "--sort=level" },
	{ "report", "--pools", "-o+dev,id,table,index,target", "-B",
	  "--sort=shared" },
	{ "report", "--tree", "--sort=name:desc" },
	{ "report", "--csv", "-H" },
	{ "report", "--json", "--target=verity" },
	{ "report", "--sample=1", "--name=*" },
	{ "advise" },
	{ "advise", "--json", "--ios=3" },
};

static void write_recording(struct strbuf *sb, const struct sample *s)
{
	record_add_header(sb, s);
	record_add_sample(sb, s);
}

static void check_round(const struct sample *s)
{
	struct record_reader *r;
	struct sample again;
	struct strbuf text = { 0 }, again_text = { 0 };

	write_recording(&text, s);
	if (record_open_file(fmemopen(text.text, text.len, "r"), "again", &r) ||
	    record_read(r, &again) != 1)
		abort();
	write_recording(&again_text, &again);
	if (text.len != again_text.len ||
	    memcmp(text.text, again_text.text, text.len) != 0)
		abort();
	sample_release(&again);
	record_close(r);
	strbuf_release(&again_text);
	strbuf_release(&text);
}

/* The same in the compact format. */
static void check_compact(struct record_packer *packer, const struct sample *s)
{
	struct strbuf chunk = { 0 }, text = { 0 }, again_text = { 0 };
	struct record_reader *r;
	struct sample again;

	/* alone, so that it can be read alone */
	record_pack(packer, s, false, true, &chunk);
	if (record_open_file(fmemopen(chunk.text, chunk.len, "r"), "again",
			     &r) ||
	    record_read(r, &again) != 1)
		abort();
	write_recording(&text, s);
	write_recording(&again_text, &again);
	if (strcmp(text.text, again_text.text) != 0)
		abort();
	sample_release(&again);
	record_close(r);
	strbuf_release(&again_text);
	strbuf_release(&text);
	strbuf_release(&chunk);
}

/* The static rules, and the output about their hits. */
static void judge(const struct sample *s, uint64_t threshold_ns)
{
	struct strbuf json = { 0 };
	struct json_writer w = { .to = &json };
	struct static_hits hits;
	struct findings found;
	struct strbuf text = { 0 };

	json_put_array(&w, NULL);
	stall_find(s, threshold_ns, &found);
	for (size_t i = 0; i < found.nr; i++) {
		finding_text_add(&text, s, &found.all[i], i % 2);
		json_put_object(&w, NULL);
		finding_json_put(&w, s, &found.all[i]);
		json_put_end(&w);
	}
	findings_release(&found);
	static_rules_find(s, &hits);
	static_hits_release(&hits);
	strbuf_release(&text);
	json_put_end(&w);
	strbuf_release(&json);
}

static void check_samples(const uint8_t *data, size_t size)
{
	FILE *file = fmemopen((void *)data, size, "r");
	struct record_packer packer = { .no_zstd = true };
	struct record_reader *r;
	struct sample sample;

	if (!file)
		abort();
	if (record_open_file(file, "input", &r))
		return;
	while (record_read(r, &sample) > 0) {
		check_round(&sample);
		check_compact(&packer, &sample);
		judge(&sample, 0);
		judge(&sample, 1000000000);
		sample_release(&sample);
	}
	record_packer_release(&packer);
	record_close(r);
}

static void show(const char *const *view, char *path)
{
	char *argv[16] = { (char *)view[0], (char *)"--replay", path };
	struct strbuf problem = { 0 };
	struct options options;
	size_t i;

	for (i = 1; view[i]; i++)
		argv[2 + i] = (char *)view[i];
	if (options_parse(argv, &options, &problem))
		abort();
	if (options.command == COMMAND_ADVISE)
		advise_run(&options);
	else
		report_run(&options);
	options_release(&options);
	strbuf_release(&problem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("recording", MFD_CLOEXEC);
	char path[32];
	size_t i;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (size)
		check_samples(data, size);
	for (i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		show(views[i], path);
	close(fd);
	return 0;
}
