#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The man pages: each command has one, with the same options as its help. Columns, roles
# and exit statuses match the tool, and the examples work.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/examples.sh
. tests/lib/examples.sh

TOOL=$PWD/${BUILD:-.output}/plain/memtop-fixture

# section PAGE NAME: the page's source from this heading to the next
section() {
	sed 's/\\-/-/g' "man/$1" |
		awk -v wanted="$2" '/^\.S[HS] / {
				name = $0
				sub(/^\.S[HS] /, "", name)
				inside = name == wanted
				if (/^\.SH/) chapter = name == wanted
				next
			}
			inside || chapter'
}

# tags: the tag of each tagged paragraph, without fonts
tags() {
	awk 'tagged { print } { tagged = /^\.TP/ }' | sed 's/\\f[BRI]//g'
}

# options: "-b" and "--bytes" of lines that begin with one
options() {
	grep -oE '(^|[ ,])--?[a-zA-Z][a-z.-]*' | tr -d ' ,' | LC_ALL=C sort -u
}

# same NAME WANTED GOT: passes if the lines are the same
same() {
	ok "$1" diff <(LC_ALL=C sort <<<"$2") <(LC_ALL=C sort <<<"$3")
}

# commands: in the order of "help"
commands() {
	"$TOOL" help | awk '/^Commands/ { on = 1; next } /^$/ { on = 0 } on { print $1 }'
}

# ---- commands and options ----------------------------------------------------

MAIN=verity-memtop.8
same "commands" "$(commands)" "$(section $MAIN COMMANDS | tags | cut -d' ' -f1)"
is "$(commands | wc -l)" 12 "that is each of them"
for command in $(commands); do
	page=verity-memtop-$command.8
	case $command in
	help | version) page=$MAIN ;;
	*) ok "$command has a page" test -f "man/$page" ;;
	esac
	same "$page has the options of 'help $command'" \
		"$("$TOOL" help "$command" | grep -E '^ +-' | cut -c1-26 | options)" \
		"$(section "$page" OPTIONS | tags | options)"
	ok "$page: the page of the tool refers to it" grep -q "fB${page%.8}.fR" <(sed 's/\\-/-/g' man/$MAIN)
done
is "$(cd man && echo ./*.8 | wc -w)" 11 "there is no other page"

# Options may stand only in these sections, because others would not be compared.
for page in man/*.8; do
	is "$(awk '/^\.SH/ { options = /OPTIONS/ } tagged && !options && /^\\fB\\-\\-/ { print } { tagged = /^\.TP/ }' "$page")" "" \
		"${page##*/}: options are described in OPTIONS"
done

same "exit statuses" \
	"$("$TOOL" help | awk '/^Exit status/ { on = 1; next } /^$/ { on = 0 } on { print $1 }')" \
	"$(section $MAIN 'EXIT STATUS' | tags)"
for page in man/*.8; do
	ok "${page##*/}: has exit statuses and examples" test "$(grep -cE '^\.SH (EXIT STATUS|EXAMPLES)$' "$page")" = 2
done

# ---- defaults, letters ---------------------------------------------------------

# defaults PAGE: the options of a page that have a default in any case
defaults() {
	section "$1" OPTIONS | sed 's/\\f[BRI]//g' | awk '
		/^\.TP/ { tag = 1; next }
		tag { option = $0; sub(/^.*--/, "", option); sub(/ .*/, "", option); tag = 0 }
		{ text = text " " $0 }
		/\(default: [^i]/ { print option }' | LC_ALL=C sort -u
}
# without_default COMMAND: the lines of its help that lack the default of an option; a
# line that is indented further than options continues the line before
without_default() {
	local option
	for option in $(defaults "verity-memtop-$1.8"); do
		"$TOOL" help "$1" | sed -E ':again; $!N; s/\n {16,}/ /; t again; P; D' | grep -E "^ +(-., )?--$option( |$)" | grep -v default
	done
}
letters=
for command in $(commands); do
	help=$("$TOOL" help "$command")
	like "$help" $'\nExit status:\n  0 ' "help $command has exit statuses"
	like "$help" $'\nExamples:\n  verity-memtop' "... and examples"
	letters+=$(grep -oE '^ +-[a-zA-Z], --[a-z.-]+' <<<"$help" | tr -d ' ')$'\n'
	case $command in help | version) continue ;; esac
	is "$(without_default "$command")" "" "... and the defaults that its page has"
