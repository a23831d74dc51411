#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Stalls on Debian's unmodified kernel of the 6.18 line.
# shellcheck source=tests/functional/stalls/stalls-stock.sh
. "$(dirname "$0")/stalls-stock.sh"
stalls_stock 6.18
