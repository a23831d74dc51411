# SPDX-License-Identifier: GPL-2.0-only
# Types (BTF) for modules whose kernel headers bring no vmlinux to describe them by,
# as those of Debian's 6.1. Sourced by kernel/build-modules, and by the build of the
# DKMS package, which has nothing else of this tree.
# shellcheck shell=bash

# number_at FILE OFFSET BYTES: print the number there; x86 is little-endian.
number_at() {
	od -An -v -t "u$3" -j "$2" -N "$3" "$1" | tr -d ' '
}

# image_btf IMAGE DIR: the types of an x86 kernel, from its image, to DIR/btf. That
# has an ELF file packed in it, without symbols, but with all that gets loaded, as
# BTF does. Where it begins is in the image's header (boot.rst in the kernel's
# documentation), after the boot sector and some more.
image_btf() {
	local image=$1 start length
	start=$((($(number_at "$image" $((0x1f1)) 1) + 1) * 512 + $(number_at "$image" $((0x248)) 4)))
	# the last four bytes are the unpacked size
	length=$(($(number_at "$image" $((0x24c)) 4) - 4))
	dd if="$image" bs=1M iflag=skip_bytes,count_bytes skip="$start" count="$length" status=none | xz -dc >"$2/vmlinux" || {
		echo "in $image is no kernel that xz can unpack" >&2
		return 1
	}
	objcopy --dump-section .BTF="$2/btf" "$2/vmlinux" /dev/null || {
		echo "the kernel in $image has no BTF" >&2
		return 1
	}
	rm "$2/vmlinux"
}

# add_btf HEADERS BASE MODULE...: as scripts/Makefile.modfinal does where there is a
# vmlinux. BASE has the kernel's types.
add_btf() {
	local headers=$1 base=$2 mod
	local -a flags
	shift 2
	read -ra flags <<<"$(PAHOLE=pahole sh "$headers/scripts/pahole-flags.sh")"
	for mod; do
		LLVM_OBJCOPY=objcopy pahole -J "${flags[@]}" --btf_base "$base" "$mod"
		# numbers of types, which another tool of the kernel's would fill in
		! readelf -SW "$mod" | grep -qw '\.BTF_ids' || {
			echo "${mod##*/} has a .BTF_ids section: this needs resolve_btfids" >&2
			return 1
		}
	done
}
