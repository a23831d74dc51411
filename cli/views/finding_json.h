/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_VIEWS_FINDING_JSON_H
#define MEMTOP_VIEWS_FINDING_JSON_H

struct finding;
struct json_writer;
struct sample;

/*
 * Adds the keys dev to evidence of @f, which was found in @s, to the open
 * object, as in docs/watch.md; but neither its kind nor its id.
 */
void finding_json_put(struct json_writer *w, const struct sample *s,
		      const struct finding *f);

#endif
