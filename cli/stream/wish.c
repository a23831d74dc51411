// SPDX-License-Identifier: GPL-2.0-only
#include "stream/wish.h"

#include "options/options.h"

struct collect_wish wish_make(const struct options *options,
			      enum collect_span span, bool lower)
{
	static const enum collect_source sources[] = {
		[SOURCE_BEST] = COLLECT_BEST,
		[SOURCE_TRACEPOINTS] = COLLECT_TRACEPOINTS,
		[SOURCE_STOCK] = COLLECT_STOCK,
	};

	return (struct collect_wish){ .source = sources[options->source],
				      .span = span,
				      .lower = lower };
}
