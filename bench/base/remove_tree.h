/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REMOVE_TREE_H
#define TARE_REMOVE_TREE_H

/* Removes a folder and what is in it, as far as that can be: never through a link, never
 * into another file system. */
void remove_tree(const char *dir);

#endif
