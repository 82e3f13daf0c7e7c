/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_TRAITS_H
#define TARE_TRAITS_H

/*
 * What a program can tell its platform by: "key=value" lines.  Nothing here changes
 * anything outside a file of its own: it may run as root on the host itself.
 */
#include <stdio.h>

/* "syscall.NAME=…": what each system call says to arguments that no kernel accepts:
 * "reached", "ENOSYS", "EPERM", "killed". */
void traits_syscalls(FILE *to);
/* "file.PATH=rw|r-|-w|--": what of /proc, /sys and /dev can be opened; or the errno. */
void traits_files(FILE *to);
/* "cpu.…", "cache.…", "limit.…" */
void traits_machine(FILE *to);
/* "disk.…": what the file system (or device) of a path's target can do. Works in a file
 * of its own beside the target, which goes again. */
void traits_disk(const char *target, FILE *to);

/* traits.c: answers TRAITS; target "": the platform itself. */
int traits_answer(int channel, const char *target);

#endif
