#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The man page has every command, option, column and exit status that the tool
# has, and no other.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"

TOOL=$PWD/${BUILD:-.output}/plain/memtop-fixture
PAGE=$PWD/man/verity-memtop.8

# section NAME: the page's source from this heading to the next
section() {
	sed 's/\\-/-/g' "$PAGE" |
		awk -v wanted="$1" '/^\.S[HS] / {
				name = $0
				sub(/^\.S[HS] /, "", name)
				inside = name == wanted
				if (/^\.SH/) chapter = name == wanted
				next
			}
			inside || chapter'
}

# tags: the first word of each tagged paragraph
tags() {
	awk 'tagged { print $2 } { tagged = /^\.TP/ }'
}

# same NAME WANTED GOT: the same lines
same() {
	ok "$1" diff <(LC_ALL=C sort <<<"$2") <(LC_ALL=C sort <<<"$3")
}

same "columns for devices" \
	"$("$TOOL" report --list-columns | cut -d' ' -f1)" \
	"$(section 'Columns for devices' | tags)"
same "columns for pools" \
	"$("$TOOL" report --list-columns --pools | cut -d' ' -f1)" \
	"$(section 'Columns for pools' | tags)"

same "columns of top" \
	"$("$TOOL" top --list-columns | tail -n 6 | cut -d' ' -f1)" \
	"$(section 'Columns of top' | tags)"
same "top has those for devices as well" \
	"$("$TOOL" report --list-columns)" \
	"$("$TOOL" top --list-columns | head -n -6)"

same "commands" \
	"$("$TOOL" help | awk '/^Commands/ { on = 1; next } /^$/ { on = 0 }
		on { print $1 }')" \
	"$(section COMMANDS | tags)"

# options: "-b" or "--bytes", from lines that begin with one
same "options" \
	"$({ "$TOOL" help
		for command in $("$TOOL" help | awk '/^Commands/ { on = 1; next } /^$/ { on = 0 } on { print $1 }'); do
			"$TOOL" help "$command"
		done; } |
		grep -E '^ +-' | cut -c1-26 |
		grep -oE '(^|[ ,])--?[a-zA-Z][a-z.-]*' | tr -d ' ,' | sort -u)" \
	"$(section OPTIONS | awk 'tagged { print } { tagged = /^\.TP/ }' |
		grep -oE '(^|[ "P])--?[a-zA-Z][a-z.-]*' | tr -d ' "P' | sort -u)"

same "exit statuses" \
	"$("$TOOL" help | awk '/^Exit status/ { on = 1; next } /^$/ { on = 0 }
		on { print $1 }')" \
	"$(section 'EXIT STATUS' | tags)"

# roles, as the model knows them; patterns in the page stand for several
grep -oE '"(core|recheck|hash|fec|other)\.[a-z]+"' cli/model/roles.c |
	tr -d '"' | sort -u >"$TAP_TMP/roles"
is_num "$(wc -l <"$TAP_TMP/roles")" '>' 15 "roles are found in the source"
for role in $(cat "$TAP_TMP/roles"); do
	ok "role $role" grep -qw -- "$role" <(section ROLES)
done

ok "groff has nothing to warn of" groff -man -Tutf8 -ww -z "$PAGE"
is "$ERR" "" "not a word"
ok "the page fits 80 columns" bash -c '
	! groff -man -Tutf8 -P-c "$0" | sed "s/.\x08//g" | LC_ALL=C.UTF-8 grep -E "^.{81}"' "$PAGE"

# What is given as an example has to work.
export MEMTOP_FIXTURE=calm
cd "$TAP_TMP" || exit 1
while read -r line; do
	line=${line%% |*}
	line=${line/-n 60/-n 2 -d 0}
	line=${line/#verity-memtop watch/verity-memtop watch --for 0.1}
	ok "example: $line" bash -c "$TOOL ${line#verity-memtop }"
done < <(section EXAMPLES | grep '^verity-memtop' |
	sed "s/\\\\(aq/'/g; s/ system\$/ fec/; s:/tmp/::")

done_testing
