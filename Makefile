# SPDX-License-Identifier: GPL-2.0-only
#
#   make            the tool, in .output/
#   make help       this list, and the targets for kernels and VMs
#   make check      tests that need no root, VM or network
#   make soak       the fuzzer for SOAK_SECONDS=600
#   make test       the tests for every change: check, the series, VMs
#   make test-all   these, and the suites that take hours
#   make test-fresh make demo and make test in a root that has only Debian 12's
#                   base system; FRESH="COMMAND" for another command
#   make strings    every text that a user can see, one a line, from the sources
#   make demo       the report of a machine with 61 verity devices, from a VM
#   make benchmark  what the series and the tool cost, in instructions
#   make bench-vm   what other sizes of reserves save and cost: writes
#                   docs/reserved-bio-based-ios.md
#   make compile_commands.json
#                   how each file is compiled, for editors and clang's tools
#   make options    completions and the option lists of the man pages, from the
#                   catalogue in cli/options
#   make static     the tool as one static binary, .output/verity-memtop-static
#   make install    DESTDIR and prefix as usual
#   make dist       the release tarball of this commit, with prebuilt BPF programs; the
#                   targets of this group write to .output/release
#   make deb        Debian packages; SUITE=bookworm (trixie, sid) builds them in a clean
#                   root of that suite, DEB_ARCH=arm64 as well for another architecture
#   make image      static binaries for x86-64 and arm64, and a container image of them
#   make release    all of these, after all tests
#   make test-packages
#                   the packages, in clean roots: built, installed, upgraded, removed
#
#   make ARCH=arm64 CROSS=aarch64-linux-gnu-
#                   the tool for arm64, in .output/arm64; libraries come from
#                   SYSROOT (default: what kernel/fetch-arm64 prints)
#
# ZSTD=no builds it without libzstd: recordings are not compressed, and compressed ones
# cannot be read.
#
# V=1 shows the commands. WERROR= builds with a compiler that warns more. CC, CLANG,
# BPFTOOL and the other tools may be several words, as "ccache gcc -m64".

# Of this release, or of the next one; packaging/version has the rest.
NUMBER := 0.1.0
VERSION := $(or $(shell packaging/version $(NUMBER) 2>/dev/null),$(NUMBER))

ifeq ($(V),1)
  Q :=
  say = @:
else
  Q := @
  say = @printf '  %-8s %s\n' $(call q,$(1)) $(call q,$(2));
  MAKEFLAGS += --no-print-directory
endif

# $(1) as one word for the shell, whatever characters it contains
q = '$(subst ','\'',$(1))'

OUT := .output
ifneq ($(CROSS),)
  OUT := .output/$(ARCH)
  SYSROOT := $(or $(SYSROOT),$(shell kernel/fetch-$(ARCH)))
  TRIPLET := $(patsubst %-,%,$(notdir $(CROSS)))
  # pkg-config gets a name without spaces, whatever the path is
  LINK := $(OUT)/sysroot
  $(shell mkdir -p $(OUT) && ln -sfn $(call q,$(SYSROOT)) $(LINK))
  CC := $(CROSS)gcc --sysroot=$(LINK) -ffile-prefix-map=$(LINK)=
  PKG_CONFIG := env PKG_CONFIG_SYSROOT_DIR=$(LINK) \
	PKG_CONFIG_LIBDIR=$(LINK)/usr/lib/$(TRIPLET)/pkgconfig:$(LINK)/usr/share/pkgconfig \
	pkg-config
endif

# The compiler asks the shell for the directory, which may be a path with a symbolic link.
export PWD := $(CURDIR)

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
# some tests spend most of their time waiting
PROVE_FLAGS ?= -j$(shell expr 1 + "$$(nproc)")

