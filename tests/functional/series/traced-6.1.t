#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Repairs on Debian 12's own 6.1 kernel with the patched modules: the same tests as
# on 6.12.
set -euo pipefail
unset RECORDINGS
MEMTOP_LINE=6.1 exec "${0%-6.1.t}.t"
