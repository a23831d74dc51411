#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The report on Debian's unmodified kernel of the 7.2 line.
# shellcheck source=tests/functional/kernels/stock-line.sh
. "$(dirname "$0")/stock-line.sh"
stock_line 7.2
