/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_UTF8_H
#define TARE_UTF8_H

#include <stddef.h>

/* Length of the UTF-8 sequence at text (not ""), 0 where there is none that a reader may
 * see: broken ones, control characters, marks that hide or turn what follows. */
size_t utf8_visible(const char *text);

#endif
