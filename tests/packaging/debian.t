#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Debian's packages, in clean roots of its suites (SUITES="bookworm trixie sid"):
# built, for arm64 too, checked by lintian, installed, used, upgraded, removed, purged.
# Needs root, mmdebstrap and the network.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

work=$TAP_TMP/work
mkdir "$work"
tarball=$(packaging/dist "$work") || bail "no tarball"

# on COMMAND...: as root of the tested machine
on() {
	packaging/root --run "$root" "$machine" --bind "$work:/debs" --bind "$PWD/tests/recordings:/recordings" --bind "$PWD:/source" -- "$@"
}
# in_place SCRIPT: runs it in a shell of the machine
on_sh() {
	on sh -euc "$1"
}

# everything REGEX...: all files of the machine and their contents, except REGEX and the
# files that apt and dpkg keep of any package
everything() {
	on_sh 'find / -xdev -mindepth 1 \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp \
		-o -path /debs -o -path /recordings -o -path /source -o -path /var/cache -o -path /var/log -o -path /var/lib/apt \
		-o -path /var/lib/dpkg -o -path /etc/ld.so.cache \) -prune -o -type f -exec sha256sum {} + -o -printf "%y %p %l\n"' |
		LC_ALL=C sort -k 2
}

# older DEB: makes the same package with a version before all others; prints its path
# below $work. The modules' version is in the names of their files, and in these.
older() {
	local dir=$work/older source
	rm -rf "$dir"
	mkdir -p "$dir"
	dpkg-deb -R "$1" "$dir/tree"
	sed -i 's/^Version: .*/Version: 0.0.1-1/' "$dir/tree/DEBIAN/control"
	source=$dir/tree/usr/src/verity-memtop-$upstream
	if [ -d "$source" ]; then
		grep -rlF "$upstream" "$source" "$dir/tree/DEBIAN" | xargs sed -i "s/${upstream//./\\.}/0.0.1/g"
		mv "$source" "${source%-*}-0.0.1"
	fi
	dpkg-deb -b "$dir/tree" "$dir/" >/dev/null
	rm -rf "$dir/tree"
	echo "older/$(basename "$dir"/*.deb)"
}

# files DEB: the names of the package's files, without the architecture's own
files() {
	dpkg-deb -c "$work/$1" | awk '{ print $1, $6 }' | sed 's/\.build-id.*//' | LC_ALL=C sort -u
}

for suite in ${SUITES:-bookworm trixie sid}; do
	ok "$suite: the packages are built" packaging/deb --suite "$suite" --tarball "$tarball" "$work/$suite"
	deb=$(cd "$work" && echo "$suite"/verity-memtop_*_amd64.deb)
	dkms=$(cd "$work" && echo "$suite"/verity-memtop-dkms_*_all.deb)
	version=$(dpkg-deb -f "$work/$deb" Version)
	upstream=${version%-*}
	root=$(packaging/root "$suite") || bail "no root of $suite"

	# --- for arm64 ---------------------------------------------------------------
	ok "$suite: the tool's package is built for arm64" packaging/deb --suite "$suite" --arch arm64 --tarball "$tarball" "$work/$suite"
	arm=$(cd "$work" && echo "$suite"/verity-memtop_*_arm64.deb)
	is "$(dpkg-deb -f "$work/$arm" Architecture Version)" "Architecture: arm64
