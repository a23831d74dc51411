/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The metrics, in the text format of Prometheus (version 0.0.4) or in
 * OpenMetrics. Their names and labels are an interface: docs/metrics.md.
 */
#ifndef MEMTOP_VIEWS_METRICS_H
#define MEMTOP_VIEWS_METRICS_H

#include "views/metrics_view.h"

struct strbuf;

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"
#define METRICS_TYPE_OPEN \
	"application/openmetrics-text; version=1.0.0; charset=utf-8"

void metrics_text(struct strbuf *out, const struct metrics_view *view);

#endif
