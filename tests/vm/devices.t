#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Devices that make-images and guest.sh make: on the distribution's kernel without the
# series, so that the series cannot cause a failure here.

cd "$(dirname "$0")/../.." || exit 1
set -e
kernel=$(kernel/fetch-kernel)
plain=$(tests/vm/make-images 8 256)
fec=$(tests/vm/make-images --fec 1 1024)
exec tests/vm/run --kernel "$kernel" -- bash tests/vm/devices.guest "$plain" "$fec"
