/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_IMAGE_H
#define TARE_IMAGE_H

/*
 * The tree that every platform runs, as scripts/mkimage leaves it in a folder:
 * root/, guest.cpio, vmlinux, manifest ("key=value" lines: tree_sha256,
 * agent_sha256, fio_sha256, kernel_version, fio_version, …).
 */
#include "drivers/driver.h"

/* dir NULL: beside the program (build/image), else <libdir>/tare/image. The manifest is
 * checked against the files (agent and fio hashes). Missing: error with "run 'make'". */
int image_open(const char *dir, struct image **ret, struct err *err);
void image_close(struct image *image);
/* Manifest value or NULL. */
const char *image_manifest(const struct image *image, const char *key);

#endif
