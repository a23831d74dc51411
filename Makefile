# SPDX-License-Identifier: GPL-2.0-only
#
#   make            the tool, in .output/
#   make check      tests that need no root, VM or network
#   make soak       the fuzzer for SOAK_SECONDS=600
#   make test       all tests
#   make demo       the report of a machine with 61 verity devices, from a VM
#   make benchmark  what the series and the tool cost, in instructions
#   make bench-vm   what other sizes of reserves save and cost: writes
#                   docs/reserved-bio-based-ios.md
#   make install    DESTDIR and prefix as usual
#
# V=1 shows the commands. WERROR= builds with a compiler that warns more.

VERSION := 0.1.0

ifeq ($(V),1)
  Q :=
  say = @:
else
  Q := @
  say = @printf '  %-8s %s\n' "$(1)" "$(2)";
  MAKEFLAGS += --no-print-directory
endif

OUT := .output

prefix ?= /usr/local
sbindir ?= $(prefix)/sbin
mandir ?= $(prefix)/share/man
docdir ?= $(prefix)/share/doc/verity-memtop
unitdir ?= $(prefix)/lib/systemd/system

CC ?= cc
CLANG ?= clang
BPFTOOL ?= bpftool
PKG_CONFIG ?= pkg-config
CLANG_FORMAT ?= clang-format
INSTALL ?= install
PROVE ?= prove
PROVE_FLAGS ?= -j2

# As the kernel calls them.
ARCH ?= $(shell uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/')

PACKAGES := libbpf devmapper blkid smartcols json-c ncursesw
# Of these only the headers: they are loaded by the command that needs them.
LOADED := libcryptsetup libmicrohttpd libsystemd
CFLAGS ?= -O2 -g
WERROR ?= -Werror
ASAN_FLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all
WARNINGS := -Wall -Wextra $(WERROR) -Wstrict-prototypes -Wmissing-prototypes \
	-Wshadow -Wvla -Wwrite-strings -Wformat=2
# The compiler's own flags stay with the user; these the code relies on.
NEEDED := -std=gnu11 -D_GNU_SOURCE -DMEMTOP_VERSION='"$(VERSION)"' -Icli -Ibpf -Itests/fixtures \
	-I$(OUT)/bpf $(shell $(PKG_CONFIG) --cflags $(PACKAGES) $(LOADED) 2>/dev/null)
LIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null)

