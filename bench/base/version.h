/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_VERSION_H
#define TARE_VERSION_H

#define TARE_VERSION "0.1.0"

#endif
