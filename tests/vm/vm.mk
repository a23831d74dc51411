# SPDX-License-Identifier: GPL-2.0-only
# Tests in virtual machines, for the top-level Makefile.
#
#   make vm-test   the tests of the runner and of the tool on real kernels,
#                  VM_JOBS at a time; VM_TESTS="..." for some of them
#
# TESTS gets what `make test` runs. The kernels come first, so that a build that
# fails is not taken for a test that does.

VM_TESTS ?= $(wildcard tests/functional/*.t tests/vm/*.t)
VM_JOBS ?= 2

.PHONY: vm-test
vm-test: all asan $(GUEST_TOOLS) kernels
	$(Q)$(PROVE) -j$(VM_JOBS) $(VM_TESTS)

TESTS += vm-test
