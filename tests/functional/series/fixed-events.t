#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Verity devices on Debian's kernel, with the modules of kernel/fix and the events: both
# sources agree.
# shellcheck source=tests/functional/series/fixed.sh
. "$(dirname "$0")/fixed.sh"
SOURCE=tracepoints fixed_line 6.12 6.12-events