# As the kernel calls them.
ARCH ?= $(shell uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/')

PACKAGES := libbpf zlib
# Of these only the headers: they are loaded by the command that needs them.
LOADED := blkid devmapper libcryptsetup libmicrohttpd libsystemd libzstd ncursesw
ifeq ($(ZSTD),no)
  LOADED := $(filter-out libzstd,$(LOADED))
endif
CFLAGS ?= -O2 -g
WERROR ?= -Werror
ASAN_FLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all
WARNINGS := -Wall -Wextra $(WERROR) -Wstrict-prototypes -Wmissing-prototypes \
	-Wshadow -Wvla -Wwrite-strings -Wformat=2
# Names in the debug information begin here, so that the same source gives the same
# bytes in any directory.
SAME_PLACE := $(call q,-ffile-prefix-map=$(CURDIR)=.)

# The usual hardening, as far as the compiler supports it, except for options that it
# sets itself or that CFLAGS, CPPFLAGS and LDFLAGS determine. Those come later and win.
MACROS := $(shell $(CC) $(CFLAGS) $(CPPFLAGS) -dM -E -x c /dev/null 2>/dev/null | cut -d' ' -f2)
HARDEN := $(shell for flag in -fstack-protector-strong -fstack-clash-protection; do \
	$(CC) -Werror $$flag -x c -c /dev/null -o /dev/null 2>/dev/null && echo $$flag; done)
HARDEN_LINK := $(shell for flag in -Wl,-z,relro -Wl,-z,now; do \
	echo 'int main(void) { return 0; }' | \
	$(CC) $$flag -x c - -o /dev/null 2>/dev/null && echo $$flag; done)
ifeq ($(filter __PIE__,$(MACROS))$(findstring pie,$(CFLAGS) $(LDFLAGS))$(findstring PIE,$(CFLAGS)),)
HARDEN += -fPIE
HARDEN_LINK += -pie
endif
ifeq ($(filter __OPTIMIZE__,$(MACROS))$(filter _FORTIFY_SOURCE,$(MACROS)),__OPTIMIZE__)
HARDEN += $(if $(findstring _FORTIFY_SOURCE,$(CFLAGS) $(CPPFLAGS)),,-D_FORTIFY_SOURCE=2)
endif
PLAIN_FLAGS = $(HARDEN) $(CFLAGS)
LINK_FLAGS = $(HARDEN_LINK) $(LDFLAGS)

# A release's tarball has the programs for the kernel as headers; BPF=source builds them
# from their sources anyway.
PREBUILT := $(if $(filter source,$(BPF)),,$(wildcard bpf/prebuilt/$(ARCH)))

# The compiler's own flags stay with the user; these the code relies on.
NEEDED := $(SAME_PLACE) -std=gnu11 -D_GNU_SOURCE -Icli -Ibpf -Itests/fixtures \
	-I$(or $(PREBUILT),$(OUT)/bpf) -I$(OUT)/bpf $(shell $(PKG_CONFIG) --cflags $(PACKAGES) $(LOADED) 2>/dev/null)
ifeq ($(ZSTD),no)
NEEDED += -DMEMTOP_NO_ZSTD
endif
LIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null)

