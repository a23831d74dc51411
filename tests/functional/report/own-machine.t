#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# README's "On your own machine", and its reversal: on the distribution's kernel, the
# modules are installed, loaded, used, and removed again.
set -euo pipefail
cd "$(dirname "$0")/../../.."

modules=$(kernel/build-modules)
exec tests/vm/run --kernel "$(kernel/fetch-kernel)" \
	--env "MODULES=$modules" --env "PLAIN_IMAGES=$(tests/vm/make-images 59 256)" \
	-- bash tests/functional/report/own-machine.guest
