/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_LAB_SERVE_H
#define TARE_LAB_SERVE_H

/* Runs commands that come over `port`, one after the other, each by `run`, which never
 * returns and has its stdout and stderr as told; returns when asked to turn off. */
void serve(int port, void (*run)(const char *command, int out, int err));

/* Exit status of a child as a shell has it; takes in whoever else ends meanwhile. */
int wait_for(int child);

#endif
