# SPDX-License-Identifier: GPL-2.0-only
# Written by completions/generate; do not edit.

function __verity_memtop_devices
	cat /sys/block/dm-*/dm/name 2>/dev/null
end

function __verity_memtop_columns
	verity-memtop (__verity_memtop_command) --list-columns 2>/dev/null | string replace -r ' .*' ''
end

function __verity_memtop_command
	for word in (commandline -opc)[2..]
		if contains -- $word report top record watch check advise diff bench doctor export help version
			echo $word
			return
		end
	end
	echo report
end

function __verity_memtop_named
	for word in (commandline -opc)[2..]
		contains -- $word report top record watch check advise diff bench doctor export help version; and return 0
	end
	return 1
end

function __verity_memtop_is
	contains -- (__verity_memtop_command) $argv
end

complete -c verity-memtop -f
complete -c verity-memtop -n 'not __verity_memtop_named' -a report -d 'print the reserves of each device'
complete -c verity-memtop -n 'not __verity_memtop_named' -a top -d 'live view, with rates and stalled tasks'
complete -c verity-memtop -n 'not __verity_memtop_named' -a record -d 'write samples to a file, for --replay'
complete -c verity-memtop -n 'not __verity_memtop_named' -a watch -d 'report stalls and deadlocks as they are detected'
complete -c verity-memtop -n 'not __verity_memtop_named' -a check -d 'check once, as a monitoring plugin'
complete -c verity-memtop -n 'not __verity_memtop_named' -a advise -d 'recommend a size for the reserves, with reasons'
complete -c verity-memtop -n 'not __verity_memtop_named' -a diff -d 'compare the reserves of two samples'
complete -c verity-memtop -n 'not __verity_memtop_named' -a bench -d 'compare sizes of reserves, on devices that it makes'
complete -c verity-memtop -n 'not __verity_memtop_named' -a doctor -d 'report what this kernel and the privileges allow'
complete -c verity-memtop -n 'not __verity_memtop_named' -a export -d 'serve metrics to Prometheus, or write them to a file'
complete -c verity-memtop -n 'not __verity_memtop_named' -a help -d 'print a summary of the tool or of a command'
complete -c verity-memtop -n 'not __verity_memtop_named' -a version -d 'print the version'
complete -c verity-memtop -n '__verity_memtop_named; and __verity_memtop_is report' -a '(__verity_memtop_devices)'
complete -c verity-memtop -n '__verity_memtop_named; and __verity_memtop_is top' -a '(__verity_memtop_devices)'
complete -c verity-memtop -n '__verity_memtop_named; and __verity_memtop_is record' -F
complete -c verity-memtop -n '__verity_memtop_named; and __verity_memtop_is diff' -F
complete -c verity-memtop -n '__verity_memtop_named; and __verity_memtop_is help' -a 'report top record watch check advise diff bench doctor export help version'
complete -c verity-memtop -n '__verity_memtop_is top' -s b -l batch -d 'print the samples, and read no keys'
complete -c verity-memtop -n '__verity_memtop_is report' -l pools -d 'print one row for each pool'
complete -c verity-memtop -n '__verity_memtop_is report top' -l tree -d 'show the devices below each device'
complete -c verity-memtop -n '__verity_memtop_is report top' -s o -l columns -x -a '(__verity_memtop_columns)' -d 'columns to show: A,B or all; +A,-B changes the default'
complete -c verity-memtop -n '__verity_memtop_is report top' -l list-columns -d 'list the columns and exit'
complete -c verity-memtop -n '__verity_memtop_is report top diff' -s s -l sort -x -a '(__verity_memtop_columns)' -d 'A, then B; +A up, -A down (default: DEV; diff: NAME)'
complete -c verity-memtop -n '__verity_memtop_is report diff' -s B -l bytes -d 'print sizes in bytes and times in ns, without units'
complete -c verity-memtop -n '__verity_memtop_is report diff' -s H -l noheadings -d 'do not print the headings'
complete -c verity-memtop -n '__verity_memtop_is report' -l no-totals -d 'do not print the totals'
complete -c verity-memtop -n '__verity_memtop_is report top watch check advise diff bench doctor' -s W -l wide -d 'do not fit the output to the terminal'
complete -c verity-memtop -n '__verity_memtop_is report top check advise diff doctor' -l color -x -a 'auto always never' -d 'auto, always or never (default: auto)'
complete -c verity-memtop -n '__verity_memtop_is report watch advise diff bench doctor' -s J -l json -d 'print JSON'
complete -c verity-memtop -n '__verity_memtop_is report bench' -l csv -d 'print comma-separated values, without totals'
complete -c verity-memtop -n '__verity_memtop_is report bench' -l lkml -d 'print text of 72 columns, for a mail to a list'
complete -c verity-memtop -n '__verity_memtop_is report bench' -l html -d 'print a page with table, bars and the recording'
complete -c verity-memtop -n '__verity_memtop_is report top diff export' -l name -x -a '(__verity_memtop_devices)' -d 'only devices whose name matches; repeatable'
complete -c verity-memtop -n '__verity_memtop_is report top diff export' -l target -x -a 'crypt delay error flakey integrity linear mirror multipath raid snapshot snapshot-origin striped thin thin-pool verity writecache zero' -d 'only tables with a target of this type; repeatable'
complete -c verity-memtop -n '__verity_memtop_is report top check advise export' -l where -x -d 'only rows with '\''COLUMN OP VALUE'\''; repeatable'
complete -c verity-memtop -n '__verity_memtop_is report' -l subtotal -x -a '(__verity_memtop_devices)' -d 'add a sum of the devices whose name matches'
complete -c verity-memtop -n '__verity_memtop_is report' -l group-by -x -a 'none owner' -d 'one row for each owner: none or owner (default: none)'
complete -c verity-memtop -n '__verity_memtop_is report' -l graph -x -a 'none dot mermaid' -d 'draw the devices: none, dot or mermaid (default: none)'
complete -c verity-memtop -n '__verity_memtop_is report top record watch check advise export' -l replay -r -F -d 'read a recording; '\''-'\'' is stdin'
complete -c verity-memtop -n '__verity_memtop_is report top watch check advise export' -l sample -x -d 'sample of the recording (default: last; top: first)'
complete -c verity-memtop -n '__verity_memtop_is report top watch check advise export' -l at -x -d 'the same, at or before [YYYY-MM-DD ]HH:MM[:SS]'
complete -c verity-memtop -n '__verity_memtop_is report top' -s t -l ago -x -d 'the same, this long before the last: 90, 10m, 1d'
complete -c verity-memtop -n '__verity_memtop_is report' -l list-samples -d 'list the samples of the recording and exit'
complete -c verity-memtop -n '__verity_memtop_is report top record watch check advise diff bench export' -l source -x -a 'best tracepoints stock' -d 'best, tracepoints or stock (default: best)'
complete -c verity-memtop -n '__verity_memtop_is report' -l verify -d 'compare both sources'
complete -c verity-memtop -n '__verity_memtop_is top' -l filter -x -d 'only names that contain TEXT or match a pattern'
complete -c verity-memtop -n '__verity_memtop_is top' -l ascii -d 'draw with ASCII characters only'
complete -c verity-memtop -n '__verity_memtop_is top record watch advise' -s n -l count -x -d 'samples or events (default: 1; top, watch: no end)'
complete -c verity-memtop -n '__verity_memtop_is top record advise' -s d -l delay -x -d 'time between samples (default: 1)'
complete -c verity-memtop -n '__verity_memtop_is record' -l watch -d 'also record what watch and check need'
complete -c verity-memtop -n '__verity_memtop_is record watch' -l no-wall-clock -d 'leave out the time of day'
complete -c verity-memtop -n '__verity_memtop_is record watch' -l no-host -d 'leave out the host name and the boot ID'
complete -c verity-memtop -n '__verity_memtop_is record watch' -l format -x -a 'compact json text perfetto' -d 'format of the output (default: compact; watch: text)'
complete -c verity-memtop -n '__verity_memtop_is record' -l ring -x -d 'FILE is a directory of at most SIZE (64M, 2G)'
complete -c verity-memtop -n '__verity_memtop_is record' -l keep -x -d 'FILE is a directory of the last TIME (12h, 7d)'
complete -c verity-memtop -n '__verity_memtop_is watch check export' -l threshold -x -d 'ignore shorter waits (default: 1; check, export: 10)'
complete -c verity-memtop -n '__verity_memtop_is watch' -s i -l interval -x -d 'time between samples (default: 0.1)'
complete -c verity-memtop -n '__verity_memtop_is watch' -l for -x -d 'end after this time (default: no end)'
complete -c verity-memtop -n '__verity_memtop_is watch' -l min-verdict -x -a 'wait stall possible_deadlock deadlock' -d 'least severe kind to report (default: wait)'
complete -c verity-memtop -n '__verity_memtop_is watch' -l exec -x -a '(__fish_complete_command)' -d 'run it on a stall or worse, and when it clears'
complete -c verity-memtop -n '__verity_memtop_is watch' -l syslog -d 'also write events to the system log'
complete -c verity-memtop -n '__verity_memtop_is watch' -l journal -d 'also write events to the systemd journal'
complete -c verity-memtop -n '__verity_memtop_is watch' -l drop-rights -d 'drop privileges once started (not for --exec)'
complete -c verity-memtop -n '__verity_memtop_is check' -s w -l warning -x -d 'limit of wait_age, or FIGURE=RANGE (default: 10)'
complete -c verity-memtop -n '__verity_memtop_is check' -s c -l critical -x -d 'the same for the status CRITICAL'
complete -c verity-memtop -n '__verity_memtop_is check' -l rules -x -d 'static rules that warn (default: shared,parameter)'
complete -c verity-memtop -n '__verity_memtop_is check' -l timeout -x -d 'end as UNKNOWN (default: the threshold + 15)'
complete -c verity-memtop -n '__verity_memtop_is check' -l min-devices -x -d 'fewer devices are UNKNOWN (default: 1)'
complete -c verity-memtop -n '__verity_memtop_is export' -l web.listen-address -x -d 'listen here (default: 127.0.0.1:10953)'
complete -c verity-memtop -n '__verity_memtop_is export' -l web.telemetry-path -x -d 'path (default: /metrics)'
complete -c verity-memtop -n '__verity_memtop_is export' -l detail -x -a 'device role pool' -d 'device, role or pool (default: role)'
complete -c verity-memtop -n '__verity_memtop_is export' -l textfile -r -F -d 'write the metrics once to this file'
complete -c verity-memtop -n '__verity_memtop_is advise bench' -l ios -x -d 'values, 1 to 1024 (default of bench: 1,2,4,8,16 ...)'
complete -c verity-memtop -n '__verity_memtop_is advise' -l system -x -a 'other debian fedora ostree flatcar bottlerocket android' -d 'how to set it there (default: on this system)'
complete -c verity-memtop -n '__verity_memtop_is advise' -l script -d 'print a shell script that sets it, and undoes it'
complete -c verity-memtop -n '__verity_memtop_is bench' -l devices -x -d 'number of stacks of devices (default: 4)'
complete -c verity-memtop -n '__verity_memtop_is bench' -l depth -x -d 'verity devices in each stack (default: 1)'
complete -c verity-memtop -n '__verity_memtop_is bench' -l snapshot -d 'put a snapshot on top of each stack'
complete -c verity-memtop -n '__verity_memtop_is bench' -l fec -d 'use forward error correction'
complete -c verity-memtop -n '__verity_memtop_is bench' -l block-size -x -d 'size of blocks and reads (default: 4096)'
complete -c verity-memtop -n '__verity_memtop_is bench' -l size -x -d 'size of the data in MiB (default: 16)'
complete -c verity-memtop -n '__verity_memtop_is bench' -l directory -x -a '(__fish_complete_directories)' -d 'directory for files (default: /dev/shm)'
complete -c verity-memtop -n '__verity_memtop_is bench' -l on -r -F -d 'loop, ram, or devices to overwrite (default: loop)'
complete -c verity-memtop -n '__verity_memtop_is report top' -l on -r -F -d 'only devices that carry FILE'\''s file system; repeatable'
complete -c verity-memtop -n '__verity_memtop_is bench' -l overwrite -d 'allow --on to overwrite devices that are not empty'
complete -c verity-memtop -n '__verity_memtop_is bench' -l load -x -a 'random sequential write' -d 'random, sequential or write (default: random)'
complete -c verity-memtop -n '__verity_memtop_is bench' -l blocks -x -a 'clean recheck repair' -d 'clean, recheck or repair (default: clean)'
complete -c verity-memtop -n '__verity_memtop_is bench' -l jobs -x -d 'processes that read or write (default: 8)'
complete -c verity-memtop -n '__verity_memtop_is bench' -l runtime -x -d 'length of each run (default: 2)'
complete -c verity-memtop -n '__verity_memtop_is bench' -l repeats -x -d 'runs of each value (default: 5)'
complete -c verity-memtop -n '__verity_memtop_is bench' -l pressure -x -a 'none shortage' -d 'none or shortage (default: none)'
complete -c verity-memtop -n '__verity_memtop_is bench' -l pressure-command -x -a '(__fish_complete_command)' -d 'shell command to run during the load'
complete -c verity-memtop -n '__verity_memtop_is bench' -l force -d 'allow shortage outside of a virtual machine'
complete -c verity-memtop -n '__verity_memtop_is bench' -l plot -r -F -d 'also draw a plot, as SVG'
complete -c verity-memtop -l debug -d 'log steps to stderr; twice: also those of libraries'
complete -c verity-memtop -s h -l help -d 'print this summary and exit'
complete -c verity-memtop -s V -l version -d 'print the version and exit'
