/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/host/topology.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/program.h"

/* hwloc's own drawing program under the names it is installed as; the legend would name
 * the host. */
static int draw(const char *xml, const char *file, struct err *err)
{
	static const char *const drawers[] = {"lstopo-no-graphics", "lstopo"};

	for (size_t i = 0; i < sizeof(drawers) / sizeof(drawers[0]); i++) {
		const char *const argv[] = {drawers[i],	   "--if", "xml",	"-i",
					    "-",	   "--of", "nativesvg", "--force",
					    "--no-legend", file,   NULL};
		int rc = program_run(&(struct program){.argv = argv, .input = xml}, err);

		if (rc != -ENOENT && rc != -EACCES)
			return rc;
		err_clear(err);
	}
	return err_fail(err, ENOTSUP,
			"no lstopo here to draw the topology; install "
			"'hwloc-nox'");
}

/* hwloc 2.9 writes viewBox='0 0 322px 286px'; units are not allowed there, and some
 * renderers then show nothing.  Blanks in their place keep the file's length. */
static int mend_view_box(const char *file, struct err *err)
{
	cleanup(fd) int fd = open(file, O_RDWR | O_CLOEXEC);
	char head[1024];
	ssize_t got = fd < 0 ? -1 : pread(fd, head, sizeof(head) - 1, 0);
	char *box;

	if (got < 0)
		return err_fail(err, errno, "cannot read '%s': %s", file,
				strerror(errno));
	head[got] = '\0';
	box = strstr(head, "viewBox='");
	if (!box)
		return 0;
	for (box += strlen("viewBox='"); *box && *box != '\''; box++)
		if (*box == 'p' || *box == 'x')
			*box = ' ';
	if (pwrite(fd, head, (size_t)got, 0) != got)
		return err_fail(err, EIO, "cannot write '%s'", file);
	return 0;
}

int topology_svg(const char *xml, const char *file, struct err *err)
{
	int rc;

	(void)unlink(file);
	rc = draw(xml, file, err);
	if (rc)
		return rc;
	/* its exit status alone does not prove a picture */
	if (access(file, F_OK))
		return err_fail(err, EIO, "lstopo could not draw the topology into '%s'",
				file);
	return mend_view_box(file, err);
}
