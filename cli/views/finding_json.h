/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_VIEWS_FINDING_JSON_H
#define MEMTOP_VIEWS_FINDING_JSON_H

struct finding;
struct json_writer;
struct sample;

/*
 * Adds to the object that is open what is known of @f, which was found in @s: dev to evidence,
 * as docs/watch.md says. Not what kind it is, nor its id.
 */
void finding_json_put(struct json_writer *w, const struct sample *s,
		      const struct finding *f);

#endif
