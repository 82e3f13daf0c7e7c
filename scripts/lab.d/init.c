/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Process 1 of the lab's machine: loads modules, lays a writable disk over the host's
 * files (9p, read-only), mounts control groups as asked on the kernel's command line
 * (tare_cgroup=v2|scopes|hybrid|legacy|none), runs one command with its output on
 * virtio ports, says how it ended on a third, and turns the machine off.  With
 * tare_serve=1 it runs what comes over a fourth port until told to turn off; with
 * tare_cgroup=systemd the first process is systemd, and the command one of its services.
 */
#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "frame.h"

#define COMMAND_FILE "/sys/firmware/qemu_fw_cfg/by_name/opt/tare/command/raw"
#define CGROUPS "/sys/fs/cgroup"
#define DEVICE_WAIT_MS 20000

struct place {
	const char *source, *at, *type;
	unsigned long flags;
	const char *options;
};

static void mount_at(const struct place *place)
{
	(void)mkdir(place->at, 0755);
	if (mount(place->source, place->at, place->type, place->flags, place->options))
		printf("lab: cannot mount %s: %m\n", place->at);
}

static void mount_all(const struct place *places)
{
	for (; places->at; places++)
		mount_at(places);
}

/* Every line of /modules/order, in order: each comes after what it depends on. */
static void load_modules(void)
{
	FILE *order = fopen("/modules/order", "re");
	char name[128], path[160];

	while (order && fscanf(order, "%127s", name) == 1) {
		const char *options = strcmp(name, "kvm-amd.ko") ? "" : getenv("kvm_amd");
		int fd;

		(void)snprintf(path, sizeof(path), "/modules/%s", name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (syscall(SYS_finit_module, fd, options ? options : "", 0))
			printf("lab: cannot load %s: %m\n", name);
		(void)close(fd);
	}
	if (order)
		(void)fclose(order);
}

/* Waits for a device; `pattern` because ports are numbered in the order of discovery. */
static int open_device(const char *pattern, int flags)
{
	glob_t found;
	int fd = -1;

	for (int i = 0; fd < 0 && i < DEVICE_WAIT_MS / 10; i++) {
		if (i)
			(void)usleep(10000);
		if (glob(pattern, 0, NULL, &found))
			continue;
		fd = open(found.gl_pathv[0], flags | O_CLOEXEC);
		globfree(&found);
	}
	return fd;
}

static void read_text(const char *path, char *to, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t got = 0;

	while (fd >= 0 && used < size - 1 &&
	       (got = read(fd, to + used, size - 1 - used)) > 0)
		used += (size_t)got;
	to[used] = '\0';
	(void)close(fd);
}

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		printf("lab: cannot write %s: %m\n", path);
	(void)close(fd);
}

static void make_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	(void)close(fd);
	write_text(path, text);
}

/* The host's files below, the machine's own disk above. /lab and tare's cache lie on the
 * disk itself: an overlay has no device whose traffic could be read. */
static void make_root(void)
{
	static const struct place below[] = {
		{"root", "/host", "9p", MS_RDONLY,
		 "trans=virtio,version=9p2000.L,msize=512000,cache=loose"},
		{"/dev/vda", "/disk", "ext4", 0, ""},
		{0}};
	static const char *const folders[] = {"/disk/upper", "/disk/work", "/disk/lab",
					      "/disk/cache"};
	static const struct place above[] = {
		{"root", "/root", "overlay", 0,
		 "lowerdir=/host,upperdir=/disk/upper,workdir=/disk/work"},
		{"/disk/lab", "/root/lab", NULL, MS_BIND, NULL},
		{"/disk/cache", "/root/var/cache/tare", NULL, MS_BIND, NULL},
		{"/proc", "/root/proc", NULL, MS_MOVE, NULL},
		{"/sys", "/root/sys", NULL, MS_MOVE, NULL},
		{"/dev", "/root/dev", NULL, MS_MOVE, NULL},
		{"run", "/root/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755"},
		{"shm", "/root/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777"},
		{"pts", "/root/dev/pts", "devpts", 0, "mode=620,ptmxmode=666"},
		{"debug", "/root/sys/kernel/debug", "debugfs", 0, ""},
		{"trace", "/root/sys/kernel/tracing", "tracefs", 0, ""},
		{0}};

	(void)close(open_device("/dev/vda", O_RDONLY));
	mount_all(below);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		(void)mkdir(folders[i], 01777);
	mount_all(above);
	(void)mkdir("/root/run/lock", 01777);
	if (chdir("/root") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") ||
	    chdir("/"))
		printf("lab: cannot enter the machine's root: %m\n");
}

static void mount_v1(const char *controllers)
{
	char at[128];

	(void)snprintf(at, sizeof(at), CGROUPS "/%s", controllers);
	mount_at(&(struct place){"cgroup", at, "cgroup", 0, controllers});
}