done
is_num "$(defaults verity-memtop-bench.8 | wc -l)" '>' 10 "(defaults are found)"
is "$(sort -u <<<"$letters" | cut -d, -f1 | uniq -d | xargs)" "" "a letter means one option in all commands"
is_num "$(sort -u <<<"$letters" | wc -l)" '>' 12 "(letters are found)"

# ---- columns -----------------------------------------------------------------

COLUMNS_PAGE=verity-memtop-columns.7
same "columns for devices" "$("$TOOL" report --list-columns | cut -d' ' -f1)" \
	"$(section $COLUMNS_PAGE 'COLUMNS FOR DEVICES' | tags)"
same "columns for pools" "$("$TOOL" report --list-columns --pools | cut -d' ' -f1)" \
	"$(section $COLUMNS_PAGE 'COLUMNS FOR POOLS' | tags)"
same "columns of top" "$("$TOOL" top --list-columns | tail -n 6 | cut -d' ' -f1)" \
	"$(section $COLUMNS_PAGE 'COLUMNS OF TOP' | tags)"
same "top has those for devices as well" "$("$TOOL" report --list-columns)" \
	"$("$TOOL" top --list-columns | head -n -6)"

# A star marks a column that an idle report leaves out, "Not by default" the other ones.
marked() {
	section $COLUMNS_PAGE "$1" | awk -v mark="$2" '
		/^\.TP/ { getline; name = $0; gsub(/\\f[BR]/, "", name); next }
		(mark == "*" && /^\* /) || (mark == "not" && /^Not by default/) { print name }'
}
shown=$(MEMTOP_FIXTURE=one "$TOOL" report | head -n 1 | tr -s ' ' '\n')
same "columns for devices without a mark are those of a report" \
	"$(grep -vxF '' <<<"$shown")" \
	"$(section $COLUMNS_PAGE 'COLUMNS FOR DEVICES' | tags | grep -vxF -f <(marked 'COLUMNS FOR DEVICES' '*'; marked 'COLUMNS FOR DEVICES' not))"

# roles match the catalogue; "hash.*" in the page stands for several
tests/roles | cut -f1 >"$TAP_TMP/roles"
is_num "$(wc -l <"$TAP_TMP/roles")" '>' 30 "roles are found in the catalogue"
section $COLUMNS_PAGE ROLES | tags | tr -d ' ' | tr , '\n' | sed 's/\./\\./g; s/\*/.*/' >"$TAP_TMP/patterns"
is "$(grep -vxf "$TAP_TMP/patterns" "$TAP_TMP/roles")" "" "each role of the catalogue is described"
while read -r pattern; do
	ok "$pattern is a role, or several" grep -qx -- "$pattern" "$TAP_TMP/roles"
done <"$TAP_TMP/patterns"
sed -nE 's/^\t(\{ |UUID\(|IN\(|NAMED\()"([a-z ]+)", .*/\2/p' cli/model/owner.c | sort -u >"$TAP_TMP/owners"
is_num "$(wc -l <"$TAP_TMP/owners")" '>' 10 "owners are found in the table of rules"
is "$(section verity-memtop-report.8 OWNERS | tags | tr , '\n' | sed 's/^ *//; s/ [A-Z]*$//' | sort)" "$(<"$TAP_TMP/owners")" \
	"the man page has each owner"
ok "the page of roles is that of the catalogue: tests/roles --page" diff docs/roles.md <(tests/roles --page)