# cli/kernel is all that reads the running kernel; most tests do without it, and without
# the version, which each commit changes. Files below a root can be made up.
ROOTED := $(patsubst %,cli/kernel/%.c,block_files block_source mounts)
LIVE := cli/base/version.c $(filter-out $(ROOTED),$(sort $(wildcard cli/kernel/*.c)))
PURE := $(filter-out cli/main.c $(LIVE),$(sort $(wildcard cli/*/*.c)))
FIXTURES := $(sort $(wildcard tests/fixtures/*.c))
# tests/fixtures/clock.c
PLAY_TIME := $(foreach name,stop_clock boottime_now stop_sleep_until stop_sleep_until_readable \
	guard_run,-Wl,--wrap=$(name))
UNIT := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*.c))
SKELETONS := memtop.skel.h $(addsuffix .lskel.h,stock links stacks waits)
SKELETON := $(addprefix $(or $(PREBUILT),$(OUT)/bpf)/,$(SKELETONS))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all asan static dist deb image release prebuilt test-packages check test test-all test-fresh slow-tests help demo benchmark bench-vm install uninstall clean golden-update format strings options

all: $(OUT)/verity-memtop

# Changes with the version, which only one file uses.
.PHONY: FORCE
$(OUT)/version: FORCE
	@mkdir -p $(@D)
	@echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' >$@

# Where the programs for the kernel come from: what includes them is compiled again when
# that changes.
$(OUT)/programs: FORCE
	@mkdir -p $(@D)
	@echo '$(or $(PREBUILT),source)' | cmp -s - $@ || echo '$(or $(PREBUILT),source)' >$@

# Checks the requirements once, so that a missing one has a clear message.
# $(1): what needs it, $(2): commands, $(3): packages as pkg-config has them,
# $(4): variables with a command, which may be several words
define need
@mkdir -p $(@D)
@lacks=; for tool in $(2); do \
	command -v $$tool >/dev/null || lacks="$$lacks $$tool"; \
done; \
$(foreach tool,$(4),$($(tool)) --version >/dev/null 2>&1 || \
	lacks="$$lacks "$(call q,$($(tool)));) \
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
	$(call need,The build,,$(PACKAGES) $(LOADED),CC PKG_CONFIG $(if $(PREBUILT),,$(BPF_TOOLS)))

# Tools for building the programs for the kernel.
BPF_TOOLS := CLANG BPFTOOL
$(OUT)/deps-bpf: Makefile
	$(call need,The build,,,$(BPF_TOOLS))

$(OUT)/deps-check: Makefile
	$(call need,make check,python3 shellcheck valgrind codespell groff mandoc script objdump readelf \
		setpriv git tmux zsh fish,cmocka,PROVE CLANG_FORMAT)
	$(Q)kernel/fetch-monitoring >/dev/null

# The programs for the kernel, and the header that embeds them in the tool.
$(OUT)/bpf/%.bpf.o: bpf/%.bpf.c Makefile $(wildcard bpf/*.h bpf/*/*.h) cli/sample/reserve_table.h | $(OUT)/deps-bpf
	@mkdir -p $(@D)
	$(call say,CLANG,$@)
	$(Q)$(CLANG) -O2 -g -Wall -Werror -target bpf $(SAME_PLACE) -D__TARGET_ARCH_$(ARCH) \
		-Ibpf -Icli -Ivmlinux-headers -Ivmlinux-headers/$(ARCH) -MMD -MP -c $< -o $@

# v3: counts use the value that an atomic addition returns
$(OUT)/bpf/%.bpf.o: tests/inject/%.bpf.c Makefile | $(OUT)/deps-bpf
	@mkdir -p $(@D)
	$(call say,CLANG,$@)
	$(Q)$(CLANG) -O2 -g -Wall -Werror -target bpf $(SAME_PLACE) -mcpu=v3 -D__TARGET_ARCH_$(ARCH) \
		-Ivmlinux-headers -Ivmlinux-headers/$(ARCH) -MMD -MP -c $< -o $@

# A light skeleton: the kernel does the relocations, not the tool.
$(OUT)/bpf/%.lskel.h: $(OUT)/bpf/%.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) -L gen skeleton $< > $@

$(OUT)/bpf/%.skel.h: $(OUT)/bpf/%.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< > $@

# The files that packaging/dist puts into the tarball.
prebuilt: $(addprefix $(OUT)/bpf/,$(SKELETONS))
	$(Q)mkdir -p bpf/prebuilt/$(ARCH)
	$(Q)cp $^ bpf/prebuilt/$(ARCH)/

# Everything is built twice: $(OUT)/plain for use, $(OUT)/asan for tests.
# $(1): directory, $(2): flags
define variant
$(patsubst %.c,$(OUT)/$(1)/%.o,$(LIVE)): $(OUT)/programs | $(SKELETON)
$(OUT)/$(1)/cli/base/version.o: private CPPFLAGS += -DMEMTOP_VERSION='"$(VERSION)"'
$(OUT)/$(1)/cli/base/version.o: $(OUT)/version

$(OUT)/$(1)/%.o: %.c Makefile | $(OUT)/deps
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC) $(2) $$(WARNINGS) $$(NEEDED) $$(CPPFLAGS) -MMD -MP -c $$< -o $$@

$(OUT)/$(1)/verity-memtop: $(patsubst %.c,$(OUT)/$(1)/%.o,cli/main.c $(PURE) $(LIVE))
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $(2) $$(LINK_FLAGS) $$^ -o $$@ $$(LIBS)

# The tool on made-up samples: main and all views, no kernel.
$(OUT)/$(1)/memtop-fixture: $(patsubst %.c,$(OUT)/$(1)/%.o,cli/main.c $(PURE) $(FIXTURES))
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $(2) $$(LINK_FLAGS) $$(PLAY_TIME) $$^ -o $$@ $$(LIBS)

$(patsubst %,$(OUT)/$(1)/tests/unit/%.o,$(UNIT)): | $(OUT)/deps-check

