# xmppd: one Makefile, no recursion into folders. `make help` lists targets.
#
#   V=1           show commands
#   SAN=address   (or thread, undefined) instrumented build in its own folder
#   CONFIG=file   what `make run` serves
#   PREFIX=/usr/local DESTDIR=	where `make install` puts things
#   CFLAGS= LDFLAGS=		added behind the project's own
#
# Sources, modules, tests and fuzz targets are found, not listed.

MAKEFLAGS += --no-builtin-rules
# All processors, unless -j says otherwise.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || getconf NPROCESSORS_ONLN || echo 2)
endif
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

PREFIX ?= /usr/local
VERSION := 0.1.0
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' '$(1)' '$(2)')

SAN ?=
BUILD := build$(if $(SAN),/$(SAN))
BIN := $(BUILD)/bin
OBJ := $(BUILD)/obj

# --- packages -----------------------------------------------------------------
# What the goals need of Debian is seen to before anything else is read, as the
# flags below ask pkg-config. tools/packages installs for root; others are told
# what is missing. Plain builds install nothing.
goals := $(or $(MAKECMDGOALS),all)
purposes := $(sort \
	$(if $(filter-out clean help format uninstall,$(goals)),build) \
	$(if $(filter run deps,$(goals)),run) \
	$(if $(filter check% suites tests docs deps,$(goals)),run check) \
	$(if $(filter check-interop,$(goals)),interop) \
	$(if $(filter fuzz fuzz-build,$(goals)),fuzz) \
	$(if $(filter tidy,$(goals)),tidy) \
	$(if $(filter format,$(goals)),format) \
	$(if $(filter deps,$(goals)),$(FOR)))
dry_run := $(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS))))
installing := $(and $(filter run check% fuzz deps,$(goals)),$(if $(dry_run),,yes))
ifneq ($(purposes),)
missing := $(shell tools/packages \
	$(if $(installing),,--missing) $(purposes))
ifneq ($(missing),)
$(error these Debian packages are missing: $(missing). \
Run `make deps` as root, or apt-get install them)
endif
endif

# --- flags --------------------------------------------------------------------
CC := $(if $(filter default,$(origin CC)),gcc,$(CC))
FUZZ_CC ?= clang
LIBRARIES := openssl expat libuv sqlite3 yaml-0.1 libidn libidn2 libpcre2-8 jansson ldns
PKG_CFLAGS := $(shell pkg-config --cflags $(LIBRARIES) 2>/dev/null)
LIBS := $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null) -lpthread -lm

SAN_address := -fsanitize=address,undefined -fno-sanitize-recover=all
SAN_undefined := -fsanitize=undefined -fno-sanitize-recover=all
SAN_thread := -fsanitize=thread
SAN_FLAGS := $(SAN_$(SAN))
ifneq ($(if $(SAN),$(or $(SAN_FLAGS),unknown)),$(SAN_FLAGS))
$(error SAN is one of: address thread undefined)
endif

MACHINE := $(shell uname -m)
HARDENING := -fPIE -fstack-protector-strong -fstack-clash-protection \
	$(if $(filter x86_64 amd64 i%86,$(MACHINE)),-fcf-protection) \
	$(if $(SAN),,-D_FORTIFY_SOURCE=2)
# A sanitizer's build keeps its line numbers.
OPTIMISE ?= $(if $(SAN),-O1 -fno-omit-frame-pointer,-O2) -g
WARNINGS := -Wall -Wextra -Werror -Wstrict-prototypes -Wmissing-prototypes \
	-Wshadow -Wvla -Wformat=2 -Wno-format-nonliteral \
	-Wno-missing-field-initializers
LANGUAGE := -std=c17 -D_GNU_SOURCE -I. -DXMPPD_VERSION='"$(VERSION)"'
COMPILE = $(CC) $(LANGUAGE) $(OPTIMISE) $(WARNINGS) $(HARDENING) $(SAN_FLAGS) \
	$(PKG_CFLAGS) $(CFLAGS)
