/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_STORE_SCHEMA_H
#define TARE_STORE_SCHEMA_H

/* NUL-ended text of results/schema.sql. */
extern const char store_schema[];
#define STORE_APPLICATION_ID 0x74617265
#define STORE_VERSION 3
#define STORE_VERSION_OLDEST 2 /* that can be imported */

#endif