Version: $version" "... of the same version"
	is "$(files "$arm")" "$(files "$deb")" "... with the same files"
	for field in Depends Recommends; do
		is "$(dpkg-deb -f "$work/$arm" $field | sed 's/ ([^)]*)//g')" "$(dpkg-deb -f "$work/$deb" $field | sed 's/ ([^)]*)//g')" "... and the same $field"
	done
	if [ "$suite" = bookworm ]; then
		rm -rf "$TAP_TMP/arm64"
		dpkg-deb -x "$work/$arm" "$TAP_TMP/arm64"
		ok "... in an arm64 VM, there is a report" env MEMTOP_ARCH=arm64 MEMTOP_LINE=6.12 bash -c 'kernel=$(kernel/fetch-kernel) &&
			exec tests/vm/run --kernel "$kernel" --mem 1024 --guest-root "$(kernel/fetch-arm64)" --visible "$0" \
			--env MEMTOP="$0/usr/sbin/verity-memtop" --env "PLAIN_IMAGES=$(tests/vm/make-images 1 256)" --env SOURCE=stock \
			-- bash tests/packaging/arm64.guest' "$TAP_TMP/arm64"
	fi

	# --- the tool ---------------------------------------------------------------
	machine=$TAP_TMP/$suite
	on true || bail "no machine"
	everything >"$TAP_TMP/before"
	is_num "$(wc -l <"$TAP_TMP/before")" '>' 1000 "$suite: there is a system"
	old=$(older "$work/$deb")
	ok "... an old version is installed" on apt-get -q -y install "/debs/$old"
	ok "... and upgraded" on apt-get -q -y install "/debs/$deb"
	is "$(on dpkg-query -W -f '${Version} ${db:Status-Status}' verity-memtop)" "$version installed" "... to this one"
	ok "... which runs" on verity-memtop --version
	is "${OUT%%$'\n'*}" "verity-memtop $upstream" "... and is of the version that it is called"
	is "$(on verity-memtop report --replay /recordings/repairs)" "$(.output/verity-memtop report --replay tests/recordings/repairs)" \
		"... reports of a recording as the build here does"
	ok "... passes its autopkgtest" on sh -c 'cd /source && packaging/debian/tests/replay'
	on verity-memtop doctor >"$TAP_TMP/doctor" 2>&1
	like "$(cat "$TAP_TMP/doctor")" "source stock" "... has a doctor"
	ok "... has a hook that can be run" on test -x /usr/share/doc/verity-memtop/monitoring/on-stall
	is "$(on_sh 'cat /usr/lib/systemd/system/verity-memtop-*.service' | sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' | sort -u)" \
		/usr/sbin/verity-memtop "... has units that start it"
	is "$(on_sh 'find /etc/systemd -name "*verity*"')" "" "... none of which is enabled"
	is "$(on dpkg --verify verity-memtop)" "" "... all of its files are as they were built"
	ok "$suite: the package is removed" on apt-get -q -y remove verity-memtop
	ok "... and purged, and what came with it" on_sh 'apt-get -q -y purge verity-memtop && apt-get -q -y --purge autoremove'
	everything >"$TAP_TMP/after"
	is "$(diff "$TAP_TMP/before" "$TAP_TMP/after")" "" "... nothing is left or has changed"
	is "$(on_sh 'find / -xdev -name "*verity-memtop*" -not -path "/debs/*" -not -path "/source*" -not -path "/var/cache/*" -not -path "/proc/*"')" "" "... nothing has the name"
	rm -rf "$machine"

	# --- the modules ------------------------------------------------------------
	next=
	case $suite in
	bookworm) next="linux-image-6.12-amd64 linux-headers-6.12-amd64" ;;
	trixie)
		# no list has the headers of 6.18 any more
		mkdir "$work/6.18"
		bash -c '. kernel/lib.sh
			mapfile -t packages < <(sed "/^#/d; /linux-source/d" kernel/dropped-packages)
			download_dropped "$0" "${packages[@]}"' "$work/6.18" >&2 || bail "no headers of 6.18"
		next=$(cd "$work/6.18" && printf '/debs/6.18/%s ' *.deb)
		next+=$(sed -n 's/.*linux-headers-\([^_]*-amd64\)_.*/linux-image-\1/p' kernel/dropped-packages) ;;
	esac
	machine=$TAP_TMP/$suite-dkms
	ok "$suite: a machine with a kernel" on apt-get -q -y install linux-image-amd64 linux-headers-amd64
	release=$(on_sh 'ls /lib/modules')
	# with the headers of a kernel for which there are no patches
	on_sh "mkdir /lib/modules/6.99.0-other && ln -s /lib/modules/$release/build /lib/modules/6.99.0-other/"
	old=$(older "$work/$dkms")
	ok "... an old version of the modules is installed" on apt-get -q -y install "/debs/$old"
	like "$OUT$ERR" 'no modules for kernel 6\.99\.0-other; it uses its own' "... which names the kernel that has none"
	is "$(on modinfo -k "$release" -F version dm-verity)" 0.0.1 "... and builds them for the other one"
	ok "... and upgraded" on apt-get -q -y install "/debs/$dkms"
	on_sh 'rm -r /lib/modules/6.99.0-other'
	# DKMS compresses modules like the kernel's own
	module() {
		on_sh "file=\$(modinfo -k $1 -n $2); case \$file in *.xz) xz -dc \$file ;; *) cat \$file ;; esac"
	}
	has_modules() {
		local mod
		for mod in dm-mod dm-bufio dm-verity; do
			like "$(on modinfo -k "$1" -n $mod)" "/updates/dkms/$mod\.ko" "$1: modprobe takes our $mod"
			is "$(on modinfo -k "$1" -F vermagic $mod | cut -d' ' -f1)" "$1" "... which is made for it"
			is "$(on modinfo -k "$1" -F version $mod)" "$upstream" "... has the package's version"
			like "$(on modinfo -k "$1" -F signer $mod)" "DKMS|Secure Boot" "... is signed by DKMS's key"
		done
		module "$1" dm-verity >"$TAP_TMP/dm-verity.ko"
		is "$(readelf -SW "$TAP_TMP/dm-verity.ko" | grep -c '\.BTF ')" 1 "... and has types"
		ok "... the initramfs is newer than the modules" \
			on_sh "test /boot/initrd.img-$1 -nt \$(modinfo -k $1 -n dm-verity)"
	}
	has_modules "$release"
	# reports RELEASE: the package's modules, in a VM that boots this kernel. The VM's root
	# is Debian 12's: a newer suite's tool needs a newer C library.
	reports() {
		local dir=$TAP_TMP/vm/$1 mod tool=.output/verity-memtop
		mkdir -p "$dir"
		for mod in dm-mod dm-bufio dm-verity; do
			module "$1" $mod >"$dir/$mod.ko"
		done
		echo "$1" >"$dir/release"
		if [ "$suite" = bookworm ]; then
			tool=$TAP_TMP/vm/tool/usr/sbin/verity-memtop
			[ -e "$tool" ] || dpkg-deb -x "$work/$deb" "$TAP_TMP/vm/tool"
		fi
		ok "... in a VM with it, there is a report with counts" tests/vm/run \
			--kernel "$(kernel/fetch-kernel --kernel-version "$1")" --modules "$dir" --visible "$TAP_TMP/vm" \
			--env MEMTOP="$tool" --env "PLAIN_IMAGES=$(tests/vm/make-images 1 256)" \
			--env "MODULES_VERSION=$upstream" -- bash tests/packaging/modules.guest
	}
	# the kernels that the VM scripts have, and whose modules have tracepoints
	[ "$suite" != bookworm ] || reports "$release"
	if [ -n "$next" ]; then
		# shellcheck disable=SC2086 # a word each
		ok "$suite: the kernel is upgraded" on apt-get -q -y install $next
		newer=$(on_sh 'ls /lib/modules' | grep -v "^$release$")
		has_modules "$newer"
		reports "$newer"
	fi
	ok "$suite: the modules' package is removed" on apt-get -q -y remove verity-memtop-dkms
	for each in $release ${newer-}; do
		like "$(on modinfo -k "$each" -n dm-verity)" "/kernel/drivers/md/dm-verity\.ko" "$each: modprobe takes the distribution's again"
	done
	ok "... and purged" on dpkg --purge verity-memtop-dkms
	is "$(on_sh 'find / -xdev -name "*verity-memtop*" -not -path "/debs/*" -not -path "/source*" -not -path "/var/cache/*" -not -path "/proc/*"')" "" "... nothing has the name"
	is "$(on_sh 'find /lib/modules/*/updates /usr/lib/modules/*/updates -name "dm-*" 2>/dev/null')" "" "... no module is left"
	rm -rf "$machine"
	unset newer
done

# lintian of sid has the checks of the others
root=$(packaging/root sid lintian) || bail "no root with lintian"
machine=$TAP_TMP/lintian
for suite in ${SUITES:-bookworm trixie sid}; do
	for changes in "$work/$suite"/*.changes; do
		ok "$suite: lintian accepts the packages" on lintian --no-cfg --allow-root --fail-on error,warning "/debs/$suite/${changes##*/}"
		is "$(grep -E '^[EW]:' <<<"$OUT$ERR")" "" "... without a word"
	done
done

done_testing
