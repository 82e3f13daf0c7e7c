/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/kvm_conn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libvirt/virterror.h>

#define EMBEDDED_URI "qemu:///embed?root=" KVM_STATE_DIR
#define LOG_FILE KVM_CACHE_DIR "/libvirt.log"
#define LOG_MAX_BYTES (1l << 20)

/* cgroups, ownership, security labels and mount namespaces are left alone: the harness
 * puts threads where they belong, and nothing may be left behind.  Without stdio_handler
 * libvirt would look for its log daemon. */
static const char qemu_conf[] = "stdio_handler = \"file\"\n"
				"user = \"root\"\n"
				"group = \"root\"\n"
				"security_driver = \"none\"\n"
				"security_default_confined = 0\n"
				"dynamic_ownership = 0\n"
				"remember_owner = 0\n"
				"cgroup_controllers = []\n"
				"namespaces = []\n"
				"max_core = 0\n";

bool kvm_is_embedded(const char *setting)
{
	return !strcmp(setting, "auto");
}

const char *kvm_log_dir(const char *setting)
{
	return kvm_is_embedded(setting) ? KVM_STATE_DIR "/log/qemu"
					: "/var/log/libvirt/qemu";
}

const char *kvm_pid_dir(const char *setting)
{
	return kvm_is_embedded(setting) ? KVM_STATE_DIR "/run/qemu" : "/run/libvirt/qemu";
}

static bool has(const char *line, size_t length, const char *text)
{
	return memmem(line, length, text, strlen(text));
}

const char *kvm_complaint(const char *text)
{
	const char *line = text;

	while (*line) {
		size_t length = strcspn(line, "\n");
		const char *at =
			memmem(line, length, "qemu-system-", strlen("qemu-system-"));

		if (at && *line != '/' && !has(line, length, ": warning: ") &&
		    !has(line, length, "terminating on signal"))
			return at;
		line += length + (line[length] == '\n');
	}
	return NULL;
}

int kvm_fail(struct err *err, const char *doing)
{
	const char *why = virGetLastErrorMessage();
	const char *qemu = kvm_complaint(why);

	/* What QEMU itself says tells more than libvirt's words around it. */
	if (qemu)
		why = qemu;
	return err_fail(err, qemu ? ECONNABORTED : EIO, "%s: %.*s", doing,
			(int)strcspn(why, "\n"), why);
}

static void ignore_error(void *data, virErrorPtr error)
{
	(void)data;
	(void)error;
}

static void *run_events(void *unused)
{
	(void)unused;
	while (virEventRunDefaultImpl() >= 0)
		;
	return NULL;
}

/* Signals belong to the main thread: libvirt's threads inherit a full mask. */
static void block_signals(sigset_t *saved)
{
	sigset_t all;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, saved);
}

static void restore_signals(const sigset_t *saved)
{
	(void)pthread_sigmask(SIG_SETMASK, saved, NULL);
}

static void cut_log(void)
{
	struct stat status;

	if (!stat(LOG_FILE, &status) && status.st_size > LOG_MAX_BYTES)
		(void)truncate(LOG_FILE, 0);
}

/* libvirt opens its log without close-on-exec: workers must not inherit it. */
static void close_log_on_exec(void)
{
	cleanup(dir) DIR *fds = opendir("/proc/self/fd");
	struct dirent *entry;
	char path[300], target[64];

	while (fds && (entry = readdir(fds))) {
		ssize_t length;

		(void)snprintf(path, sizeof(path), "/proc/self/fd/%s", entry->d_name);
		length = readlink(path, target, sizeof(target) - 1);
		if (length != (ssize_t)strlen(LOG_FILE) ||
		    memcmp(target, LOG_FILE, strlen(LOG_FILE)))
			continue;
		(void)fcntl((int)strtol(entry->d_name, NULL, 10), F_SETFD, FD_CLOEXEC);
	}
}

static void set_up_process(void)
{
	pthread_t thread;

	cut_log();
	/* Read by virInitialize; warnings must not reach the user's terminal. */
	(void)setenv("LIBVIRT_LOG_OUTPUTS", "3:file:" LOG_FILE, 1);
	virSetErrorFunc(NULL, ignore_error);
	if (virInitialize() || virEventRegisterDefaultImpl())
		return;
	close_log_on_exec();
	if (!pthread_create(&thread, NULL, run_events, NULL))
		(void)pthread_detach(thread);
}

