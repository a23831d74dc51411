#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the build makes of the compiler and of its flags: commands of several words, the
# flags of distributions, the usual hardening, and reproducible output.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

unset MAKEFLAGS MFLAGS MAKELEVEL CFLAGS CPPFLAGS LDFLAGS
# a compiler cache returns results that were made in another place
export CCACHE_DISABLE=1
BUILD=${BUILD:-.output}

# tree DIRECTORY: copies all that a build reads
tree() {
	mkdir -p "$1" && cp -r Makefile bpf cli kernel man tests vmlinux-headers "$1"
}
# built DIRECTORY ARGUMENT...: runs make there; its output is kept for a failure
built() {
	make -C "$1" "${@:2}"
}
# one file of each kind: with and without the tool's objects, programs for the kernel,
# and a file that embeds these
SMALL="$BUILD/table-load-fail $BUILD/memtop-inject $BUILD/bpf/stock.lskel.h"

# ---- the same bytes ------------------------------------------------------------

plain="$TAP_TMP/plain"
odd="$TAP_TMP/an odd (place) & \$it's"
tree "$plain"
tree "$odd"
ln -s "$odd" "$TAP_TMP/link"
# shellcheck disable=SC2086 # a word each
ok "a build" built "$plain" $SMALL
# shellcheck disable=SC2086 # a word each
ok "... and one somewhere else, by way of a link" built "$TAP_TMP/link" $SMALL
for file in $SMALL; do
	ok "${file##*/} is the same" cmp "$plain/$file" "$odd/$file"
done
for file in "$PWD/$BUILD/plain/verity-memtop" "$odd/$BUILD/memtop-inject"; do
	# names of files below the directory begin with "./"
	ok "${file##*/}: has debug information" grep -qF "./" <(strings -a "$file")
	is "$(grep -F -e "$PWD/" -e "$TAP_TMP" <(strings -a "$file"))" "" "... without where it was built"
done

# a tool that accepts options only before its arguments
ok "a build with POSIXLY_CORRECT" env POSIXLY_CORRECT=1 make -C "$plain" -B "$BUILD/bpf/stock.lskel.h"

# ---- hardening -----------------------------------------------------------------

# hardened PROGRAM: with the usual flags
hardened() {
	local headers dynamic
	headers=$(readelf -hlW "$1")
	dynamic=$(readelf -dW "$1")
	like "$headers" 'Type: *DYN \(Position-Independent Executable' "${1##*/}: can be put anywhere"
	like "$headers" 'GNU_RELRO' "... has relocations that are read-only"
	like "$dynamic" '\(FLAGS\) *BIND_NOW|\(BIND_NOW\)' "... all of them, from the beginning"
	unlike "$headers" 'GNU_STACK [^R]*RWE' "... has a stack that is not executable"
	like "$(nm -D "$1")" '__stack_chk_fail' "... which is guarded"
}
for program in verity-memtop memtop-fixture unit/text; do
	hardened "$BUILD/plain/$program"
	like "$(nm -D "$BUILD/plain/$program")" '__[a-z]+_chk@' "... and checks what it copies"
done
hardened "$plain/$BUILD/memtop-inject"

# ---- given flags -----------------------------------------------------------------

# commands ARGUMENT...: prints the commands that a build of all targets would run
commands() {
	make -C "$TAP_TMP/unbuilt" -n V=1 "$@" all asan "$BUILD/memtop-attached" "$BUILD/read-samples" "$BUILD/run-nested" \
		"$BUILD/table-load-fail" "$BUILD/dm-cycle" "$BUILD/memtop-inject" "$BUILD/time-command" \
		"$BUILD/plain/unit/text" "$BUILD/asan/unit/text" "$BUILD/plain/memtop-fixture" 2>"$TAP_TMP/stderr"
}
# keeps NAME: each command in $TAP_TMP/commands that compiles or links C has the flags
keeps() {
	local plain_c='^cc .* -c .* -o [^ ]*/plain/' c='^cc .* -c ' link='^cc .* -o [^ ]*$|^cc .* -o [^ ]* .*-l'
	grep -E "$plain_c" "$TAP_TMP/commands" >"$TAP_TMP/plain-c"
	grep -E "$c" "$TAP_TMP/commands" >"$TAP_TMP/c"
	grep -E "$link" "$TAP_TMP/commands" | grep -v ' -c ' >"$TAP_TMP/links"
	is_num "$(wc -l <"$TAP_TMP/plain-c")" '>' 50 "$1: the compiled files exist"
	is "$(grep -vF -- '-Dgiven_c' "$TAP_TMP/plain-c")" "" "... with CFLAGS"
	is_num "$(wc -l <"$TAP_TMP/c")" '>' "$(wc -l <"$TAP_TMP/plain-c")" "... also for tests"
	is "$(grep -vF -- '-Dgiven_cpp' "$TAP_TMP/c")" "" "... with CPPFLAGS"
	is_num "$(wc -l <"$TAP_TMP/links")" '>=' 12 "... the linked libraries exist"
	is "$(grep -vF -- '-Wl,-z,given' "$TAP_TMP/links")" "" "... with LDFLAGS"
	is "$(grep -v ' -fsanitize' "$TAP_TMP/links" | grep -vF -- '-Dgiven_c')" "" "... and CFLAGS"
}
tree "$TAP_TMP/unbuilt"
given=("CFLAGS=-O2 -Dgiven_c" "CPPFLAGS=-Dgiven_cpp" "LDFLAGS=-Wl,-z,given")
commands CC=cc "${given[@]}" >"$TAP_TMP/commands"
keeps "on the command line"
env "${given[@]}" CC=cc bash -c "$(declare -f commands); TAP_TMP=\$0 BUILD=\$1; commands" "$TAP_TMP" "$BUILD" >"$TAP_TMP/commands"
keeps "in the environment"