LINK = $(CC) -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--as-needed \
	$(SAN_FLAGS) $(LDFLAGS)

# A change of flags or of the list of sources rebuilds what it touches.
# $(call remember,FILE,TEXT)
remember = $(if $(findstring |$(strip $(file <$(1)))|,|$(strip $(2))|),,\
	$(shell mkdir -p $(dir $(1)))$(file >$(1),$(strip $(2))))
$(call remember,$(BUILD)/flags,$(COMPILE) $(LINK))

# --- what is built ------------------------------------------------------------
found = $(shell find $(1) -name '$(2)' 2>/dev/null | LC_ALL=C sort)
sources = $(filter-out %/main.c,$(call found,$(1),*.c))
objects = $(patsubst %.c,$(OBJ)/%.o,$(1))
CFGPARSE_SRC := $(call sources,cfgparse)
CERTGEN_SRC := $(call sources,certgen)
DNSCHECK_SRC := $(call sources,dnscheck)
SERVER_SRC := $(call sources,server)
TOOLS_MAIN := tools/xmppctl.c tools/xmpp-bench.c
TOOLS_SRC := $(filter-out $(TOOLS_MAIN),$(call sources,tools))
$(call remember,$(BUILD)/sources,$(CFGPARSE_SRC) $(CERTGEN_SRC) \
	$(DNSCHECK_SRC) $(SERVER_SRC) $(TOOLS_SRC))

