#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The distribution's kernel as it is, without the series: a clear answer, and
# nothing left behind.
set -euo pipefail
cd "$(dirname "$0")/../.."

exec tests/vm/run --kernel "$(kernel/fetch-kernel)" --mem 512 \
	-- bash tests/functional/unpatched.guest
