#compdef verity-memtop
# SPDX-License-Identifier: GPL-2.0-only
# Written by completions/generate; do not edit.

_verity_memtop_devices() {
	local -a names
	names=(${(f)"$(cat /sys/block/dm-*/dm/name 2>/dev/null)"})
	compadd -a names
}

_verity_memtop_columns() {
	local -a columns
	columns=(${${(f)"$(verity-memtop ${command:-report} --list-columns 2>/dev/null)"}%% *})
	_sequence compadd -a - columns
}

_verity_memtop_commands() {
	local -a commands
	commands=(
		'report:print the reserves of each device'
		'top:live view, with rates and stalled tasks'
		'record:write samples to a file, for --replay'
		'watch:report stalls and deadlocks as they are detected'
		'check:check once, as a monitoring plugin'
		'advise:recommend a size for the reserves, with reasons'
		'diff:compare the reserves of two samples'
		'bench:compare sizes of reserves, on devices that it makes'
		'doctor:report what this kernel and the privileges allow'
		'export:serve metrics to Prometheus, or write them to a file'
		'help:print a summary of the tool or of a command'
		'version:print the version'
	)
	_describe command commands
}

_verity_memtop() {
	local command='' word
	local -a options
	for word in ${words[2,CURRENT-1]}; do
		case $word in
		(report|top|record|watch|check|advise|diff|bench|doctor|export|help|version) command=$word; break ;;
		esac
	done
	case $command in
	(report|'')
		options=(
			'--pools[print one row for each pool]'
			'--tree[show the devices below each device]'
			'(-o --columns)'{-o+,--columns=}'[columns to show\: A,B or all; +A,-B changes the default]:LIST:_verity_memtop_columns'
			'--list-columns[list the columns and exit]'
			'(-s --sort)'{-s+,--sort=}'[A, then B; +A up, -A down (default\: DEV; diff\: NAME)]:LIST:_verity_memtop_columns'
			'(-B --bytes)'{-B,--bytes}'[print sizes in bytes and times in ns, without units]'
			'(-H --noheadings)'{-H,--noheadings}'[do not print the headings]'
			'--no-totals[do not print the totals]'
			'(-W --wide)'{-W,--wide}'[do not fit the output to the terminal]'
			'--color=[auto, always or never (default\: auto)]:WHEN:(auto always never)'
			'(-J --json)'{-J,--json}'[print JSON]'
			'--csv[print comma-separated values, without totals]'
			'--lkml[print text of 72 columns, for a mail to a list]'
			'--html[print a page with table, bars and the recording]'
			'*--name=[only devices whose name matches; repeatable]:GLOB:_verity_memtop_devices'
			'*--target=[only tables with a target of this type; repeatable]:TYPE:(crypt delay error flakey integrity linear mirror multipath raid snapshot snapshot-origin striped thin thin-pool verity writecache zero)'
			'*--where=[only rows with '\''COLUMN OP VALUE'\''; repeatable]:CONDITION: '
			'*--subtotal=[add a sum of the devices whose name matches]:GLOB:_verity_memtop_devices'
			'--group-by=[one row for each owner\: none or owner (default\: none)]:KEY:(none owner)'
			'--graph=[draw the devices\: none, dot or mermaid (default\: none)]:LANGUAGE:(none dot mermaid)'
			'--replay=[read a recording; '\''-'\'' is stdin]:FILE:_files'
			'--sample=[sample of the recording (default\: last; top\: first)]:NUMBER: '
			'--at=[the same, at or before \[YYYY-MM-DD \]HH\:MM\[\:SS\]]:TIME: '
			'(-t --ago)'{-t+,--ago=}'[the same, this long before the last\: 90, 10m, 1d]:TIME: '
			'--list-samples[list the samples of the recording and exit]'
			'--source=[best, tracepoints or stock (default\: best)]:NAME:(best tracepoints stock)'
			'--verify[compare both sources]'
			'*--on=[only devices that carry FILE'\''s file system; repeatable]:FILE:_files'
			'*--debug[log steps to stderr; twice\: also those of libraries]'
			'(-h --help)'{-h,--help}'[print this summary and exit]'
			'(-V --version)'{-V,--version}'[print the version and exit]'
			'*:device:_verity_memtop_devices'
		)
		;;
	(top)
		options=(
			'(-b --batch)'{-b,--batch}'[print the samples, and read no keys]'
			'--tree[show the devices below each device]'
			'(-o --columns)'{-o+,--columns=}'[columns to show\: A,B or all; +A,-B changes the default]:LIST:_verity_memtop_columns'
			'--list-columns[list the columns and exit]'
			'(-s --sort)'{-s+,--sort=}'[A, then B; +A up, -A down (default\: DEV; diff\: NAME)]:LIST:_verity_memtop_columns'
			'(-W --wide)'{-W,--wide}'[do not fit the output to the terminal]'
			'--color=[auto, always or never (default\: auto)]:WHEN:(auto always never)'
			'*--name=[only devices whose name matches; repeatable]:GLOB:_verity_memtop_devices'
			'*--target=[only tables with a target of this type; repeatable]:TYPE:(crypt delay error flakey integrity linear mirror multipath raid snapshot snapshot-origin striped thin thin-pool verity writecache zero)'
			'*--where=[only rows with '\''COLUMN OP VALUE'\''; repeatable]:CONDITION: '
			'--replay=[read a recording; '\''-'\'' is stdin]:FILE:_files'
			'--sample=[sample of the recording (default\: last; top\: first)]:NUMBER: '
			'--at=[the same, at or before \[YYYY-MM-DD \]HH\:MM\[\:SS\]]:TIME: '
			'(-t --ago)'{-t+,--ago=}'[the same, this long before the last\: 90, 10m, 1d]:TIME: '
			'--source=[best, tracepoints or stock (default\: best)]:NAME:(best tracepoints stock)'
			'--filter=[only names that contain TEXT or match a pattern]:TEXT: '
			'--ascii[draw with ASCII characters only]'
			'(-n --count)'{-n+,--count=}'[samples or events (default\: 1; top, watch\: no end)]:NUMBER: '
			'(-d --delay)'{-d+,--delay=}'[time between samples (default\: 1)]:SECONDS: '
			'*--on=[only devices that carry FILE'\''s file system; repeatable]:FILE:_files'
			'*--debug[log steps to stderr; twice\: also those of libraries]'
			'(-h --help)'{-h,--help}'[print this summary and exit]'
			'(-V --version)'{-V,--version}'[print the version and exit]'
			'*:device:_verity_memtop_devices'
		)
		;;
	(record)
		options=(
			'--replay=[read a recording; '\''-'\'' is stdin]:FILE:_files'
			'--source=[best, tracepoints or stock (default\: best)]:NAME:(best tracepoints stock)'
			'(-n --count)'{-n+,--count=}'[samples or events (default\: 1; top, watch\: no end)]:NUMBER: '
			'(-d --delay)'{-d+,--delay=}'[time between samples (default\: 1)]:SECONDS: '
			'--watch[also record what watch and check need]'
			'--no-wall-clock[leave out the time of day]'
			'--no-host[leave out the host name and the boot ID]'
			'--format=[format of the output (default\: compact; watch\: text)]:NAME:(compact json text perfetto)'
			'--ring=[FILE is a directory of at most SIZE (64M, 2G)]:SIZE: '
			'--keep=[FILE is a directory of the last TIME (12h, 7d)]:TIME: '
			'*--debug[log steps to stderr; twice\: also those of libraries]'
			'(-h --help)'{-h,--help}'[print this summary and exit]'
			'(-V --version)'{-V,--version}'[print the version and exit]'
			'*:file:_files'
		)
		;;
	(watch)
		options=(
			'(-W --wide)'{-W,--wide}'[do not fit the output to the terminal]'
			'(-J --json)'{-J,--json}'[print JSON]'
			'--replay=[read a recording; '\''-'\'' is stdin]:FILE:_files'
			'--sample=[sample of the recording (default\: last; top\: first)]:NUMBER: '
			'--at=[the same, at or before \[YYYY-MM-DD \]HH\:MM\[\:SS\]]:TIME: '
			'--source=[best, tracepoints or stock (default\: best)]:NAME:(best tracepoints stock)'
			'(-n --count)'{-n+,--count=}'[samples or events (default\: 1; top, watch\: no end)]:NUMBER: '
			'--no-wall-clock[leave out the time of day]'
			'--no-host[leave out the host name and the boot ID]'
			'--format=[format of the output (default\: compact; watch\: text)]:NAME:(compact json text perfetto)'
			'--threshold=[ignore shorter waits (default\: 1; check, export\: 10)]:SECONDS: '
			'(-i --interval)'{-i+,--interval=}'[time between samples (default\: 0.1)]:SECONDS: '
			'--for=[end after this time (default\: no end)]:SECONDS: '
			'--min-verdict=[least severe kind to report (default\: wait)]:KIND:(wait stall possible_deadlock deadlock)'
			'--exec=[run it on a stall or worse, and when it clears]:COMMAND:_command_names -e'
			'--syslog[also write events to the system log]'
			'--journal[also write events to the systemd journal]'
			'--drop-rights[drop privileges once started (not for --exec)]'
			'*--debug[log steps to stderr; twice\: also those of libraries]'
			'(-h --help)'{-h,--help}'[print this summary and exit]'
			'(-V --version)'{-V,--version}'[print the version and exit]'
		)
		;;
	(check)
		options=(
			'(-W --wide)'{-W,--wide}'[do not fit the output to the terminal]'
			'--color=[auto, always or never (default\: auto)]:WHEN:(auto always never)'
			'*--where=[only rows with '\''COLUMN OP VALUE'\''; repeatable]:CONDITION: '
			'--replay=[read a recording; '\''-'\'' is stdin]:FILE:_files'
			'--sample=[sample of the recording (default\: last; top\: first)]:NUMBER: '
			'--at=[the same, at or before \[YYYY-MM-DD \]HH\:MM\[\:SS\]]:TIME: '
			'--source=[best, tracepoints or stock (default\: best)]:NAME:(best tracepoints stock)'
			'--threshold=[ignore shorter waits (default\: 1; check, export\: 10)]:SECONDS: '
			'*'{-w+,--warning=}'[limit of wait_age, or FIGURE=RANGE (default\: 10)]:RANGE: '
			'*'{-c+,--critical=}'[the same for the status CRITICAL]:RANGE: '
			'--rules=[static rules that warn (default\: shared,parameter)]:LIST: '
			'--timeout=[end as UNKNOWN (default\: the threshold + 15)]:SECONDS: '
			'--min-devices=[fewer devices are UNKNOWN (default\: 1)]:COUNT: '
			'*--debug[log steps to stderr; twice\: also those of libraries]'
			'(-h --help)'{-h,--help}'[print this summary and exit]'
			'(-V --version)'{-V,--version}'[print the version and exit]'
		)
		;;
	(advise)
		options=(
			'(-W --wide)'{-W,--wide}'[do not fit the output to the terminal]'
			'--color=[auto, always or never (default\: auto)]:WHEN:(auto always never)'
			'(-J --json)'{-J,--json}'[print JSON]'
			'*--where=[only rows with '\''COLUMN OP VALUE'\''; repeatable]:CONDITION: '
			'--replay=[read a recording; '\''-'\'' is stdin]:FILE:_files'
			'--sample=[sample of the recording (default\: last; top\: first)]:NUMBER: '
			'--at=[the same, at or before \[YYYY-MM-DD \]HH\:MM\[\:SS\]]:TIME: '
			'--source=[best, tracepoints or stock (default\: best)]:NAME:(best tracepoints stock)'
			'(-n --count)'{-n+,--count=}'[samples or events (default\: 1; top, watch\: no end)]:NUMBER: '
			'(-d --delay)'{-d+,--delay=}'[time between samples (default\: 1)]:SECONDS: '
			'--ios=[values, 1 to 1024 (default of bench\: 1,2,4,8,16 ...)]:LIST: '
			'--system=[how to set it there (default\: on this system)]:NAME:(other debian fedora ostree flatcar bottlerocket android)'
			'--script[print a shell script that sets it, and undoes it]'
			'*--debug[log steps to stderr; twice\: also those of libraries]'
			'(-h --help)'{-h,--help}'[print this summary and exit]'
			'(-V --version)'{-V,--version}'[print the version and exit]'
		)
		;;
	(diff)
		options=(
			'(-s --sort)'{-s+,--sort=}'[A, then B; +A up, -A down (default\: DEV; diff\: NAME)]:LIST:_verity_memtop_columns'
			'(-B --bytes)'{-B,--bytes}'[print sizes in bytes and times in ns, without units]'
			'(-H --noheadings)'{-H,--noheadings}'[do not print the headings]'
			'(-W --wide)'{-W,--wide}'[do not fit the output to the terminal]'
			'--color=[auto, always or never (default\: auto)]:WHEN:(auto always never)'
			'(-J --json)'{-J,--json}'[print JSON]'
			'*--name=[only devices whose name matches; repeatable]:GLOB:_verity_memtop_devices'
			'*--target=[only tables with a target of this type; repeatable]:TYPE:(crypt delay error flakey integrity linear mirror multipath raid snapshot snapshot-origin striped thin thin-pool verity writecache zero)'
			'--source=[best, tracepoints or stock (default\: best)]:NAME:(best tracepoints stock)'
			'*--debug[log steps to stderr; twice\: also those of libraries]'
			'(-h --help)'{-h,--help}'[print this summary and exit]'
			'(-V --version)'{-V,--version}'[print the version and exit]'
			'*:a b:_files'
		)
		;;
	(bench)
		options=(
			'(-W --wide)'{-W,--wide}'[do not fit the output to the terminal]'
			'(-J --json)'{-J,--json}'[print JSON]'
			'--csv[print comma-separated values, without totals]'
			'--lkml[print text of 72 columns, for a mail to a list]'
			'--html[print a page with table, bars and the recording]'
			'--source=[best, tracepoints or stock (default\: best)]:NAME:(best tracepoints stock)'
			'--ios=[values, 1 to 1024 (default of bench\: 1,2,4,8,16 ...)]:LIST: '
			'--devices=[number of stacks of devices (default\: 4)]:NUMBER: '
			'--depth=[verity devices in each stack (default\: 1)]:NUMBER: '
			'--snapshot[put a snapshot on top of each stack]'
			'--fec[use forward error correction]'
			'--block-size=[size of blocks and reads (default\: 4096)]:BYTES: '
			'--size=[size of the data in MiB (default\: 16)]:MIB: '
			'--directory=[directory for files (default\: /dev/shm)]:DIR:_files -/'
			'--on=[loop, ram, or devices to overwrite (default\: loop)]:LIST:_files'
			'--overwrite[allow --on to overwrite devices that are not empty]'
			'--load=[random, sequential or write (default\: random)]:NAME:(random sequential write)'
			'--blocks=[clean, recheck or repair (default\: clean)]:NAME:(clean recheck repair)'
			'--jobs=[processes that read or write (default\: 8)]:NUMBER: '
			'--runtime=[length of each run (default\: 2)]:SECONDS: '
			'--repeats=[runs of each value (default\: 5)]:NUMBER: '
			'--pressure=[none or shortage (default\: none)]:NAME:(none shortage)'
			'--pressure-command=[shell command to run during the load]:WORDS:_command_names -e'
			'--force[allow shortage outside of a virtual machine]'
			'--plot=[also draw a plot, as SVG]:FILE:_files'
			'*--debug[log steps to stderr; twice\: also those of libraries]'
			'(-h --help)'{-h,--help}'[print this summary and exit]'
			'(-V --version)'{-V,--version}'[print the version and exit]'
		)
		;;
	(doctor)
		options=(
			'(-W --wide)'{-W,--wide}'[do not fit the output to the terminal]'
			'--color=[auto, always or never (default\: auto)]:WHEN:(auto always never)'
			'(-J --json)'{-J,--json}'[print JSON]'
			'*--debug[log steps to stderr; twice\: also those of libraries]'
			'(-h --help)'{-h,--help}'[print this summary and exit]'
			'(-V --version)'{-V,--version}'[print the version and exit]'
		)
		;;
	(export)
		options=(
			'*--name=[only devices whose name matches; repeatable]:GLOB:_verity_memtop_devices'
			'*--target=[only tables with a target of this type; repeatable]:TYPE:(crypt delay error flakey integrity linear mirror multipath raid snapshot snapshot-origin striped thin thin-pool verity writecache zero)'
			'*--where=[only rows with '\''COLUMN OP VALUE'\''; repeatable]:CONDITION: '
			'--replay=[read a recording; '\''-'\'' is stdin]:FILE:_files'
			'--sample=[sample of the recording (default\: last; top\: first)]:NUMBER: '
			'--at=[the same, at or before \[YYYY-MM-DD \]HH\:MM\[\:SS\]]:TIME: '
			'--source=[best, tracepoints or stock (default\: best)]:NAME:(best tracepoints stock)'
			'--threshold=[ignore shorter waits (default\: 1; check, export\: 10)]:SECONDS: '
			'--web.listen-address=[listen here (default\: 127.0.0.1\:10953)]:ADDRESS: '
			'--web.telemetry-path=[path (default\: /metrics)]:PATH: '
			'--detail=[device, role or pool (default\: role)]:NAME:(device role pool)'
			'--textfile=[write the metrics once to this file]:FILE:_files'
			'*--debug[log steps to stderr; twice\: also those of libraries]'
			'(-h --help)'{-h,--help}'[print this summary and exit]'
			'(-V --version)'{-V,--version}'[print the version and exit]'
		)
		;;
	(help)
		options=(
			'*--debug[log steps to stderr; twice\: also those of libraries]'
			'(-h --help)'{-h,--help}'[print this summary and exit]'
			'(-V --version)'{-V,--version}'[print the version and exit]'
			'*:command:_verity_memtop_commands'
		)
		;;
	(version)
		options=(
			'*--debug[log steps to stderr; twice\: also those of libraries]'
			'(-h --help)'{-h,--help}'[print this summary and exit]'
			'(-V --version)'{-V,--version}'[print the version and exit]'
		)
		;;
	esac
	if [[ -z $command ]]; then
		_arguments -s -S $options[1,-2] '1:command:_verity_memtop_commands'
	else
		_arguments -s -S '1:command:' $options
	fi
}

_verity_memtop "$@"
