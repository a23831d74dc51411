#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Verity devices on Debian's kernel of the 7.2 line, with the modules of kernel/fix.
# shellcheck source=tests/functional/series/fixed.sh
. "$(dirname "$0")/fixed.sh"
fixed_line 7.2