# the given flags decide, and no other flag contradicts them
flags_of() {
	commands CC=cc "$@" | grep -E '^cc .* -o [^ ]*/plain/(cli/main.o|verity-memtop)( |$)'
}
unlike "$(flags_of 'CFLAGS=-O0 -g')" 'FORTIFY' "nothing is checked by a compiler that does not optimize"
is "$(flags_of 'CPPFLAGS=-D_FORTIFY_SOURCE=1' | grep -o '_FORTIFY_SOURCE=.')" "_FORTIFY_SOURCE=1" "another way to check is taken"
unlike "$(flags_of 'CFLAGS=-O2 -fno-pie' 'LDFLAGS=-no-pie')" ' -(fPIE|pie)( |$)' "a program may have a fixed place"
like "$(flags_of CFLAGS=-fno-stack-protector)" '-fstack-protector-strong .*-fno-stack-protector' "who wants none comes last"
like "$(flags_of LDFLAGS=-Wl,-z,lazy)" '-z,now .*-z,lazy' "... in the linker, too"

# flags that Debian passes to a package are used unchanged
if command -v dpkg-buildflags >/dev/null; then
	export_flags=$(DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --export=sh)
fi
ok "flags as those of distributions" bash -c "${export_flags-
	export CFLAGS='-g -O2 -fstack-protector-strong -Wformat -Werror=format-security'
	export CPPFLAGS='-Wdate-time -D_FORTIFY_SOURCE=2' LDFLAGS='-Wl,-z,relro -Wl,-z,now'}
	make -C \"\$0\" $BUILD/table-load-fail $BUILD/plain/cli/base/text.o $BUILD/asan/cli/base/text.o" "$TAP_TMP/unbuilt"

# ---- commands of several words ---------------------------------------------------

# tools there that log their arguments
mkdir "$TAP_TMP/bin dir"
for tool in cc clang bpftool pkg-config; do
	printf '#!/bin/sh\necho "%s $*" >>%q\n[ "$1" != --via ] || shift\nexec %s "$@"\n' \
		$tool "$TAP_TMP/called" $tool >"$TAP_TMP/bin dir/my-$tool"
done
chmod +x "$TAP_TMP/bin dir"/*
words=()
for pair in CC:cc CLANG:clang BPFTOOL:bpftool PKG_CONFIG:pkg-config; do
	words+=("${pair%:*}='$TAP_TMP/bin dir/my-${pair#*:}' --via")
done
tree "$TAP_TMP/words"
ok "tools that are several words" built "$TAP_TMP/words" "${words[@]}" "$BUILD/memtop-inject"
for tool in cc clang bpftool pkg-config; do
	ok "... $tool is called so" grep -q "^$tool --via ..." "$TAP_TMP/called"
	is "$(grep "^$tool " "$TAP_TMP/called" | grep -v -- ' --via')" "" "... each time"
done
for name in CC CLANG BPFTOOL PKG_CONFIG; do
	rm -rf "$TAP_TMP/words/$BUILD/deps"
	status_is 2 "a $name that does not run" built "$TAP_TMP/words" "$name=env no-such-tool -x" "$BUILD/deps"
	like "$ERR" "The build lacks:.* env no-such-tool -x.*Run kernel/install-deps as root" "... is named, with the remedy"
done
status_is 2 "a library that is not there" built "$TAP_TMP/words" LOADED=no-such-library "$BUILD/deps"
like "$ERR" "The build lacks: no-such-library\." "... is named, and nothing else"

done_testing
