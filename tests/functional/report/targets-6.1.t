#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The reserves of each target type on Debian's kernel of the 6.1 line.
# shellcheck source=tests/functional/report/targets.sh
. "$(dirname "$0")/targets.sh"
targets_on 6.1 "${TARGETS_OUT-}"