static bool has_text(const char *path, const char *text, size_t length)
{
	cleanup(file) FILE *file = fopen(path, "re");
	char old[sizeof(qemu_conf) + 1];
	size_t got = file ? fread(old, 1, sizeof(old), file) : 0;

	return got == length && !memcmp(old, text, length);
}

static int write_text(const char *path, const char *text, size_t length)
{
	cleanup(fd) int fd =
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return -errno;
	return write(fd, text, length) == (ssize_t)length ? 0 : -EIO;
}

/* The folder is root's alone: what lies in it decides what runs as root. */
static int make_dir(const char *path, struct err *err)
{
	struct stat status;

	if (mkdir(path, 0700) && errno != EEXIST)
		return err_fail(err, errno, "cannot make '%s': %m", path);
	if (lstat(path, &status))
		return err_fail(err, errno, "cannot look at '%s': %m", path);
	if (!S_ISDIR(status.st_mode) || status.st_uid != geteuid() ||
	    status.st_mode & 022)
		return err_fail(err, EPERM,
				"'%s' is not a folder that only root may write to; "
				"remove it",
				path);
	return 0;
}

static int prepare_state(struct err *err)
{
	static const char *const dirs[] = {KVM_CACHE_DIR, KVM_STATE_DIR,
					   KVM_STATE_DIR "/etc"};
	static const char conf[] = KVM_STATE_DIR "/etc/qemu.conf";
	size_t length = sizeof(qemu_conf) - 1;
	int rc = 0;

	for (size_t i = 0; !rc && i < sizeof(dirs) / sizeof(dirs[0]); i++)
		rc = make_dir(dirs[i], err);
	if (rc || has_text(conf, qemu_conf, length))
		return rc;
	rc = write_text(conf, qemu_conf, length);
	return rc ? err_fail(err, -rc, "cannot write '%s': %s", conf, strerror(-rc)) : 0;
}

static int fail_open(const char *uri, struct err *err)
{
	if (strstr(virGetLastErrorMessage(), "driver.pid"))
		return err_fail(
			err, EBUSY,
			"another tare uses the embedded libvirt; wait for its end");
	/* Looked up before the configuration is read, even if never used. */
	if (strstr(virGetLastErrorMessage(), "'libvirt-qemu'"))
		return err_fail(err, ENOENT,
				"libvirt wants a system user 'libvirt-qemu'; "
				"run scripts/setup");
	(void)kvm_fail(err, "cannot open a connection");
	return err_because(err, "libvirt '%s'", uri);
}

/* The embedded connection while anybody has it: libvirt registers its QEMU driver anew at
 * each open and has room for some twenty, which a study's starts would fill. */
static virConnectPtr shared;

static virConnectPtr open_connection(const char *uri, bool embedded)
{
	if (embedded && shared && !virConnectRef(shared))
		return shared;
	if (!embedded)
		return virConnectOpen(uri);
	shared = virConnectOpen(uri);
	return shared;
}

void kvm_disconnect(virConnectPtr connection)
{
	/* 0: that was the last reference */
	if (virConnectClose(connection) <= 0 && connection == shared)
		shared = NULL;
}

int kvm_connect(const char *setting, virConnectPtr *ret, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	bool embedded = kvm_is_embedded(setting);
	const char *uri = embedded ? EMBEDDED_URI : setting;
	virConnectPtr connection;
	sigset_t saved;
	int rc = prepare_state(err);

	if (rc)
		return rc;
	block_signals(&saved);
	(void)pthread_once(&once, set_up_process);
	connection = open_connection(uri, embedded);
	restore_signals(&saved);
	if (!connection)
		return fail_open(uri, err);
	*ret = connection;
	return 0;
}

unsigned kvm_start_flags(virConnectPtr connection)
{
	cleanup(free) char *uri = virConnectGetURI(connection);

	return uri && strstr(uri, "/embed") ? 0 : VIR_DOMAIN_START_AUTODESTROY;
}

void kvm_describe(virConnectPtr connection, bool embedded, char *text, size_t size)
{
	unsigned long libvirt = 0, qemu = 0;

	(void)virConnectGetLibVersion(connection, &libvirt);
	(void)virConnectGetVersion(connection, &qemu);
	(void)snprintf(text, size, "%slibvirt %lu.%lu.%lu, QEMU %lu.%lu.%lu",
		       embedded ? "embedded " : "", libvirt / 1000000,
		       libvirt / 1000 % 1000, libvirt % 1000, qemu / 1000000,
		       qemu / 1000 % 1000, qemu % 1000);
}