$(OUT)/$(1)/unit/%: $(OUT)/$(1)/tests/unit/%.o $(patsubst %.c,$(OUT)/$(1)/%.o,$(PURE) $(FIXTURES))
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $(2) $$(LINK_FLAGS) $$(PLAY_TIME) $$^ -o $$@ $$(LIBS) -lcmocka
endef

$(eval $(call variant,plain,$$(PLAIN_FLAGS)))
$(eval $(call variant,asan,$$(ASAN_FLAGS)))

$(OUT)/verity-memtop: $(OUT)/plain/verity-memtop
	$(Q)ln -sf plain/verity-memtop $@

asan: $(OUT)/asan/verity-memtop

# One file that needs no library where it runs. It refuses commands that would load one
# (docs/android.md).
STATIC_LIBS = -lbpf -lelf -lz $(if $(filter no,$(ZSTD)),,-lzstd) -lncursesw -ltinfo
$(eval $(call variant,static,-DMEMTOP_STATIC $$(filter-out -fPIE,$$(PLAIN_FLAGS))))

$(OUT)/verity-memtop-static: $(patsubst %.c,$(OUT)/static/%.o,cli/main.c $(PURE) $(LIVE))
	$(call say,LINK,$@)
	$(Q)$(CC) $(filter-out -pie,$(LINK_FLAGS)) -static -Wl,--build-id=none -Wl,--trace $^ -o $@ $(STATIC_LIBS) \
		>$@.libraries
	$(Q)$(CROSS)strip $@

static: $(OUT)/verity-memtop-static

# What the functional tests run in the guest besides the tool.
GUEST_TOOLS := $(OUT)/memtop-attached $(OUT)/table-load-fail $(OUT)/memtop-inject
GUEST_TOOLS += $(OUT)/run-nested $(OUT)/tell-level $(OUT)/dm-cycle
GUEST_TOOLS += $(OUT)/never-answers.so $(OUT)/refuses-programs.so
GUEST_TOOLS += $(OUT)/memtop-without $(OUT)/memtop-gaps $(OUT)/read-later
GUEST_TOOLS += $(OUT)/memtop-relocated

$(OUT)/memtop-attached: $(patsubst %.c,$(OUT)/plain/%.o,tests/functional/programs/attached.c $(PURE) $(LIVE))
	$(call say,LINK,$@)
	$(Q)$(CC) $(PLAIN_FLAGS) $(LINK_FLAGS) $^ -o $@ $(LIBS)

$(OUT)/memtop-relocated: $(patsubst %.c,$(OUT)/plain/%.o,tests/functional/programs/relocated.c $(PURE) $(LIVE))
	$(call say,LINK,$@)
	$(Q)$(CC) $(PLAIN_FLAGS) $(LINK_FLAGS) -Wl,--wrap=dead_code_remove $^ -o $@ $(LIBS)

# The tool, and its collector, on a kernel that lacks something.
$(OUT)/memtop-without: $(OUT)/plain/cli/main.o
$(OUT)/memtop-gaps: $(OUT)/plain/tests/functional/programs/gaps.o
$(OUT)/memtop-without $(OUT)/memtop-gaps: $(patsubst %.c,$(OUT)/plain/%.o,tests/functional/programs/without.c $(PURE) $(LIVE))
	$(call say,LINK,$@)
	$(Q)$(CC) $(PLAIN_FLAGS) $(LINK_FLAGS) -Wl,--wrap=syscall,--wrap=relocate_program $^ -o $@ $(LIBS)

$(OUT)/read-samples: $(patsubst %.c,$(OUT)/plain/%.o,tests/benchmark/read-samples.c $(PURE) $(LIVE))
	$(call say,LINK,$@)
	$(Q)$(CC) $(PLAIN_FLAGS) $(LINK_FLAGS) $^ -o $@ $(LIBS)

$(OUT)/tell-level: $(patsubst %.c,$(OUT)/plain/%.o,tests/functional/programs/tell-level.c $(PURE) $(LIVE))
	$(call say,LINK,$@)
	$(Q)$(CC) $(PLAIN_FLAGS) $(LINK_FLAGS) $^ -o $@ $(LIBS)

$(OUT)/run-nested: $(OUT)/plain/tests/functional/programs/run-nested.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(PLAIN_FLAGS) $(LINK_FLAGS) $^ -o $@ $(LIBS)

