# SPDX-License-Identifier: GPL-2.0-only
#
#   make soak       the fuzzer for SOAK_SECONDS=600, where make check tries 3000 inputs

FUZZ_FLAGS := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
	-DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
FUZZ_SANITIZE := fuzzer,address,undefined
FUZZ_OBJECTS := $(patsubst %.c,$(OUT)/fuzz/%.o,tests/fuzz/replay.c $(PURE) $(FIXTURES))
SOAK_SECONDS ?= 600

.PHONY: soak

$(OUT)/deps-fuzz: tests/fuzz/fuzz.mk
	@mkdir -p $(@D)
	@echo 'int LLVMFuzzerTestOneInput(const char *, unsigned long);' \
		'int LLVMFuzzerTestOneInput(const char *p, unsigned long n)' \
		'{ return p && n > 1UL << 40; }' | \
		$(CLANG) -fsanitize=$(FUZZ_SANITIZE) -x c - -o $@ || { \
		echo "make check lacks libFuzzer for $(CLANG). Run kernel/install-deps as root." >&2; \
		exit 1; }

$(OUT)/fuzz/%.o: %.c Makefile tests/fuzz/fuzz.mk | $(OUT)/deps $(OUT)/deps-fuzz
	@mkdir -p $(@D)
	$(call say,CLANG,$@)
	$(Q)$(CLANG) $(FUZZ_FLAGS) -fsanitize=$(subst fuzzer,fuzzer-no-link,$(FUZZ_SANITIZE)) \
		$(NEEDED) $(CPPFLAGS) -MMD -MP -c $< -o $@

$(OUT)/fuzz/replay: $(FUZZ_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CLANG) $(FUZZ_FLAGS) -fsanitize=$(FUZZ_SANITIZE) $(filter-out -specs=%,$(LDFLAGS)) $(PLAY_TIME) $^ -o $@ $(LIBS)

soak: $(OUT)/deps-check $(OUT)/memtop-no-zstd $(OUT)/fuzz/replay $(OUT)/plain/memtop-fixture
	$(Q)BUILD=$(OUT) FUZZ_SECONDS=$(SOAK_SECONDS) $(PROVE) --norc --exec '' tests/commands/fuzz.t
