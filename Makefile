# xmppd: one Makefile, no recursion into folders. `make help` lists targets.
#
#   V=1           show commands
#   SAN=address   (or thread, undefined) instrumented build in its own folder
#   CONFIG=file   what `make run` serves
#   PREFIX=/usr/local DESTDIR=

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.SECONDARY:
.DEFAULT_GOAL := all

PREFIX ?= /usr/local
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' '$(1)' '$(2)')

SAN ?=
BUILD := build$(if $(SAN),/$(SAN))
BIN := $(BUILD)/bin
OBJ := $(BUILD)/obj

CC := $(if $(filter default,$(origin CC)),gcc,$(CC))
FUZZ_CC ?= clang
PACKAGES := openssl expat libuv sqlite3 yaml-0.1 libidn libidn2 jansson ldns
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lpthread -lm
VERSION := 0.1.0

HARDENING := -fstack-protector-strong -fstack-clash-protection -fPIE \
	$(if $(SAN),,-D_FORTIFY_SOURCE=2)
, := ,
SAN_FLAGS := $(if $(filter address,$(SAN)),-fsanitize=address$(,)undefined \
	-fno-sanitize-recover=all,$(if $(SAN),-fsanitize=$(SAN)))
# A sanitizer's build keeps its assertions and its line numbers.
OPTIMISE ?= $(if $(SAN),-O1 -fno-omit-frame-pointer,-O2) -g
WARNINGS := -Wall -Wextra -Werror -Wstrict-prototypes -Wmissing-prototypes \
	-Wshadow -Wvla -Wformat=2 -Wno-format-nonliteral \
	-Wno-missing-field-initializers
CFLAGS += -std=c17 -D_GNU_SOURCE -I. -DXMPPD_VERSION='"$(VERSION)"' \
	$(OPTIMISE) $(WARNINGS) $(HARDENING) $(SAN_FLAGS) $(PKG_CFLAGS)
LDFLAGS += -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(SAN_FLAGS)

# --- what is built: found, not listed ---------------------------------------
sources = $(filter-out %/main.c,$(shell find $(1) -name '*.c' 2>/dev/null | LC_ALL=C sort))
CFGPARSE_SRC := $(call sources,cfgparse)
CERTGEN_SRC := $(call sources,certgen)
DNSCHECK_SRC := $(call sources,dnscheck)
SERVER_SRC := $(call sources,server)
TOOLS_SRC := $(filter-out tools/xmppctl.c tools/xmpp-bench.c,$(call sources,tools))
objects = $(patsubst %.c,$(OBJ)/%.o,$(1))