$(OUT)/table-load-fail $(OUT)/dm-cycle: $(OUT)/%: $(OUT)/plain/tests/functional/programs/%.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(PLAIN_FLAGS) $(LINK_FLAGS) $^ -o $@ $(shell $(PKG_CONFIG) --libs devmapper)

$(OUT)/read-later: $(OUT)/plain/tests/functional/programs/read-later.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(PLAIN_FLAGS) $(LINK_FLAGS) $^ -o $@ -lpthread

# For LD_PRELOAD.
$(OUT)/never-answers.so $(OUT)/refuses-programs.so: $(OUT)/%.so: tests/functional/programs/%.c
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) -fPIC -shared $(LDFLAGS) $< -o $@

$(OUT)/plain/tests/inject/inject.o: | $(OUT)/bpf/inject.skel.h

$(OUT)/memtop-inject: $(OUT)/plain/tests/inject/inject.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(PLAIN_FLAGS) $(LINK_FLAGS) $^ -o $@ $(LIBS)

# As ZSTD=no makes it.
$(OUT)/plain/no-zstd.o: cli/system/zstd.c Makefile | $(OUT)/deps
	$(call say,CC,$@)
	$(Q)$(CC) $(PLAIN_FLAGS) $(WARNINGS) $(NEEDED) $(CPPFLAGS) -DMEMTOP_NO_ZSTD -MMD -MP -c $< -o $@

$(OUT)/memtop-no-zstd: $(OUT)/plain/no-zstd.o $(filter-out %/system/zstd.o,$(patsubst %.c,$(OUT)/plain/%.o,cli/main.c $(PURE) $(FIXTURES)))
	$(call say,LINK,$@)
	$(Q)$(CC) $(PLAIN_FLAGS) $(LINK_FLAGS) $(PLAY_TIME) $^ -o $@ $(LIBS)

$(OUT)/%: $(OUT)/plain/tests/benchmark/%.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(PLAIN_FLAGS) $(LINK_FLAGS) $^ -o $@

# For tests that make one of many calls fail.
$(OUT)/fail.so: tests/lib/fail.c Makefile | $(OUT)/deps
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(WARNINGS) -D_GNU_SOURCE -fPIC -shared -fno-builtin $< -o $@ -ldl

# In one run of prove, so that its last line is about all tests; the longest ones begin
# first.
CHECKS := $(patsubst %,tests/commands/%.t,curves export-attacks record record-compact valgrind monitoring json) \
	$(patsubst %,$(OUT)/plain/unit/%,$(UNIT)) \
	$(patsubst %,$(OUT)/asan/unit/%,$(UNIT))