# types PATTERN: target types of the catalogue whose reserves are found so
types() {
	sed -nE "s/^\tX\(\"([a-z-]+)\", ($1),.*/\1/p" cli/sample/reserve_table.h | sort | paste -sd' '
}
# listed BEFORE AFTER: the types that verity-memtop-report.8 lists between these words
listed() {
	tr '\n' ' ' <man/verity-memtop-report.8 | sed -nE "s/.*$1 ([^.]*)$2.*/\1/p" |
		sed 's/,/ /g; s/ and / /g' | xargs -n1 | sort | paste -sd' '
}
isnt "$(types '[A-Z]+')" "" "(there is a catalogue of target types)"
is "$(listed 'those of targets of type' '\. Targets of type')" "$(types 'WALKED|BOTH')" \
	"the man page lists the types whose reserves are read"
is "$(listed '\. Targets of type' ' have none')" "$(types NONE)" "... and those that have none"
for type in $(types '[A-Z]+'); do
	grep -qE "(^|[ |(])$type([ ,.)|]|$)" docs/targets.md || fail "docs/targets.md has nothing of $type"
done

same "figures of check" \
	"$(MEMTOP_FIXTURE=calm "$TOOL" check | head -n 1 | sed 's/.*| //' | tr ' ' '\n' | sed 's/=.*//')" \
	"$(section verity-memtop-check.8 FIGURES | tags | tr -d ' ' | tr , '\n')"

# ---- form --------------------------------------------------------------------

for page in man/*; do
	name=${page##*/}
	is "$(groff -man -Tutf8 -ww -z "$page" 2>&1)" "" "$name: groff has no warning"
	is "$(mandoc -T lint "$page" 2>&1)" "" "$name: mandoc has no complaint"
	is "$(groff -man -Tutf8 -P-c "$page" | sed 's/.\x08//g' | LC_ALL=C.UTF-8 grep -E '^.{81}')" "" \
		"$name: fits 80 columns"
	while read -r other; do
		ok "$name: it refers to $other" test -f "man/$other"
	done < <(sed 's/\\-/-/g; s/\\f[BRI]//g' "$page" | grep -oE 'verity-memtop(-[a-z]+)?\([78]\)' | sort -u | sed 's/(\(.\))/.\1/')
	while read -r document; do
		ok "$name: there is $document" test -e "docs/$document" -o -e "$document"
	done < <(sed 's/\\-/-/g; s/\\f[BRI]//g' "$page" | grep -oE '[A-Za-z-]+(\.schema\.json|\.md)' | sort -u)
done

# ---- examples ----------------------------------------------------------------

# the examples of a page, one a line
page_examples() {
	awk '/^\.EX/ { on = 1; next } /^\.EE/ { on = 0 } on' "$1" |
		sed 's/\\-/-/g; s/\\(aq/'\''/g; s/\\(ti/~/g; s/\\(ha/^/g; s/\\e/\\/g' |
		awk '{ line = line $0 } /[\\|]$/ { sub(/\\$/, "", line); next } { print line; line = "" }'
}
for page in man/*; do
	count=0
	while read -r line; do
		example "$line" "${page##*/}"
		count=$((count + 1))
	done < <(page_examples "$page")
	is_num $count '>=' 2 "${page##*/}: has examples"
done

# ---- faults are found --------------------------------------------------------

mkdir "$TAP_TMP/man"
sed 's/^\\fB\\-B\\fR, \\fB\\-\\-bytes\\fR$/\\fB\\-B\\fR, \\fB\\-\\-bits\\fR/' man/verity-memtop-report.8 >"$TAP_TMP/man/page.8"
not_ok "(an option of another name is seen)" diff \
	<("$TOOL" help report | grep -E '^ +-' | cut -c1-26 | options) \
	<(section "../$(realpath --relative-to=. "$TAP_TMP/man/page.8")" OPTIONS | tags | options)

done_testing
