// SPDX-License-Identifier: GPL-2.0-only
#include "views/top_frame.h"

void top_verdict(const struct finding *finding, bool ascii_only,
		 struct strbuf *sb)
{
	(void)finding;
	(void)ascii_only;
	(void)sb;
}

void top_draw_evidence(const struct top_frame *frame, struct top_state *state,
		       struct canvas *c)
{
	(void)frame;
	(void)state;
	(void)c;
}
