// SPDX-License-Identifier: GPL-2.0-only
#include "commands/diff.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "model/diff.h"
#include "model/snapshot.h"
#include "options/options.h"
#include "stream/stream.h"
#include "views/diff_order.h"
#include "views/diff_view.h"
#include "views/output.h"
#include "views/report_view.h"

/* As diff(1) exits. */
enum {
	DIFF_STATUS_SAME,
	DIFF_STATUS_DIFFERS,
	DIFF_STATUS_TROUBLE,
};

/* The sample that an argument stands for. */
struct operand {
	const char *name; /* as it was given */
	char *path; /* owned; NULL: the running kernel */
	uint64_t sample; /* of the recording; 0: the last */
};

/* "now", FILE, or FILE@NUMBER unless a file has that name. */
static struct operand operand_parse(const char *word)
{
	struct operand ret = { .name = word };
	const char *at = strrchr(word, '@');

	if (strcmp(word, "now") == 0)
		return ret;
	ret.path = xstrdup(word);
	if (at && access(word, F_OK) != 0 &&
	    text_to_u64(at + 1, 1, UINT64_MAX - 1, &ret.sample) == 0)
		ret.path[at - word] = '\0';
	return ret;
}

static int operand_read(const struct operand *operand,
			const struct options *options, struct sample *ret)
{
	struct options wanted = *options;
	struct stream_params params;
	struct stream *stream;
	int err;

	wanted.replay = operand->path;
	wanted.sample = operand->sample;
	params = stream_params_of(&wanted, COLLECT_ONCE, false);
	err = stream_open(&params, &stream);
	if (err)
		return err;
	err = stream_last(stream);
	if (!err)
		*ret = stream_take(stream);
	stream_close(stream);
	return err;
}

/* Returns 0 or a negative errno value, the reason already reported. */
static int show(const struct options *options, const struct diff_view *view)
{
	struct table_style style = { .headings = !options->no_headings,
				     .exact = options->exact };

	if (options->json) {
		diff_json(output_stream(), view);
		return output_flush();
	}
	output_style(&style, options->wide);
	style.colour = output_colour(options->colour);
	diff_table(output_stream(), view, &style);
	return output_flush();
}

static int compare(const struct options *options,
		   const struct field_order *order,
		   const struct operand operands[2], struct sample samples[2])
{
	const struct snap_filter filter = { .names = options->names,
					    .targets = options->targets };
	struct snap_selection sels[2];
	struct snapshot snaps[2];
	struct diff diff;
	int status = DIFF_STATUS_TROUBLE;

	for (size_t i = 0; i < 2; i++) {
		snapshot_build(&samples[i], &snaps[i]);
		snapshot_select(&snaps[i], &filter, &sels[i]);
	}
	diff_make(&(struct diff_input){ &snaps[0], &sels[0] },
		  &(struct diff_input){ &snaps[1], &sels[1] }, &diff);
	diff_sort(&diff, order);
	if (show(options,
		 &(struct diff_view){ .diff = &diff,
				      .snaps = { &snaps[0], &snaps[1] },
				      .names = { operands[0].name,
						 operands[1].name } }) == 0)
		status = diff.differs ? DIFF_STATUS_DIFFERS : DIFF_STATUS_SAME;
	diff_release(&diff);
	for (size_t i = 0; i < 2; i++) {
		snap_selection_release(&sels[i]);
		snapshot_release(&snaps[i]);
	}
	return status;
}

/* Returns 0, or -EINVAL, already reported. */
static int take_order(const struct options *options, struct field_order *ret)
{
	struct strbuf problem = { 0 };
	int err = options->sort ?
			  diff_order_parse(options->sort, ret, &problem) :
			  0;

	if (err)
		msg_error("%s", strbuf_text(&problem));
	strbuf_release(&problem);
	return err;
}

int diff_run(const struct options *options)
{
	struct sample samples[2] = { 0 };
	struct field_order order = { 0 };
	struct operand operands[2];
	int status = DIFF_STATUS_TROUBLE;

	if (take_order(options, &order))
		return status;
	for (size_t i = 0; i < 2; i++)
		operands[i] = operand_parse(options->arguments.words[i]);
	if (operand_read(&operands[0], options, &samples[0]) == 0 &&
	    operand_read(&operands[1], options, &samples[1]) == 0)
		status = compare(options, &order, operands, samples);
	for (size_t i = 0; i < 2; i++) {
		sample_release(&samples[i]);
		free(operands[i].path);
	}
	return status;
}