CHECKS += $(filter-out $(CHECKS),$(sort $(wildcard tests/source/*.t tests/commands/*.t)))

check: $(OUT)/deps-check $(filter $(OUT)/%,$(CHECKS)) $(OUT)/plain/memtop-fixture $(OUT)/bpf/stock.bpf.o \
		$(OUT)/asan/memtop-fixture $(OUT)/memtop-no-zstd $(OUT)/fuzz/replay $(OUT)/fail.so $(OUT)/print-options all asan
	$(Q)BUILD=$(OUT) $(PROVE) --norc --timer $(PROVE_FLAGS) --exec tests/lib/steady $(CHECKS)

golden-update: $(OUT)/asan/memtop-fixture $(OUT)/plain/memtop-fixture all
	$(Q)BUILD=$(OUT) GOLDEN_UPDATE=1 $(PROVE) --norc --exec '' tests/commands/golden.t tests/commands/export.t tests/commands/top.t

# Files that are generated from the catalogue of options.
$(OUT)/print-options: $(patsubst %.c,$(OUT)/plain/%.o,completions/print-options.c $(PURE) $(LIVE))
	$(call say,LINK,$@)
	$(Q)$(CC) $(PLAIN_FLAGS) $(LINK_FLAGS) $^ -o $@ $(LIBS)

options: $(OUT)/print-options
	$(Q)$(OUT)/print-options >$(OUT)/options && completions/generate $(OUT)/options .

# Compiles everything again: what bear does not see compiled is not in the list.
.PHONY: compile_commands.json
compile_commands.json:
	$(Q)kernel/install-deps --group build --group develop
	$(Q)bear --output $@.new -- $(MAKE) -B all
	$(Q)mv $@.new $@

# All texts that the program can show.
strings:
	$(Q)tests/strings

format:
	$(Q)$(CLANG_FORMAT) -i $$(git ls-files '*.c' '*.h' | grep -v '^vmlinux-headers/')

RELEASE_DIR := $(OUT)/release
dist:
	$(Q)packaging/dist $(RELEASE_DIR)

deb:
	$(Q)packaging/deb $(if $(SUITE),--suite $(SUITE)) $(if $(DEB_ARCH),--arch $(DEB_ARCH)) $(RELEASE_DIR)

image:
	$(Q)packaging/static --image $(RELEASE_DIR)

release:
	$(Q)packaging/release $(RELEASE_DIR)

test-packages: all
	$(Q)kernel/install-deps $(foreach group,build kernel test arm64 packages,--group $(group))
	$(Q)$(PROVE) --timer $(wildcard tests/packaging/*.t)

MONITORING = $(wildcard monitoring/*)
UNITS = $(wildcard systemd/*)
MAN7 = $(wildcard man/*.7)
MAN8 = $(wildcard man/*.8)
TOP_DOCS = README.md LICENSE
DOCS = $(wildcard docs/*)

# $(1): files, which keep their executable bit; $(2): directory
define install_files
for file in $(1); do \
	if [ -x "$$file" ]; then mode=755; else mode=644; fi; \
	$(INSTALL) -m $$mode -- "$$file" $(call q,$(2)/) || exit; \
done
endef

# Names that the service manager would interpret are escaped. It refuses quotes and
# backslashes in any form.
define install_units
case $(call q,$(sbindir)) in \
*[\"\'\\]*) echo "The units for systemd are left out: it starts no program whose path has a quote or a backslash." >&2 ;; \
*)	for unit in $(UNITS); do \
		file=$(call q,$(DESTDIR)$(unitdir)/)$${unit##*/}; \
		to=$$(printf %s/ $(call q,$(sbindir)) | sed 's/ /\\x20/g; s/%/%%/g') \
		awk '{ from = "/usr/local/sbin/"; at = index($$0, from) } \
			at { $$0 = substr($$0, 1, at - 1) ENVIRON["to"] substr($$0, at + length(from)) } \
			{ print }' "$$unit" >"$$file" && chmod 644 "$$file" || exit; \
	done ;; \
esac
endef

# The alerts link to the installed documentation with a URL.
define install_runbooks
to=$$(printf %s $(call q,$(docsdir)/) | sed 's/%/%25/g; s/ /%20/g; s/#/%23/g') \
	awk '{ from = "/usr/local/share/doc/verity-memtop/docs/"; at = index($$0, "file://" from) } \
		at { $$0 = substr($$0, 1, at + 6) ENVIRON["to"] substr($$0, at + 7 + length(from)) } \
		{ print }' monitoring/rules.yml >$(call q,$(DESTDIR)$(monitoringdir)/rules.yml)
endef

install: all
	$(call say,INSTALL,$(DESTDIR)$(prefix))
	$(Q)$(INSTALL) -d -m 755 -- $(foreach dir,$(INSTALL_DIRS),$(call q,$(DESTDIR)$($(dir))))
	$(Q)$(INSTALL) -m 755 -- $(OUT)/plain/verity-memtop $(call q,$(DESTDIR)$(sbindir)/)
	$(Q)$(INSTALL) -m 644 -- $(MAN7) $(call q,$(DESTDIR)$(man7dir)/)
	$(Q)$(INSTALL) -m 644 -- $(MAN8) $(call q,$(DESTDIR)$(man8dir)/)
	$(Q)$(INSTALL) -m 644 -- completions/verity-memtop.bash $(call q,$(DESTDIR)$(bashdir)/verity-memtop)
	$(Q)$(INSTALL) -m 644 -- completions/verity-memtop.zsh $(call q,$(DESTDIR)$(zshdir)/_verity-memtop)
	$(Q)$(INSTALL) -m 644 -- completions/verity-memtop.fish $(call q,$(DESTDIR)$(fishdir)/)
	$(Q)$(call install_files,$(TOP_DOCS),$(DESTDIR)$(docdir))
	$(Q)$(call install_files,$(DOCS),$(DESTDIR)$(docsdir))
	$(Q)$(call install_files,$(MONITORING),$(DESTDIR)$(monitoringdir))
	$(Q)$(install_runbooks)
	$(Q)$(install_units)

man7dir = $(mandir)/man7
man8dir = $(mandir)/man8
# with the directories of the source, so that relative links work
docsdir = $(docdir)/docs
monitoringdir = $(docdir)/monitoring
bashdir ?= $(prefix)/share/bash-completion/completions
zshdir ?= $(prefix)/share/zsh/site-functions
fishdir ?= $(prefix)/share/fish/vendor_completions.d
INSTALL_DIRS := sbindir man7dir man8dir docdir docsdir monitoringdir unitdir bashdir zshdir fishdir

# $(1): names, $(2): directory
there = $(foreach file,$(notdir $(1)),$(call q,$(DESTDIR)$(2)/$(file)))

uninstall:
	$(call say,REMOVE,$(DESTDIR)$(prefix))
	$(Q)rm -f -- $(call there,verity-memtop,$(sbindir)) $(call there,$(MAN7),$(man7dir)) \
		$(call there,$(MAN8),$(man8dir)) $(call there,verity-memtop,$(bashdir)) \
		$(call there,_verity-memtop,$(zshdir)) $(call there,verity-memtop.fish,$(fishdir)) \
		$(call there,$(TOP_DOCS),$(docdir)) $(call there,$(DOCS),$(docsdir)) $(call there,$(MONITORING),$(monitoringdir)) \
		$(call there,$(UNITS),$(unitdir))
	-$(Q)rmdir -- $(foreach dir,monitoringdir docsdir docdir,$(call q,$(DESTDIR)$($(dir))))

clean:
	rm -rf $(OUT)

# Other makefiles add to these: SLOW_TESTS for `make test`, all in one run of prove, and
# LONG_TARGETS for `make test-all`.
SLOW_TESTS :=
SLOW_NEEDS :=
LONG_TARGETS := test-packages
-include kernel/kernel.mk tests/vm/vm.mk tests/fuzz/fuzz.mk

# As many as the machine has processors, unless make has a number.
JOBS ?= $(shell nproc)
parallel = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS))

