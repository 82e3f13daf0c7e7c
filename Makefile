# SPDX-License-Identifier: GPL-3.0-or-later
#
#   make            build/tare, build/tare-agent, build/image
#   make report     set-up, build, the quick suite, REPORT.md
#   make check      set-up, build, every test        (SAN=1: unit tests under ASan, UBSan)
#   make bench-precision  how precise the schedule is on this machine (BUDGET=10m TRIAL=5s)
#   make check-lab  the same build in an emulated machine with KVM and cgroup v2
#   make lint       formatter, analysers, house rules
#   make install    PREFIX=/usr/local DESTDIR=
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
CC ?= gcc
PREFIX ?= /usr/local
SETUP ?= yes
SUITE ?= quick
BUDGET ?= 9m
B := build$(if $(SAN),/san)

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wwrite-strings -Wformat=2 -Wundef -Wvla -Walloca -Werror \
	-Wno-format-truncation # cutting a text short is what our buffers are for
CFLAGS ?= -O2 -g
comma := ,
SANFLAGS := $(if $(SAN),-fsanitize=address$(comma)undefined -fno-sanitize-recover=all)
PKGS := libvirt libvirt-qemu lxc hwloc sqlite3 jansson gsl yaml-0.1
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS = $(shell pkg-config --libs $(PKGS) 2>/dev/null)
ALL_CFLAGS = -std=gnu17 -D_GNU_SOURCE -iquote . $(WARN) -MMD -MP $(CFLAGS) $(SANFLAGS)

LIB_SRC := $(filter-out bench/agent/%,$(wildcard bench/*/*.c)) $(wildcard drivers/*.c) \
	bench/agent/sha256.c
LIB_OBJ := $(LIB_SRC:%.c=$(B)/obj/%.o)
AGENT_SRC := $(wildcard bench/agent/*.c) $(wildcard bench/workload/*.c)
AGENT_OBJ := $(AGENT_SRC:%.c=build/obj-agent/%.o)
UNIT := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/test_*.c))
CONTRACT := $(patsubst tests/contract/%.c,$(B)/tests/%,$(wildcard tests/contract/test_*.c))
# Tools for the tests: main programs that are no tests themselves.
TOOLS := $(patsubst tests/fixtures/%.c,$(B)/tests/%,$(wildcard tests/fixtures/*.c))

.PHONY: all image programs tests setup check check-unit check-lab report bench-precision \
	install lint clean FORCE
all: programs image
programs: $(B)/tare build/tare-agent

# --- objects ---
# One clear line instead of a header that is not found.
.PHONY: packages
packages:
	@pkg-config --exists --print-errors $(PKGS) || { \
		echo "development packages are missing: run 'make setup' (as root)" >&2; exit 1; }
$(B)/obj/%.o: %.c | packages
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(ALL_CFLAGS) $(PKG_CFLAGS) -c -o $@ $<
# Tests may; the program may not.
$(LIB_OBJ) $(B)/obj/bench/main.o: ALL_CFLAGS += -include bench/base/banned.h
# The schema is part of the program (.incbin).
$(B)/obj/bench/store/store.o $(B)/obj/bench/store/store_schema.o: results/schema.sql
# So are the page's style and script.
$(B)/obj/bench/report/report_assets.o: bench/report/page/page.css bench/report/page/page.js
# The agent is one static file that runs on any x86-64 of the host's kind: no -march; its
# bytes do not depend on where it was built.
build/obj-agent/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC $< (agent)"
	@$(CC) -std=gnu17 -D_GNU_SOURCE -iquote . $(WARN) -MMD -MP -O2 -g -fno-plt \
		-ffile-prefix-map=$(CURDIR)=. -include bench/base/banned.h -c -o $@ $<

$(B)/libtare.a: $(LIB_OBJ)
	@rm -f $@
	@echo "  AR $@"
	@ar rcs $@ $^
$(B)/tare: $(B)/obj/bench/main.o $(B)/libtare.a
	@echo "  LD $@"
	@$(CC) $(CFLAGS) $(SANFLAGS) -o $@ $^ $(PKG_LIBS) -lm -lpthread
build/tare-agent: $(AGENT_OBJ)
	@echo "  LD $@ (static)"
	@$(CC) -static -o $@ $^ -lm -lpthread

# --- the tree that every platform runs ---
image: build/tare-agent
	scripts/mkimage --agent build/tare-agent build/image

# --- tests ---
$(B)/tests/%: $(B)/obj/tests/unit/%.o $(B)/libtare.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) $(CFLAGS) $(SANFLAGS) -o $@ $^ $(PKG_LIBS) -lm -lpthread
$(B)/tests/%: $(B)/obj/tests/contract/%.o $(B)/libtare.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) $(CFLAGS) $(SANFLAGS) -o $@ $^ $(PKG_LIBS) -lm -lpthread
$(B)/tests/%: $(B)/obj/tests/fixtures/%.o $(B)/libtare.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) $(CFLAGS) $(SANFLAGS) -o $@ $^ $(PKG_LIBS) -lm -lpthread
tests: $(UNIT) $(CONTRACT) $(TOOLS)
.SECONDARY: $(patsubst tests/%.c,$(B)/obj/tests/%.o,$(wildcard tests/*/*.c)) # kept

# The sanitized program finds beside itself what build/tare finds.
SAN_LINKS := $(if $(SAN),ln -sfn ../configs build/configs; ln -sfn ../plots build/plots; \
	ln -sfn ../image build/san/image)
SAN_TARE := $(if $(SAN),TARE=$(CURDIR)/$(B)/tare)
setup:
	@SETUP=$(SETUP) scripts/setup
# Set-up comes first, then a make of its own: what pkg-config says may have changed.
check: setup
	$(MAKE) --no-print-directory programs image tests
	@$(SAN_LINKS)
	@$(SAN_TARE) scripts/check $(B) $(if $(SAN),unit contract cli)
check-unit: tests build/tare-agent
	@scripts/check $(B) unit
# In emulated machines with hardware KVM, cgroup v2, systemd (scripts/lab); twelve minutes on
# two idle cores.
check-lab: setup
	$(MAKE) --no-print-directory all
	@tests/lab/check
report:
	@SETUP=$(SETUP) scripts/setup report
	$(MAKE) --no-print-directory all
	build/tare run $(SUITE) --budget $(BUDGET)
	build/tare report last --top REPORT.md
# Trials of this schedule and of others in turns under the same load; asserts nothing.
TRIAL ?= 5s
bench-precision: BUDGET := $(if $(filter file,$(origin BUDGET)),10m,$(BUDGET))
bench-precision: setup
	$(MAKE) --no-print-directory all
	build/tare precision --budget $(BUDGET) --trial $(TRIAL)

# --- the rest ---
DEST = $(DESTDIR)$(PREFIX)
install: all
	install -d $(DEST)/bin $(DEST)/lib/tare $(DEST)/share/tare $(DEST)/share/man/man1
	install -m 755 build/tare build/tare-agent $(DEST)/bin
	rm -rf $(DEST)/lib/tare/image # a library of an older one would be part of the tree
	cp -rT build/image $(DEST)/lib/tare/image
	cp -rT configs $(DEST)/share/tare/configs
	cp -rT plots $(DEST)/share/tare/plots
	chmod -R u=rwX,go=rX $(DEST)/lib/tare $(DEST)/share/tare
	install -m 644 docs/tare.1 $(DEST)/share/man/man1
lint:
	scripts/lint
clean:
	rm -rf build

-include $(shell find build/obj build/obj-agent build/san/obj -name '*.d' 2>/dev/null)

include tests/fuzz/Makefile.inc
