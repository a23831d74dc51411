# SPDX-License-Identifier: GPL-2.0-only
# Tests in virtual machines, for the top-level Makefile.
#
#   make vm-test   all tests/vm/*.t, VM_JOBS at a time; VM_TESTS="..." for some
#
# TESTS gets what `make test` runs. The kernels come first, so that a build that
# fails is not taken for a test that does.

VM_TESTS ?= $(wildcard tests/vm/*.t)
VM_JOBS ?= 2

.PHONY: vm-test
vm-test: all kernels
	$(Q)$(PROVE) -j$(VM_JOBS) $(VM_TESTS)

TESTS += vm-test
