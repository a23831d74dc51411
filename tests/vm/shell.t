#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The shell in a VM: it is on a real terminal of the right size, the devices and this
# tree's tool are there, and the caller's terminal is given back.

set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib/tap.sh

screen=$TAP_TMP/screen
end=$(TERM=xterm tests/lib/in-pty --size 100x30 --until "vm:" --output "$screen" \
	--keys $'stty size; tty\nverity-memtop report | cat\n(echo asle""ep; sleep 1000)\n' \
	--then asleep $'\x03echo "interrupted: $?"\nexit 3\n' tests/vm/shell)
text=$(tr -d '\r' <"$screen" | sed 's/\x1b\[?2004[hl]//g') # bash's marks for pasting
is "${end% *}" "status 3" "the shell's exit status is passed on"
like "$text" "Kernel 6\.12.* with 10 verity devices" "the available devices are listed"
like "$text" $'\n'"30 100"$'\n'"/dev/hvc0" "a terminal, as large as the caller's"
like "$text" $'\n'"com.android.7 .*"$'\n'"(.*"$'\n'")*system-0 " "the tool reports the devices"
like "$text" "verity-memtop report" "keys are echoed"
like "$text" $'\n'"interrupted: 130" "Ctrl-C ends what runs in the guest, and not the VM"
unlike "$text" "no job control" "the shell has job control"

tests/vm/shell --stock 6.1 -- bash -c 'uname -r; verity-memtop report --source stock -H -o NAME; exit 5' \
	</dev/null >"$TAP_TMP/out" 2>"$TAP_TMP/err"
is $? 5 "a command without a terminal, on another kernel"
like "$(cat "$TAP_TMP/out")" "^6\.1\." "it is that kernel"
is "$(grep -c '^com[.]android[.]' "$TAP_TMP/out")" 8 "and the devices are there"
tests/vm/shell </dev/null >"$TAP_TMP/out" 2>"$TAP_TMP/err"
is $? 125 "a shell without a terminal is refused"
like "$(cat "$TAP_TMP/err")" "needs a terminal" "with a message that names the reason"
done_testing
