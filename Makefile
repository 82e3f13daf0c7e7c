# SPDX-License-Identifier: GPL-3.0-or-later
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

CC ?= gcc
B := build
PKGS := libvirt libvirt-qemu lxc hwloc sqlite3 jansson gsl yaml-0.1
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wwrite-strings -Wformat=2 -Wundef -Wvla -Werror
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=gnu17 -D_GNU_SOURCE $(WARN) -MMD -MP $(CFLAGS)

LIB_SRC := $(filter-out bench/main.c,$(wildcard bench/*.c)) $(wildcard drivers/*.c) $(wildcard bench/workload/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(B)/obj/%.o)

all: $(B)/tare $(B)/tare-agent
$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $$(pkg-config --cflags $(PKGS)) -c -o $@ $<
$(B)/libtare.a: $(LIB_OBJ)
	rm -f $@ && ar rcs $@ $^
$(B)/tare: $(B)/obj/bench/main.o $(B)/libtare.a
	$(CC) $(CFLAGS) -o $@ $^ $$(pkg-config --libs $(PKGS)) -lm -lpthread
.PHONY: all
-include $(LIB_OBJ:.o=.d)
