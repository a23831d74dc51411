// SPDX-License-Identifier: GPL-2.0-only
#include "views/json_value.h"

#include <inttypes.h>

#include "base/strbuf.h"
#include "views/output.h"

void json_put_number(struct json_writer *w, const char *key, uint64_t n)
{
	if (n == MEMTOP_UNKNOWN)
		json_put_null(w, key);
	else
		json_put_u64(w, key, n);
}

void json_put_devno(struct json_writer *w, const char *key,
		    struct sample_devno dev)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu32 ":%" PRIu32, dev.major,
		 dev.minor);
	json_put_text(w, key, text);
}

void json_put_losses(struct json_writer *w, const char *key,
		     const struct sample_losses *losses)
{
	struct sample_loss all[SAMPLE_NR_LOSSES];

	sample_list_losses(losses, all);
	json_put_object(w, key);
	for (size_t i = 0; i < SAMPLE_NR_LOSSES; i++)
		json_put_number(w, all[i].name, all[i].nr);
	json_put_end(w);
}

struct json_writer json_begin(struct strbuf *text, FILE *out)
{
	struct json_writer w = { .to = text,
				 .pass_on = out ? output_put : NULL,
				 .out = out,
				 .pretty = true };

	json_put_object(&w, NULL);
	return w;
}

void json_finish(struct json_writer *w)
{
	json_put_end(w);
	strbuf_addstr(w->to, "\n");
	output_put(w->out, w->to);
	strbuf_release(w->to);
}
