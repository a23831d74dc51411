// SPDX-License-Identifier: GPL-2.0-only
#include "views/json_value.h"

#include <inttypes.h>

#include "model/sample.h"
#include "util/alloc.h"
#include "util/strbuf.h"
#include "util/text.h"

void json_put(struct json_object *object, const char *key,
	      struct json_object *value)
{
	if (json_object_object_add(object, key, value))
		xcheck(NULL);
}

void json_append(struct json_object *array, struct json_object *value)
{
	if (json_object_array_add(array, value))
		xcheck(NULL);
}

struct json_object *json_new_object(void)
{
	return xcheck(json_object_new_object());
}

struct json_object *json_new_array(void)
{
	return xcheck(json_object_new_array());
}

struct json_object *json_new_number(uint64_t n)
{
	if (n == MEMTOP_UNKNOWN)
		return NULL;
	return xcheck(json_object_new_uint64(n));
}

struct json_object *json_new_text(const char *raw)
{
	struct strbuf text = { 0 };
	struct json_object *ret;

	text_to_utf8(&text, raw);
	ret = xcheck(json_object_new_string(strbuf_text(&text)));
	strbuf_release(&text);
	return ret;
}

void json_add_line(struct strbuf *sb, struct json_object *document)
{
	strbuf_addstr(
		sb, xcheck((void *)json_object_to_json_string_ext(
			    document, JSON_C_TO_STRING_PLAIN |
					      JSON_C_TO_STRING_NOSLASHESCAPE)));
	strbuf_addstr(sb, "\n");
	json_object_put(document);
}

struct json_object *json_new_devno(struct sample_devno dev)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu32 ":%" PRIu32, dev.major,
		 dev.minor);
	return json_new_text(text);
}

struct json_object *json_new_losses(const struct sample_losses *losses)
{
	struct json_object *object = json_new_object();
	struct sample_loss all[SAMPLE_NR_LOSSES];

	sample_list_losses(losses, all);
	for (size_t i = 0; i < SAMPLE_NR_LOSSES; i++)
		json_put(object, all[i].name, json_new_number(all[i].nr));
	return object;
}

void json_write(FILE *out, struct json_object *document)
{
	fputs(xcheck((void *)json_object_to_json_string_ext(
		      document, JSON_C_TO_STRING_PRETTY |
					JSON_C_TO_STRING_SPACED |
					JSON_C_TO_STRING_NOSLASHESCAPE)),
	      out);
	fputc('\n', out);
	json_object_put(document);
}