# What reads the kernel, which tests do without; recordings are files, and what
# has been copied of maps is memory.
COLLECT := $(wildcard cli/collect/*.c)
COLLECT := $(filter-out cli/collect/json_% cli/collect/record_%,$(COLLECT))
COLLECT := $(filter-out %_maps.c %/map_copy.c,$(COLLECT))
MODEL := $(filter-out cli/main.c,$(wildcard cli/*.c cli/*/*.c))
MODEL := $(filter-out $(COLLECT),$(MODEL))
FIXTURES := $(wildcard tests/fixtures/*.c)
UNIT := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*.c))
SKELETON := $(OUT)/bpf/memtop.skel.h
SKELETON += $(patsubst %,$(OUT)/bpf/%.lskel.h,stock links stacks)

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all asan check test demo benchmark bench-vm install uninstall clean golden-update format

all: $(OUT)/verity-memtop

# What is needed is looked for once, so that a lack has a clear message.
# $(1): what needs it, $(2): commands, $(3): packages as pkg-config has them
define need
@mkdir -p $(@D)
@lacks=; for tool in $(2); do \
	command -v $$tool >/dev/null || lacks="$$lacks $$tool"; \
done; \
for package in $(3); do \
	$(PKG_CONFIG) --exists $$package 2>/dev/null || lacks="$$lacks $$package"; \
done; \
if [ -n "$$lacks" ]; then \
	echo "$(1) lacks:$$lacks. Run kernel/install-deps as root." >&2; \
	exit 1; \
fi
@touch $@
endef

$(OUT)/deps: Makefile
	$(call need,The build,$(CC) $(CLANG) $(BPFTOOL) $(PKG_CONFIG),$(PACKAGES) $(LOADED))

$(OUT)/deps-check: Makefile
	$(call need,make check,$(PROVE) $(CLANG_FORMAT) python3 shellcheck \
		valgrind groff script objdump setpriv git tmux,cmocka)
	$(Q)kernel/fetch-monitoring >/dev/null

# The programs for the kernel, and the header through which the tool has them.
$(OUT)/bpf/%.bpf.o: bpf/%.bpf.c $(wildcard bpf/*.h) | $(OUT)/deps
	@mkdir -p $(@D)
	$(call say,CLANG,$@)
	$(Q)$(CLANG) -O2 -g -Wall -Werror -target bpf -D__TARGET_ARCH_$(ARCH) \
		-Ibpf -Ivmlinux-headers -Ivmlinux-headers/$(ARCH) -MMD -MP -c $< -o $@

# v3: counts are taken from what an atomic addition returns
$(OUT)/bpf/%.bpf.o: tests/inject/%.bpf.c | $(OUT)/deps
	@mkdir -p $(@D)
	$(call say,CLANG,$@)
	$(Q)$(CLANG) -O2 -g -Wall -Werror -target bpf -mcpu=v3 -D__TARGET_ARCH_$(ARCH) \
		-Ivmlinux-headers -Ivmlinux-headers/$(ARCH) -MMD -MP -c $< -o $@

# A light skeleton: the kernel does the relocations, not the tool.
$(OUT)/bpf/%.lskel.h: $(OUT)/bpf/%.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton -L $< > $@

$(OUT)/bpf/%.skel.h: $(OUT)/bpf/%.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< > $@

# Everything is built twice: $(OUT)/plain to be used, $(OUT)/asan for tests.
# $(1): directory, $(2): flags
define variant
$(patsubst %.c,$(OUT)/$(1)/%.o,$(COLLECT)): | $(SKELETON)

$(OUT)/$(1)/%.o: %.c Makefile | $(OUT)/deps
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC) $(2) $$(WARNINGS) $$(NEEDED) $$(CPPFLAGS) -MMD -MP -c $$< -o $$@

$(OUT)/$(1)/verity-memtop: $(patsubst %.c,$(OUT)/$(1)/%.o,cli/main.c $(MODEL) $(COLLECT))
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $(2) $$(LDFLAGS) $$^ -o $$@ $$(LIBS)

# The tool on made-up samples: main and all views, no kernel.
$(OUT)/$(1)/memtop-fixture: $(patsubst %.c,$(OUT)/$(1)/%.o,cli/main.c $(MODEL) $(FIXTURES))
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $(2) $$(LDFLAGS) $$^ -o $$@ $$(LIBS)

$(patsubst %,$(OUT)/$(1)/tests/unit/%.o,$(UNIT)): | $(OUT)/deps-check

$(OUT)/$(1)/unit/%: $(OUT)/$(1)/tests/unit/%.o $(patsubst %.c,$(OUT)/$(1)/%.o,$(MODEL) $(FIXTURES))
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $(2) $$(LDFLAGS) $$^ -o $$@ $$(LIBS) -lcmocka
endef

$(eval $(call variant,plain,$$(CFLAGS)))
$(eval $(call variant,asan,$$(ASAN_FLAGS)))

$(OUT)/verity-memtop: $(OUT)/plain/verity-memtop
	$(Q)ln -sf plain/verity-memtop $@

asan: $(OUT)/asan/verity-memtop

# What the functional tests run in the guest besides the tool.
GUEST_TOOLS := $(OUT)/memtop-attached $(OUT)/table-load-fail $(OUT)/memtop-inject
GUEST_TOOLS += $(OUT)/run-nested $(OUT)/dm-cycle

$(OUT)/memtop-attached: $(patsubst %.c,$(OUT)/plain/%.o,tests/functional/attached.c $(MODEL) $(COLLECT))
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LIBS)

$(OUT)/read-samples: $(patsubst %.c,$(OUT)/plain/%.o,tests/benchmark/read-samples.c $(MODEL) $(COLLECT))
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LIBS)

$(OUT)/run-nested: $(OUT)/plain/tests/functional/run-nested.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LIBS)

$(OUT)/table-load-fail $(OUT)/dm-cycle: $(OUT)/%: $(OUT)/plain/tests/functional/%.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LIBS)

$(OUT)/plain/tests/inject/inject.o: | $(OUT)/bpf/inject.skel.h

$(OUT)/memtop-inject: $(OUT)/plain/tests/inject/inject.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LIBS)

$(OUT)/%: $(OUT)/plain/tests/benchmark/%.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@

# In one run, so that its last line sums up all.
CHECKS := $(patsubst %,$(OUT)/plain/unit/%,$(UNIT)) \
	$(patsubst %,$(OUT)/asan/unit/%,$(UNIT)) \
	$(wildcard tests/*.t)

check: $(OUT)/deps-check $(filter $(OUT)/%,$(CHECKS)) $(OUT)/plain/memtop-fixture $(OUT)/bpf/stock.bpf.o \
		$(OUT)/asan/memtop-fixture $(OUT)/fuzz/replay all asan
	$(Q)BUILD=$(OUT) CMOCKA_MESSAGE_OUTPUT=TAP $(PROVE) $(PROVE_FLAGS) \
		--exec '' $(CHECKS)

golden-update: $(OUT)/asan/memtop-fixture $(OUT)/plain/memtop-fixture all
	$(Q)BUILD=$(OUT) GOLDEN_UPDATE=1 $(PROVE) --exec '' tests/golden.t tests/export.t tests/top.t

format:
	$(Q)$(CLANG_FORMAT) -i $$(git ls-files '*.c' '*.h' | grep -v '^vmlinux-headers/')

install: all
	$(INSTALL) -d $(DESTDIR)$(sbindir) $(DESTDIR)$(mandir)/man8 \
		$(DESTDIR)$(docdir)
	$(INSTALL) -m 755 $(OUT)/plain/verity-memtop $(DESTDIR)$(sbindir)/
	$(INSTALL) -m 644 man/verity-memtop.8 $(DESTDIR)$(mandir)/man8/
	$(INSTALL) -m 644 $(DOCS) $(DESTDIR)$(docdir)/
	$(INSTALL) -d $(DESTDIR)$(docdir)/monitoring $(DESTDIR)$(unitdir)
	$(INSTALL) -m 644 $(MONITORING) $(DESTDIR)$(docdir)/monitoring/
	for unit in $(UNITS); do \
		sed 's:/usr/local/sbin/:$(sbindir)/:' $$unit >$(DESTDIR)$(unitdir)/$${unit##*/} && \
		chmod 644 $(DESTDIR)$(unitdir)/$${unit##*/} || exit; \
	done

MONITORING = $(wildcard monitoring/*)
UNITS = $(wildcard systemd/*)
DOCS = $(wildcard README.md LICENSE docs/*)

uninstall:
	rm -f $(DESTDIR)$(sbindir)/verity-memtop \
		$(DESTDIR)$(mandir)/man8/verity-memtop.8 \
		$(addprefix $(DESTDIR)$(docdir)/,$(notdir $(DOCS))) \
		$(addprefix $(DESTDIR)$(docdir)/monitoring/,$(notdir $(MONITORING))) \
		$(addprefix $(DESTDIR)$(unitdir)/,$(notdir $(UNITS)))
	-rmdir $(DESTDIR)$(docdir)/monitoring $(DESTDIR)$(docdir)

clean:
	rm -rf $(OUT)

# These add to TESTS what else `make test` runs.
TESTS :=
-include kernel/kernel.mk tests/vm/vm.mk tests/fuzz/fuzz.mk

# Both install what they need, so what is there is looked at again after that.
test:
	$(Q)kernel/install-deps
	$(Q)$(MAKE) check
	$(Q)$(MAKE) $(TESTS)

# Figures, by counting instructions: repeatable on a busy machine.
benchmark:
	$(Q)kernel/install-deps --group build --group kernel --group vm --group benchmark
	$(Q)$(MAKE) all $(GUEST_TOOLS) $(OUT)/read-blocks $(OUT)/read-samples $(OUT)/time-command
	$(Q)tests/benchmark/hot-path
	$(Q)tests/benchmark/cold-cost
	$(Q)tests/benchmark/snapshots
	$(Q)tests/benchmark/top
	$(Q)tests/benchmark/watch

bench-vm:
	$(Q)kernel/install-deps
	$(Q)$(MAKE) all $(GUEST_TOOLS)
	$(Q)tests/benchmark/bench-vm

demo:
	$(Q)kernel/install-deps
	$(Q)$(MAKE) all
	$(Q)tests/vm/demo

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
