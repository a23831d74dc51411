#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# README's "On your own machine", and its reversal: on the distribution's kernel, the
# modules are installed, loaded, used, and removed again.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

debian_kernel
plain_images 59 256
modules=$(kernel/build-modules)
run_guest report/own-machine --env "MODULES=$modules"
