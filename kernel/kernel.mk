# SPDX-License-Identifier: GPL-2.0-only
# Kernels and modules, for the top-level Makefile. The scripts reuse results from a
# cache outside of the tree, see kernel/README.md.
#
#   make deps          installs missing packages (as root); the kernel's packages are
#                      only downloaded
#   make modules       dm-mod, dm-bufio and dm-verity with the series, for the
#                      distribution's kernel; prints where they are
#   make test-kernel   the kernel with fault injection that some tests use;
#                      prints where it is
#   make kernels       all kernels and modules that the VM tests boot
#   make check-series  the series through checkpatch, W=1, sparse and the
#                      comparison of symbol versions, and tests of these checks
#
# Tests of `make test` are added to SLOW_TESTS, the longest first.

# The packages of all tests of make test.
TEST_GROUPS := build kernel vm test arm64

.PHONY: deps modules test-kernel kernels check-series

deps:
	$(Q)kernel/install-deps $(foreach group,$(TEST_GROUPS),--group $(group))

modules:
	$(Q)kernel/build-modules

test-kernel:
	$(Q)kernel/build-kernel

kernels:
	$(Q)kernel/fetch-kernel
	$(Q)kernel/fetch-kernel --flavour cloud
	$(Q)for line in 6.1 7.2; do MEMTOP_LINE=$$line kernel/fetch-kernel || exit; done
	$(Q)kernel/build-modules
	$(Q)MEMTOP_LINE=6.1 kernel/build-modules
	$(Q)kernel/build-modules --series kernel/fix/6.12
	$(Q)kernel/build-kernel
	$(Q)kernel/build-kernel --series kernel/experiments/6.12
	$(Q)MEMTOP_ARCH=arm64 MEMTOP_LINE=6.12 kernel/fetch-kernel
	$(Q)MEMTOP_ARCH=arm64 MEMTOP_LINE=7.2 kernel/fetch-kernel --flavour 16k

SERIES_TESTS := tests/kernel/series.t tests/kernel/build.t
SERIES_TESTS += $(filter-out $(SERIES_TESTS),$(wildcard tests/kernel/*.t))

check-series:
	$(Q)$(PROVE) --timer -j$(JOBS) $(SERIES_TESTS)

SLOW_TESTS += $(SERIES_TESTS)

# Each patch of the series for 6.1 and 6.18 is compiled, too.
.PHONY: long-series
long-series:
	$(Q)SERIES_LINES="6.12 6.1 6.18" $(PROVE) --timer tests/kernel/series.t
LONG_TARGETS += long-series
