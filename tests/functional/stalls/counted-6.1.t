#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Counted waits on Debian's unmodified kernel of the 6.1 line.
# shellcheck source=tests/functional/stalls/counted.sh
. "$(dirname "$0")/counted.sh"
counted 6.1
