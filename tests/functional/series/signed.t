#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Modules that kernel/install-modules signs, on a kernel that loads only signed ones.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel
tree=$(kernel/build-kernel --print-tree)/obj
# The key that the kernel was built with; without it the kernel trusts no key here.
python3 - "$tree/certs/signing_key.x509" "$KERNEL/vmlinux" <<'END'
import sys
cert, kernel = (open(name, "rb").read() for name in sys.argv[1:])
if cert not in kernel:
    sys.exit(f"Bail out! {sys.argv[2]} was built with another key than {sys.argv[1]}: remove both from the cache")
END
plain_images 1 256
run_guest series/signed --append module.sig_enforce=1 --env "TREE=$tree"
