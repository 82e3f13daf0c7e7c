/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include "bench/host/room.h"
#include "bench/study/start.h"
#include "bench/study/study.h"

#define HOST_SHARE 0.5

/* Idle instances beside others: half of the host's memory stays with it. */
static int keep_to_room(struct session *session, struct start_settings *settings,
			struct err *err)
{
	unsigned asked = settings->running[settings->running_nr - 1], most;
	struct room room;
	const char *why;
	int rc;

	room_raise_files();
	rc = room_read(session->run_dir, &room, err);
	if (rc)
		return rc;
	if (session->options->instances && session->options->instances < asked)
		asked = session->options->instances;
	most = room_instances(&room, session->platforms.nr, settings->head.memory_bytes,
			      HOST_SHARE, asked, &why);
	while (settings->running_nr > 1 &&
	       settings->running[settings->running_nr - 1] > most)
		progress_note(&session->progress,
			      "not beside %u instances: only up to %u%s%s",
			      settings->running[--settings->running_nr], most,
			      *why ? ", for want of " : "", why);
	return 0;
}

static int measure(struct session *session, void *settings, struct err *err)
{
	int rc = keep_to_room(session, settings, err);

	return rc ? rc : start_run(session, settings, err);
}

static int run(const struct options *options)
{
	struct start_settings settings;

	return study_run(options, &study_start, &settings, measure);
}

const struct command cmd_start = {
	.name = "start",
	.arguments = "[SUITE]",
	.summary = "how long a platform takes to start and to end",
	.help = "SUITE is a name in configs/suites or a YAML file (default: start).\n"
		"From the request to the agent's first word, and from the request to "
		"end\n"
		"to nothing left: with a cold image, beside 0, 1, 2, 4 and 8 instances "
		"of\n"
		"the same platform, and against the platform's own tool (lxc-start, "
		"qemu,\n"
		"and plain fork and exec, which no start can beat). Above 1 is faster "
		"than\n"
		"the first line's platform. --budget is shared out among these; each "
		"takes at\n"
		"least eight rounds, two with guests, however small its share.\n",
	.accepts = "store on budget instances seed format quiet config image strict",
	.run = run,
};
