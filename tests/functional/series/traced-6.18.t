#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Repairs on Debian's 6.18 kernel with the patched modules: the same tests as on 6.12.
set -euo pipefail
unset RECORDINGS
MEMTOP_LINE=6.18 exec "${0%-6.18.t}.t"