# Every module file defines `const struct module mod_NAME`.
MODULE_SRC := $(sort $(wildcard server/modules/mod_*.c server/modules/*/mod_*.c))
MODULE_NAMES := $(basename $(notdir $(MODULE_SRC)))
MODULE_TABLE := $(BUILD)/module_table.c

LIB_CFGPARSE := $(BUILD)/lib/libcfgparse.a
LIB_CERTGEN := $(BUILD)/lib/libcertgen.a
LIB_DNSCHECK := $(BUILD)/lib/libdnscheck.a
LIB_SERVER := $(BUILD)/lib/libserver.a
LIB_TOOLS := $(BUILD)/lib/libtools.a
# Linking order: who uses comes before who is used.
ALL_LIBS := $(LIB_TOOLS) $(LIB_SERVER) $(LIB_DNSCHECK) $(LIB_CERTGEN) \
	$(LIB_CFGPARSE)

PROGRAMS := xmppd xmppctl xmpp-cfglint xmpp-certgen xmpp-dnscheck xmpp-bench
MAIN_xmppd := server/main.c
MAIN_xmppctl := tools/xmppctl.c
MAIN_xmpp-cfglint := cfgparse/main.c
MAIN_xmpp-certgen := certgen/main.c
MAIN_xmpp-dnscheck := dnscheck/main.c
MAIN_xmpp-bench := tools/xmpp-bench.c
HAVE := $(foreach p,$(PROGRAMS),$(if $(wildcard $(MAIN_$(p))),$(p)))

.PHONY: all
all: $(addprefix $(BIN)/,$(HAVE))

$(OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(MODULE_TABLE): $(MODULE_SRC) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "server/core/module.h"'; \
	for m in $(MODULE_NAMES); do echo "extern const struct module $$m;"; done; \
	echo 'const struct module *const module_table[] = {'; \
	for m in $(MODULE_NAMES); do echo "	&$$m,"; done; \
	echo '	NULL };'; } > $@

$(OBJ)/module_table.o: $(MODULE_TABLE)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -c -o $@ $<

define archive
	@mkdir -p $(@D)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)ar rcs $@ $^
endef
$(LIB_CFGPARSE): $(call objects,$(CFGPARSE_SRC))
	$(archive)
$(LIB_CERTGEN): $(call objects,$(CERTGEN_SRC))
	$(archive)
$(LIB_DNSCHECK): $(call objects,$(DNSCHECK_SRC))
	$(archive)
$(LIB_SERVER): $(call objects,$(SERVER_SRC)) $(if $(MODULE_SRC),$(OBJ)/module_table.o)
	$(archive)
$(LIB_TOOLS): $(call objects,$(TOOLS_SRC))
	$(archive)

define program
$(BIN)/$(1): $(OBJ)/$(basename $(MAIN_$(1))).o $(ALL_LIBS)
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$$(Q)$$(CC) $$(LDFLAGS) -o $$@ $$^ $$(LIBS)
endef
$(foreach p,$(HAVE),$(eval $(call program,$(p))))

# --- tests ------------------------------------------------------------------
# tests/unit/ROOM/test_x.c and tests/contract/test_x.c: one cmocka program each.
UNIT_SRC := $(shell find tests/unit tests/contract -name 'test_*.c' 2>/dev/null | LC_ALL=C sort)
UNIT_BIN := $(patsubst tests/%.c,$(BUILD)/tests/%,$(UNIT_SRC))
TEST_SUPPORT := $(call objects,$(shell find tests/support -name '*.c' 2>/dev/null))

$(BUILD)/tests/%: $(OBJ)/tests/%.o $(TEST_SUPPORT) $(ALL_LIBS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

.PHONY: tests
tests: $(UNIT_BIN)

# --- fuzzing: tests/fuzz/fuzz_x.c, seeds in tests/fuzz/seeds/x/ ---------------
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(FUZZ_SRC))
FUZZ_OBJ := build/fuzz/obj
FUZZ_CFLAGS = -std=c17 -D_GNU_SOURCE -I. -DXMPPD_VERSION='"$(VERSION)"' -g -O1 \
	-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	$(PKG_CFLAGS)
FUZZ_LIB_SRC := $(CFGPARSE_SRC) $(CERTGEN_SRC) $(DNSCHECK_SRC) $(SERVER_SRC)

$(FUZZ_OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,FUZZCC,$<)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -MMD -MP -c -o $@ $<
$(FUZZ_OBJ)/module_table.o: $(MODULE_TABLE)
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -c -o $@ $<
build/fuzz/libfuzzed.a: $(patsubst %.c,$(FUZZ_OBJ)/%.o,$(FUZZ_LIB_SRC)) $(if $(MODULE_SRC),$(FUZZ_OBJ)/module_table.o)
	@rm -f $@
	$(Q)ar rcs $@ $^
build/fuzz/fuzz_%: $(FUZZ_OBJ)/tests/fuzz/fuzz_%.o build/fuzz/libfuzzed.a
	$(call say,FUZZLD,$@)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -o $@ $^ $(LIBS)

.PHONY: fuzz-build
fuzz-build: $(addprefix build/fuzz/fuzz_,$(FUZZ_NAMES))

.PHONY: clean format help
clean:
	rm -rf build

format:
	$(Q)find cfgparse certgen dnscheck server tools tests -name '*.[ch]' | \
		xargs clang-format -i

help:
	@grep -E '^\.PHONY' Makefile

-include $(shell find $(BUILD)/obj $(FUZZ_OBJ) -name '*.d' 2>/dev/null)
