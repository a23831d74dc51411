# SPDX-License-Identifier: GPL-2.0-only
# Written by completions/generate; do not edit.
# shellcheck shell=bash disable=SC2207

_verity_memtop_devices() {
	local name
	COMPREPLY=()
	while IFS= read -r name; do
		[[ $name == "$cur"* ]] && COMPREPLY+=("$(printf %q "$name")")
	done < <(cat /sys/block/dm-*/dm/name 2>/dev/null)
}

# a list: what is before the last comma stays
_verity_memtop_columns() {
	local before=${cur%"${cur##*[,+]}"} columns
	columns=$(verity-memtop "$command" --list-columns 2>/dev/null | cut -d' ' -f1)
	COMPREPLY=($(compgen -P "$before" -W "$columns ${columns,,}" -- "${cur##*[,+]}"))
	compopt -o nospace
}

_verity_memtop() {
	local cur=${COMP_WORDS[COMP_CWORD]} previous='' command='' word i
	COMPREPLY=()
	# readline takes the equals sign for a word of its own
	[[ $cur == = ]] && cur=''
	((COMP_CWORD > 0)) && previous=${COMP_WORDS[COMP_CWORD - 1]}
	[[ $previous == = ]] && ((COMP_CWORD > 1)) && previous=${COMP_WORDS[COMP_CWORD - 2]}
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		report | top | record | watch | check | advise | diff | bench | doctor | export | help | version) command=$word && break ;;
		esac
	done

	case $previous in
	-o | --columns)
		_verity_memtop_columns
		return
		;;
	-s | --sort)
		_verity_memtop_columns
		return
		;;
	--color)
		COMPREPLY=($(compgen -W "auto always never" -- "$cur"))
		return
		;;
	--name)
		_verity_memtop_devices
		return
		;;
	--target)
		COMPREPLY=($(compgen -W "crypt delay error flakey integrity linear mirror multipath raid snapshot snapshot-origin striped thin thin-pool verity writecache zero" -- "$cur"))
		return
		;;
	--where)
		COMPREPLY=()
		return
		;;
	--subtotal)
		_verity_memtop_devices
		return
		;;
	--group-by)
		COMPREPLY=($(compgen -W "none owner" -- "$cur"))
		return
		;;
	--graph)
		COMPREPLY=($(compgen -W "none dot mermaid" -- "$cur"))
		return
		;;
	--replay)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	--sample)
		COMPREPLY=()
		return
		;;
	--at)
		COMPREPLY=()
		return
		;;
	-t | --ago)
		COMPREPLY=()
		return
		;;
	--source)
		COMPREPLY=($(compgen -W "best tracepoints stock" -- "$cur"))
		return
		;;
	--filter)
		COMPREPLY=()
		return
		;;
	-n | --count)
		COMPREPLY=()
		return
		;;
	-d | --delay)
		COMPREPLY=()
		return
		;;
	--format)
		COMPREPLY=($(compgen -W "compact json text perfetto" -- "$cur"))
		return
		;;
	--ring)
		COMPREPLY=()
		return
		;;
	--keep)
		COMPREPLY=()
		return
		;;
	--threshold)
		COMPREPLY=()
		return
		;;
	-i | --interval)
		COMPREPLY=()
		return
		;;
	--for)
		COMPREPLY=()
		return
		;;
	--min-verdict)
		COMPREPLY=($(compgen -W "wait stall possible_deadlock deadlock" -- "$cur"))
		return
		;;
	--exec)
		COMPREPLY=($(compgen -c -- "$cur"))
		return
		;;
	-w | --warning)
		COMPREPLY=()
		return
		;;
	-c | --critical)
		COMPREPLY=()
		return
		;;
	--rules)
		COMPREPLY=()
		return
		;;
	--timeout)
		COMPREPLY=()
		return
		;;
	--min-devices)
		COMPREPLY=()
		return
		;;
	--web.listen-address)
		COMPREPLY=()
		return
		;;
	--web.telemetry-path)
		COMPREPLY=()
		return
		;;
	--detail)
		COMPREPLY=($(compgen -W "device role pool" -- "$cur"))
		return
		;;
	--textfile)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	--ios)
		COMPREPLY=()
		return
		;;
	--system)
		COMPREPLY=($(compgen -W "other debian fedora ostree flatcar bottlerocket android" -- "$cur"))
		return
		;;
	--devices)
		COMPREPLY=()
		return
		;;
	--depth)
		COMPREPLY=()
		return
		;;
	--block-size)
		COMPREPLY=()
		return
		;;
	--size)
		COMPREPLY=()
		return
		;;
	--directory)
		COMPREPLY=($(compgen -d -- "$cur"))
		return
		;;
	--on)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	--on)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	--load)
		COMPREPLY=($(compgen -W "random sequential write" -- "$cur"))
		return
		;;
	--blocks)
		COMPREPLY=($(compgen -W "clean recheck repair" -- "$cur"))
		return
		;;
	--jobs)
		COMPREPLY=()
		return
		;;
	--runtime)
		COMPREPLY=()
		return
		;;
	--repeats)
		COMPREPLY=()
		return
		;;
	--pressure)
		COMPREPLY=($(compgen -W "none shortage" -- "$cur"))
		return
		;;
	--pressure-command)
		COMPREPLY=($(compgen -c -- "$cur"))
		return
		;;
	--plot)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	esac

	case $command in
	report)
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W "--pools --tree --columns --list-columns --sort --bytes --noheadings --no-totals --wide --color --json --csv --lkml --html --name --target --where --subtotal --group-by --graph --replay --sample --at --ago --list-samples --source --verify --on --debug --help --version" -- "$cur"))
		else
			_verity_memtop_devices
		fi
		;;
	top)
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W "--batch --tree --columns --list-columns --sort --wide --color --name --target --where --replay --sample --at --ago --source --filter --ascii --count --delay --on --debug --help --version" -- "$cur"))
		else
			_verity_memtop_devices
		fi
		;;
	record)
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W "--replay --source --count --delay --watch --no-wall-clock --no-host --format --ring --keep --debug --help --version" -- "$cur"))
		else
			COMPREPLY=($(compgen -f -- "$cur"))
		fi
		;;
	watch)
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W "--wide --json --replay --sample --at --source --count --no-wall-clock --no-host --format --threshold --interval --for --min-verdict --exec --syslog --journal --drop-rights --debug --help --version" -- "$cur"))
		fi
		;;
	check)
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W "--wide --color --where --replay --sample --at --source --threshold --warning --critical --rules --timeout --min-devices --debug --help --version" -- "$cur"))
		fi
		;;
	advise)
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W "--wide --color --json --where --replay --sample --at --source --count --delay --ios --system --script --debug --help --version" -- "$cur"))
		fi
		;;
	diff)
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W "--sort --bytes --noheadings --wide --color --json --name --target --source --debug --help --version" -- "$cur"))
		else
			COMPREPLY=($(compgen -f -- "$cur"))
		fi
		;;
	bench)
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W "--wide --json --csv --lkml --html --source --ios --devices --depth --snapshot --fec --block-size --size --directory --on --overwrite --load --blocks --jobs --runtime --repeats --pressure --pressure-command --force --plot --debug --help --version" -- "$cur"))
		fi
		;;
	doctor)
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W "--wide --color --json --debug --help --version" -- "$cur"))
		fi
		;;
	export)
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W "--name --target --where --replay --sample --at --source --threshold --web.listen-address --web.telemetry-path --detail --textfile --debug --help --version" -- "$cur"))
		fi
		;;
	help)
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W "--debug --help --version" -- "$cur"))
		else
			COMPREPLY=($(compgen -W "report top record watch check advise diff bench doctor export help version" -- "$cur"))
		fi
		;;
	version)
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W "--debug --help --version" -- "$cur"))
		fi
		;;
	*)
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W "--pools --tree --columns --list-columns --sort --bytes --noheadings --no-totals --wide --color --json --csv --lkml --html --name --target --where --subtotal --group-by --graph --replay --sample --at --ago --list-samples --source --verify --on --debug --help --version" -- "$cur"))
		else
			COMPREPLY=($(compgen -W "report top record watch check advise diff bench doctor export help version" -- "$cur"))
		fi
		;;
	esac
}
complete -F _verity_memtop verity-memtop