# Every module file server/modules/mod_NAME.c defines `const struct module
# mod_NAME`; the table of all of them is written here.
MODULE_SRC := $(sort $(wildcard server/modules/mod_*.c \
	server/modules/*/mod_*.c))
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

MAIN_xmppd := server/main.c
MAIN_xmppctl := tools/xmppctl.c
MAIN_xmpp-cfglint := cfgparse/main.c
MAIN_xmpp-certgen := certgen/main.c
MAIN_xmpp-dnscheck := dnscheck/main.c
MAIN_xmpp-bench := tools/xmpp-bench.c
PROGRAMS := xmppd xmppctl xmpp-cfglint xmpp-certgen xmpp-dnscheck xmpp-bench
HAVE := $(foreach p,$(PROGRAMS),$(if $(wildcard $(MAIN_$(p))),$(p)))

.PHONY: all
all: $(addprefix $(BIN)/,$(HAVE)) ## build the programs in build/bin (default)

$(OBJ)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

$(MODULE_TABLE): $(BUILD)/sources Makefile
	@mkdir -p $(@D)
	@{ echo '#include "server/core/module.h"'; \
	for m in $(MODULE_NAMES); do echo "extern const struct module $$m;"; \
	done; \
	echo 'const struct module *const module_table[] = {'; \
	for m in $(MODULE_NAMES); do echo "	&$$m,"; done; \
	echo '	NULL };'; } > $@

$(OBJ)/module_table.o: $(MODULE_TABLE) $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

define archive
	@mkdir -p $(@D)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)ar rcs $@ $(filter %.o,$^)
endef
$(LIB_CFGPARSE): $(call objects,$(CFGPARSE_SRC)) $(BUILD)/sources
	$(archive)
$(LIB_CERTGEN): $(call objects,$(CERTGEN_SRC)) $(BUILD)/sources
	$(archive)
$(LIB_DNSCHECK): $(call objects,$(DNSCHECK_SRC)) $(BUILD)/sources
	$(archive)
$(LIB_SERVER): $(call objects,$(SERVER_SRC)) $(BUILD)/sources \
		$(if $(MODULE_SRC),$(OBJ)/module_table.o)
	$(archive)
$(LIB_TOOLS): $(call objects,$(TOOLS_SRC)) $(BUILD)/sources
	$(archive)

define program
$(BIN)/$(1): $(OBJ)/$(basename $(MAIN_$(1))).o $(ALL_LIBS)
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$$(Q)$$(LINK) -o $$@ $$^ $$(LIBS)
endef
$(foreach p,$(HAVE),$(eval $(call program,$(p))))

.PHONY: run
run: all ## lint, certificate, DNS, server: CONFIG=file (default: localhost)
	@BIN=$(BIN) tools/run $(CONFIG)

# --- tests --------------------------------------------------------------------
# tests/unit/ROOM/test_x.c, tests/contract/test_x.c: one cmocka program each.
# tests/golden/*, tests/scenario/*, tests/interop/*: executable files that print
# their cases. tools/check-*: the checks of the tree. docs/testing.md says more.
UNIT_SRC := $(call found,tests/unit tests/contract,test_*.c)
UNIT_BIN := $(patsubst tests/%.c,$(BUILD)/tests/%,$(UNIT_SRC))
TEST_SUPPORT := $(call objects,$(call found,tests/support,*.c))
scripts = $(shell find $(1) -maxdepth 1 -type f -perm -100 2>/dev/null | \
	LC_ALL=C sort)
SCRIPTS := $(call scripts,tests/golden tests/scenario)
CHECKS := $(sort $(wildcard tools/check-*)) tools/run-tests
RUN_TESTS = tools/run-tests --build $(BUILD) $(if $(SAN),--san $(SAN)) \
	$(if $(V),--verbose)

$(BUILD)/tests/%: $(OBJ)/tests/%.o $(TEST_SUPPORT) $(ALL_LIBS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(LIBS) -lcmocka

.PHONY: tests check suites check-asan check-tsan check-interop
tests: $(UNIT_BIN)

check: all tests ## all tests and tree checks that need only small packages
	@$(RUN_TESTS) --record check $(UNIT_BIN) $(SCRIPTS) $(CHECKS)

# The same tests on an instrumented build; the tree is checked once, by check.
suites: all tests
	@$(RUN_TESTS) --record $(or $(RECORD),check-$(SAN)) $(UNIT_BIN) $(SCRIPTS)
check-asan: ## the tests under AddressSanitizer and UBSan
	@$(MAKE) --no-print-directory SAN=address RECORD=$@ suites
check-tsan: ## the tests under ThreadSanitizer
	@$(MAKE) --no-print-directory SAN=thread RECORD=$@ suites

check-interop: all ## tests against Debian's clients and servers
	@$(RUN_TESTS) --record check-interop $(call scripts,tests/interop)

# --- fuzzing: tests/fuzz/fuzz_x.c, seeds in tests/fuzz/seeds/x/ ----------------
FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,\
	$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_OBJ := build/fuzz/obj
FUZZ_COMPILE = $(FUZZ_CC) $(LANGUAGE) -g -O1 $(PKG_CFLAGS) \
	-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
FUZZ_LIB_SRC := $(CFGPARSE_SRC) $(CERTGEN_SRC) $(DNSCHECK_SRC) $(SERVER_SRC)
FUZZ_SECONDS ?= 60

$(FUZZ_OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,FUZZCC,$<)
	$(Q)$(FUZZ_COMPILE) -MMD -MP -c -o $@ $<
$(FUZZ_OBJ)/module_table.o: $(MODULE_TABLE)
	@mkdir -p $(@D)
	$(Q)$(FUZZ_COMPILE) -MMD -MP -c -o $@ $<
build/fuzz/libfuzzed.a: $(patsubst %.c,$(FUZZ_OBJ)/%.o,$(FUZZ_LIB_SRC)) \
		$(BUILD)/sources $(if $(MODULE_SRC),$(FUZZ_OBJ)/module_table.o)
	$(archive)
build/fuzz/fuzz_%: $(FUZZ_OBJ)/tests/fuzz/fuzz_%.o build/fuzz/libfuzzed.a
	$(call say,FUZZLD,$@)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -o $@ $^ $(LIBS)

.PHONY: fuzz fuzz-build
fuzz-build: $(addprefix build/fuzz/fuzz_,$(FUZZ_NAMES))
fuzz: fuzz-build ## every fuzz target: its seeds, then FUZZ_SECONDS (60)
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tools/run-fuzz $(FUZZ_NAMES)

# --- the rest -----------------------------------------------------------------
.PHONY: bench bench-cfglint bench-certgen tidy format docs install uninstall deps clean help
bench: all ## measure against ejabberd and Prosody, where installed
	@tests/bench/run --bin $(BIN)
bench-cfglint: all ## the linter against Erlang's reader on a large file
	@tests/bench/bench_cfglint --bin $(BIN)
bench-certgen: all $(BUILD)/tests/bench/bare_pem ## the PEM tool against OpenSSL
	@tests/bench/bench_certgen --bin $(BIN) --bare $(BUILD)/tests/bench/bare_pem

TIDY := -*,bugprone-*,clang-analyzer-*,-bugprone-easily-swappable-parameters,$\
	-bugprone-reserved-identifier,-bugprone-assignment-in-if-condition,$\
	-clang-analyzer-security.insecureAPI.*
tidy: ## clang-tidy over all sources
	$(Q)clang-tidy --quiet --checks='$(subst $() ,,$(TIDY))' \
		$(CFGPARSE_SRC) $(CERTGEN_SRC) $(DNSCHECK_SRC) $(SERVER_SRC) \
		$(TOOLS_SRC) $(foreach p,$(HAVE),$(MAIN_$(p))) \
		-- $(LANGUAGE) $(PKG_CFLAGS)

format: ## clang-format over all sources
	$(Q)find cfgparse certgen dnscheck server tools tests -name '*.[ch]' | \
		xargs clang-format -i

docs: all ## write the generated pages anew
	@BIN=$(BIN) tools/make-docs

# What is installed: mode, file here, place under PREFIX.
DAEMONS := xmppd xmppctl
MAN_PAGES := $(addprefix $(BUILD)/man/,$(notdir \
	$(sort $(wildcard docs/man/*.[18]))))
INSTALLED := \
	$(foreach p,$(filter-out $(DAEMONS),$(HAVE)),755:$(BIN)/$(p):bin/$(p)) \
	$(foreach p,$(filter $(DAEMONS),$(HAVE)),755:$(BIN)/$(p):sbin/$(p)) \
	$(foreach m,$(MAN_PAGES),\
	644:$(m):share/man/man$(subst .,,$(suffix $(m)))/$(notdir $(m))) \
	$(foreach c,$(wildcard docs/completion/*.bash),\
	644:$(c):share/bash-completion/completions/$(basename $(notdir $(c)))) \
	$(foreach c,$(wildcard docs/completion/_*),\
	644:$(c):share/zsh/site-functions/$(notdir $(c))) \
	644:tools/localhost.cfg:share/doc/xmppd/examples/localhost.cfg \
	$(foreach d,README.md CHANGELOG.md SECURITY.md LICENSE,\
	644:$(d):share/doc/xmppd/$(d))

$(BUILD)/man/%: docs/man/% tools/make-man | all
	@mkdir -p $(@D)
	$(call say,MAN,$@)
	$(Q)BIN=$(BIN) tools/make-man $< > $@.new && mv $@.new $@

install: all $(MAN_PAGES) ## programs, manual pages, an example to DESTDIR/PREFIX
	$(Q)set -e; for entry in $(INSTALLED); do \
		place="$(DESTDIR)$(PREFIX)/$${entry##*:}"; \
		file=$${entry#*:}; file=$${file%:*}; \
		install -d "$${place%/*}"; \
		install -m "$${entry%%:*}" "$$file" "$$place"; \
		echo "  $$place"; \
	done

uninstall: ## remove what install puts there
	$(Q)for entry in $(INSTALLED); do \
		rm -f "$(DESTDIR)$(PREFIX)/$${entry##*:}"; \
	done
	$(Q)for d in /examples ''; do \
		rmdir "$(DESTDIR)$(PREFIX)/share/doc/xmppd$$d" 2>/dev/null; \
	done; true

deps: ## install what build and check need; FOR="interop fuzz" for more
	@echo "packages for $(purposes): all installed"

clean: ## remove build/
	$(Q)rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' \
		Makefile

-include $(shell find $(OBJ) $(FUZZ_OBJ) -name '*.d' 2>/dev/null)