/* Version 1 as distributions had it: pairs share a hierarchy. */
static void mount_legacy(void)
{
	static const char *const all[] = {"cpu,cpuacct", "cpuset",  "memory", "blkio",
					  "pids",	 "devices", "freezer"};

	mount_at(&(struct place){"cgroups", CGROUPS, "tmpfs", 0, "mode=755"});
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		mount_v1(all[i]);
}

/* As under systemd: no process in the root, process 1 in a scope of its own, the command
 * in another, controllers handed on from the top only. */
static void make_scopes(void)
{
	static const char *const groups[] = {CGROUPS "/init.scope", CGROUPS "/user.slice",
					     CGROUPS "/user.slice/session-1.scope"};

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		(void)mkdir(groups[i], 0755);
	write_text(CGROUPS "/init.scope/cgroup.procs", "1");
	write_text(CGROUPS "/cgroup.subtree_control", "+memory +pids");
}

static const char *option(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value ? value : otherwise;
}

static void mount_cgroups(const char *mode)
{
	if (!strcmp(mode, "v2") || !strcmp(mode, "scopes"))
		mount_at(&(struct place){"cgroup2", CGROUPS, "cgroup2", 0, ""});
	if (!strcmp(mode, "scopes"))
		make_scopes();
	if (!strcmp(mode, "legacy") || !strcmp(mode, "hybrid"))
		mount_legacy();
	if (!strcmp(mode, "hybrid"))
		mount_at(
			&(struct place){"cgroup2", CGROUPS "/unified", "cgroup2", 0, ""});
}

static void run_command(const char *command, int out, int err)
{
	static const char *const environment[] = {
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"HOME=/root", "LC_ALL=C.UTF-8", "TARE_LAB=1", NULL};

	if (!strcmp(option("tare_cgroup", "v2"), "scopes"))
		write_text(CGROUPS "/user.slice/session-1.scope/cgroup.procs", "0");
	(void)setsid();
	(void)dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
	(void)dup2(out, STDOUT_FILENO);
	(void)dup2(err, STDERR_FILENO);
	(void)execle("/bin/bash", "bash", "-c", command, (char *)NULL,
		     (char *const *)environment);
	_exit(127);
}

/* A service that runs the command as run_command does, and then turns the machine off. */
static void make_service(const char *command)
{
	static const char service[] =
		"[Unit]\nDescription=The lab's command\nDefaultDependencies=no\n"
		"[Service]\nType=oneshot\nTimeoutStartSec=infinity\n"
		"Environment=HOME=/root LC_ALL=C.UTF-8 TARE_LAB=1\n"
		"ExecStart=/bin/bash /run/lab/run\n";
	static const char script[] =
		"bash /run/lab/command >/dev/vport*p1 2>/dev/vport*p2 </dev/null\n"
		"echo \"exit $?\" >/dev/vport*p3\n"
		"sync\n"
		"systemctl --force --force poweroff\n";

	(void)mkdir("/run/lab", 0755);
	(void)mkdir("/run/systemd", 0755);
	(void)mkdir("/run/systemd/system", 0755);
	make_text("/run/lab/command", command);
	make_text("/run/lab/run", script);
	make_text("/run/systemd/system/lab.service", service);
}

static void become_systemd(const char *command)
{
	make_service(command);
	(void)execl("/lib/systemd/systemd", "systemd", "--unit=lab.service",
		    (char *)NULL);
	printf("lab: cannot run systemd: %m; install the package\n");
}

/* One command, and how it ended. */
static void run_once(const char *command)
{
	int out = open_device("/dev/vport*p1", O_WRONLY);
	int err = open_device("/dev/vport*p2", O_WRONLY);
	int end = open_device("/dev/vport*p3", O_WRONLY);
	pid_t child = fork();

	if (child == 0)
		run_command(command, out, err);
	if (dprintf(end, "exit %d\n", wait_for(child)) < 0)
		printf("lab: cannot say how it ended: %m\n");
}

int main(void)
{
	static const struct place first[] = {{"proc", "/proc", "proc", 0, ""},
					     {"sys", "/sys", "sysfs", 0, ""},
					     {"dev", "/dev", "devtmpfs", 0, ""},
					     {0}};
	static char command[COMMAND_ROOM];
	const char *groups = option("tare_cgroup", "v2");

	mount_all(first);
	(void)dup2(open("/dev/console", O_WRONLY), STDOUT_FILENO);
	setbuf(stdout, NULL);
	load_modules();
	read_text(COMMAND_FILE, command, sizeof(command));
	make_root();
	mount_cgroups(groups);
	if (!strcmp(groups, "systemd"))
		become_systemd(command);
	else if (getenv("tare_serve"))
		serve(open_device("/dev/vport*p4", O_RDWR), run_command);
	else
		run_once(command);
	sync();
	(void)reboot(RB_POWER_OFF);
	return 1;
}
