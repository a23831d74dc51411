// SPDX-License-Identifier: GPL-2.0-only
#include "top/top_state.h"

#include <stdlib.h>

#include "base/alloc.h"

void top_state_release(struct top_state *s)
{
	field_choice_release(&s->columns);
	top_shape_release(&s->shape);
	free(s->widths);
	free(s->headings);
	*s = (struct top_state){ 0 };
}

int top_state_choose(struct top_state *s, const char *spec,
		     struct strbuf *problem)
{
	struct field_choice choice;
	int err = field_choose(s->table, spec, false, &choice, problem);

	if (err)
		return err;
	field_choice_release(&s->columns);
	s->columns = choice;
	if (!s->widths)
		s->widths = xcalloc(s->table->nr, sizeof(*s->widths));
	return 0;
}