# The packages come first, so that each later make checks for them again. The kernels
# are built in parallel with the check. The tests that boot or build kernels come last.
test:
	$(Q)kernel/install-deps $(foreach group,$(TEST_GROUPS),--group $(group))
	$(Q)$(MAKE) $(parallel) check kernels
	$(Q)$(MAKE) $(parallel) slow-tests

# A VM gets only a part of a processor, so its time limits are longer.
slow-tests: all asan $(GUEST_TOOLS) kernels $(SLOW_NEEDS)
	$(Q)VM_SLOWER=$${VM_SLOWER:-2} $(PROVE) --norc --timer -j$(JOBS) $(SLOW_TESTS)

test-all:
	$(Q)$(MAKE) test
	$(Q)$(MAKE) $(LONG_TARGETS)

test-fresh:
	$(Q)tests/fresh-root $(if $(FRESH),$(call q,$(FRESH)))

help:
	$(Q)for file in Makefile kernel/kernel.mk tests/vm/vm.mk; do \
		sed -n -e '/^$$/q' -e '/SPDX/d' -e 's/^# \{0,1\}//p' "$$file"; echo; \
	done

# Measurements that count instructions: repeatable on a busy machine.
benchmark:
	$(Q)kernel/install-deps --group build --group kernel --group vm --group benchmark
	$(Q)$(MAKE) all $(GUEST_TOOLS) $(OUT)/read-blocks $(OUT)/sleep-wake $(OUT)/read-samples $(OUT)/time-command
	$(Q)tests/benchmark/hot-path
	$(Q)tests/benchmark/cold-cost
	$(Q)tests/benchmark/snapshots
	$(Q)tests/benchmark/top
	$(Q)tests/benchmark/record
	$(Q)tests/benchmark/watch
	$(Q)tests/benchmark/curves

bench-vm:
	$(Q)kernel/install-deps
	$(Q)$(MAKE) all $(GUEST_TOOLS)
	$(Q)tests/benchmark/bench-vm

demo:
	$(Q)kernel/install-deps
	$(Q)$(MAKE) all
	$(Q)tests/vm/demo

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
