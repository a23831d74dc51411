#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Which kernel packages kernel/suites.sh selects, from package lists made by hand, which
# a fake apt-cache prints. No network.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib/tap.sh

export MEMTOP_CACHE=$TAP_TMP/cache
mkdir -p "$MEMTOP_CACHE/suites" "$TAP_TMP/bin"
touch "$MEMTOP_CACHE/suites/ready"

package() {
	printf 'Package: %s\nVersion: %s\nArchitecture: %s\n%s\n' "$1" "$2" "$3" "${4:+Depends: $4
}"
}
{
	package linux-image-6.18.9+deb13-amd64 6.18.9-1 amd64
	package linux-image-6.18.15+deb13-amd64 6.18.15-1 amd64 "kmod, linux-base-6.18.15+deb13-amd64 (= 6.18.15-1)"
	package linux-image-6.18.15+deb13-amd64-unsigned 6.18.15-2 amd64
	package linux-image-6.18.15+deb13-rt-amd64 6.18.16-1 amd64
	package linux-image-6.18.15+deb13-arm64 6.18.17-1 arm64
	package linux-image-6.1.0-56-arm64 6.1.192-2 arm64
	package linux-image-6.1.0-56-rt-arm64 6.1.192-3 arm64
	package linux-image-6.18.15+deb13-arm64-16k 6.18.18-1 arm64
	package linux-image-7.2.13+deb14-amd64 7.2.13-1 amd64 \
		"linux-base-7.2.13+deb14-amd64 (= 7.2.13-1), linux-binary-7.2.13+deb14-amd64 (= 7.2.13-1), linux-modules-7.2.13+deb14-amd64 (= 7.2.13-1)"
	package linux-base-7.2.13+deb14-amd64 7.2.13-1 amd64
	package linux-binary-7.2.13+deb14-amd64 7.2.13-1 amd64
	package linux-modules-7.2.13+deb14-amd64 7.2.13-1 amd64
	package linux-image-7.20.1+deb14-amd64 7.20.1-1 amd64
} >"$TAP_TMP/lists"
cat >"$TAP_TMP/bin/apt-cache" <<-'END'
	#!/bin/bash
	while [ "$1" = -o ]; do shift 2; done
	case $1 in
	dumpavail) cat "$LISTS" ;;
	show) name=${2%%=*}
		awk -v RS= -v name="${name%%:*}" '$2 == name { print; print "" }' "$LISTS" ;;
	esac
END
cat >"$TAP_TMP/bin/dpkg" <<-'END'
	#!/bin/sh
	case $1 in
	--print-architecture) echo amd64 ;;
	*) exec /usr/bin/dpkg "$@" ;;
	esac
END
chmod +x "$TAP_TMP/bin/"*
export LISTS=$TAP_TMP/lists PATH=$TAP_TMP/bin:$PATH

# chosen LINE [FLAVOUR]: with the machine's architecture or MEMTOP_ARCH
chosen() {
	# shellcheck disable=SC2016 # for the inner shell
	bash -c '. kernel/lib.sh; use_suites_of "$1"; newest_release "$1" "${2-}"' - "$@"
}
# parts RELEASE VERSION
parts() {
	# shellcheck disable=SC2016 # for the inner shell
	bash -c '. kernel/lib.sh; RELEASE=$1 DEB_VERSION=$2; use_suites_of 6.18; image_packages' - "$@" | paste -sd' '
}

is "$(chosen 6.18)" "6.18.15+deb13-amd64 6.18.15-1" "the newest of a line: neither unsigned, nor real-time, nor another architecture's"
is "$(chosen 7.2)" "7.2.13+deb14-amd64 7.2.13-1" "7.2 is not 7.20"
is "$(MEMTOP_ARCH=arm64 chosen 6.1)" "6.1.0-56-arm64 6.1.192-2" "names of Debian 12's own line"
is "$(MEMTOP_ARCH=arm64 chosen 6.18)" "6.18.15+deb13-arm64 6.18.17-1" "another architecture"
is "$(MEMTOP_ARCH=arm64 chosen 6.18 16k)" "6.18.15+deb13-arm64-16k 6.18.18-1" "... and its flavour"
status_is 1 "a line that no suite has" chosen 5.99
is "$OUT" "" "... is not chosen"

is "$(parts 6.18.15+deb13-amd64 6.18.15-1)" "linux-image-6.18.15+deb13-amd64=6.18.15-1" \
	"one package, where a part that it names is not a package"
is "$(parts 7.2.13+deb14-amd64 7.2.13-1)" \
	"linux-image-7.2.13+deb14-amd64=7.2.13-1 linux-binary-7.2.13+deb14-amd64=7.2.13-1 linux-modules-7.2.13+deb14-amd64=7.2.13-1 linux-base-7.2.13+deb14-amd64=7.2.13-1" \
	"all parts of an image that is split"
is "$(MEMTOP_ARCH=arm64 parts 6.18.15+deb13-arm64 6.18.17-1)" "linux-image-6.18.15+deb13-arm64:arm64=6.18.17-1" \
	"packages of another architecture are named with it"
done_testing
