# SPDX-License-Identifier: GPL-2.0-only
# Tests in virtual machines, for the top-level Makefile.
#
#   make soak      the races of tests/functional/kernels/stock-races.t, SOAK_CYCLES=100000;
#                  what a sample of 10,000 devices costs, none of them missing;
#                  10,000 scrapes of the exporter while devices come and go; stalls
#                  and deadlocks on a kernel that checks itself
#   make vm-test   the tests of the runner and of the tool on real kernels,
#                  VM_JOBS at a time; VM_TESTS="..." for some of them
#
#   make vm-targets
#                  what each type of target keeps in reserve: writes the table in
#                  docs/targets.md
#
#   make vm-shell KERNEL=6.12
#                  a shell in a VM that has verity devices (tests/vm/shell --help):
#                  KERNEL=6.1, 6.18, newest, arm64/7.2/16k and others; STOCK=1 for
#                  the kernel's own modules
#
#   make vm-kernels
#                  what works on each of Debian's kernels, x86-64 and arm64: writes
#                  the table in docs/kernels.md
#
# SLOW_TESTS gets what `make test` runs, the longest first, and LONG_TARGETS what
# `make test-all` runs besides. The kernels come first, so that a build that
# fails is not taken for a test that does.

# $(1): names of tests of tests/functional, which has a folder for each subject
functional = $(foreach name,$(1),$(or $(wildcard tests/functional/*/$(name).t),$(error there is no test $(name))))
ALL_VM_TESTS := $(call functional,stuck stock-arm64 stock-7.2 oracle report monitoring uses systemd waiters)
ALL_VM_TESTS += $(filter-out $(ALL_VM_TESTS),$(wildcard tests/functional/*/*.t tests/vm/*.t))
# In make test-all only, with 2000 devices.
RELOAD_TESTS := tests/functional/running/reload.t tests/functional/running/reload-stock.t
# With kernel/fix: fixed.t is in make test.
FIX_TESTS := $(call functional,$(addprefix fixed-,6.1 7.2 events shortage))
# Each member is taken away: a quarter of an hour for both lines of kernels.
GAPS_TESTS := tests/functional/kernels/gaps.t tests/functional/kernels/gaps-6.12.t
# On kernels between the oldest and the newest; on one that make test would have to
# build for this alone; with half of the series; a million events a minute; tests that
# make test has on another kernel (every target type, the whole report, rechecks, counted
# waits) or with the other source (each set of privileges, replaced modules).
KERNEL_TESTS := $(call functional,stock-6.1 stock-6.18 stalls-stock-6.18 stock-cloud builtin stock)
KERNEL_TESTS += $(call functional,first-half flood targets-6.1 targets-7.2 report-6.1 report-6.18 rights-stock)
KERNEL_TESTS += $(call functional,counted-6.1 counted-7.2 traced-6.1 traced-6.18 one-buffer-6.1)
# One subject each, which few changes touch: make test keeps to its 45 minutes, and to 25
# where the kernels are built.
SUBJECT_TESTS := $(call functional,stock-races targets bench bench-shortage stalls-shortage rights churn)
SUBJECT_TESTS += $(call functional,losses names advice android signed modules top counted-both stalls-stock-7.2 files)
SUBJECT_TESTS += $(call functional,stalls-shared stalls-roles own-machine) tests/vm/runner.t tests/vm/cloud.t
ALL_VM_TESTS := $(filter-out $(FIX_TESTS) $(GAPS_TESTS) $(KERNEL_TESTS) $(SUBJECT_TESTS) $(RELOAD_TESTS),$(ALL_VM_TESTS))
VM_TESTS ?= $(ALL_VM_TESTS)
VM_JOBS ?= 2

.PHONY: vm-test
vm-test: all asan $(GUEST_TOOLS) kernels arm64
	$(Q)$(PROVE) --timer -j$(VM_JOBS) $(VM_TESTS)

# These take hours: each with this number of devices that are created and removed.
SOAK_CYCLES ?= 100000

.PHONY: soak soak-races soak-monitoring soak-many soak-stalls
soak: soak-races soak-monitoring soak-many soak-stalls
soak-many: all $(GUEST_TOOLS) $(OUT)/read-samples $(OUT)/time-command
	$(Q)MEM=6144 IOS=1 TIMEOUT=14400 tests/benchmark/snapshots 10000
soak-monitoring: all $(GUEST_TOOLS) kernels
	$(Q)MONITORING_CYCLES=400 MONITORING_TIMEOUT=14400 $(PROVE) tests/functional/running/monitoring.t
soak-races: all $(GUEST_TOOLS) kernels
	$(Q)CYCLES=$(SOAK_CYCLES) $(PROVE) tests/functional/kernels/stock-races.t
# Its own memory and time are added to those that the tests need.
soak-stalls: all $(GUEST_TOOLS)
	$(Q)kernel/build-kernel --flavour debug
	$(Q)kernel/build-kernel --flavour debug --series kernel/experiments/6.12
	$(Q)VM_SLOWER=6 $(PROVE) tests/vm/debug-kernel
	$(Q)MEMTOP_FLAVOUR=debug VM_SLOWER=6 MEM=640 LEFT=98304 $(PROVE) --timer $(wildcard tests/functional/stalls/stalls*.t)

# kernel/fix on its other kernels, and each stall with it.
.PHONY: long-fix
long-fix: all $(GUEST_TOOLS)
	$(Q)FIX_LINES="6.1 7.2" $(PROVE) --timer tests/kernel/fix.t
	$(Q)$(PROVE) --timer $(FIX_TESTS)
	$(Q)FIXED=1 $(PROVE) --timer $(call functional,stalls stalls-roles stalls-shortage)

# The same as in the soak, but shorter.
.PHONY: long-races long-monitoring long-reload
long-reload: all $(GUEST_TOOLS) kernels
	$(Q)MANY=2000 RELOAD_TIMEOUT=7200 $(PROVE) --timer $(RELOAD_TESTS)
long-monitoring: all $(GUEST_TOOLS) kernels
	$(Q)MONITORING_CYCLES=60 MONITORING_TIMEOUT=7200 $(PROVE) --timer tests/functional/running/monitoring.t
long-races: all $(GUEST_TOOLS) kernels
	$(Q)CYCLES=5000 $(PROVE) --timer tests/functional/kernels/stock-races.t

# The tool for arm64, and the programs that the tests run there.
.PHONY: arm64
arm64:
	$(Q)$(MAKE) ARCH=arm64 CROSS=aarch64-linux-gnu- all static .output/arm64/memtop-gaps

.PHONY: vm-shell
vm-shell:
	$(Q)kernel/install-deps --group build --group kernel --group vm $(if $(filter arm64/%,$(KERNEL)),--group arm64)
	$(Q)$(MAKE) all $(if $(filter arm64/%,$(KERNEL)),arm64)
	$(Q)tests/vm/shell $(if $(STOCK),--stock) $(KERNEL)


.PHONY: vm-kernels vm-targets long-gaps
vm-targets: all $(GUEST_TOOLS)
	$(Q)tests/vm/targets --write
vm-kernels: all $(GUEST_TOOLS) arm64
	$(Q)tests/vm/kernels --write
long-gaps: all $(GUEST_TOOLS)
	$(Q)$(PROVE) --timer $(GAPS_TESTS)

.PHONY: long-kernels
long-kernels: all asan $(GUEST_TOOLS) kernels
	$(Q)MEMTOP_LINE=6.18 kernel/fetch-kernel
	$(Q)MEMTOP_LINE=6.18 kernel/build-modules
	$(Q)kernel/build-kernel --flavour builtin
	$(Q)$(PROVE) --timer $(KERNEL_TESTS)

.PHONY: long-subjects
long-subjects: all asan $(GUEST_TOOLS) kernels
	$(Q)$(PROVE) --timer -j$(VM_JOBS) $(SUBJECT_TESTS)

SLOW_TESTS += $(ALL_VM_TESTS)
SLOW_NEEDS += arm64
LONG_TARGETS += long-subjects vm-kernels long-kernels long-gaps long-fix long-reload long-monitoring long-races soak-stalls
