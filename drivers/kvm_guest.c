/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/kvm_guest.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "drivers/kvm_conn.h"
#include "drivers/kvm_orphans.h"
#include "drivers/kvm_proc.h"

#define POLL_SLICE_MS 200

CLEANUP_DEFINE(guest, struct kvm_guest *, kvm_guest_release)

/* The last printable line heard so far; a hostile guest's endless talk stays bounded. */
struct console {
	int fd;
	char line[KVM_LINE_MAX], last[KVM_LINE_MAX];
	size_t length;
};

/* That the machine powers off is the end of every story and its reason never. */
static void end_line(struct console *console)
{
	console->line[console->length] = '\0';
	if (console->length && !strstr(console->line, "reboot: Power down"))
		memcpy(console->last, console->line, console->length + 1);
	console->length = 0;
}

static void hear_byte(struct console *console, unsigned char byte)
{
	if (byte == '\n' || byte == '\r') {
		end_line(console);
	} else if (isprint(byte) && console->length < sizeof(console->line) - 1) {
		console->line[console->length++] = (char)byte;
	}
}

static void hear(struct console *console)
{
	unsigned char bytes[4096];
	ssize_t got = recv(console->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	for (ssize_t i = 0; i < got; i++)
		hear_byte(console, bytes[i]);
	if (got == 0) {
		(void)close(console->fd);
		console->fd = -1;
	}
}

static const char *last_words(struct console *console)
{
	end_line(console);
	return console->last[0] ? console->last : "(nothing)";
}

static int connect_socket(const char *path, struct err *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	cleanup(fd) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_fail(err, errno, "cannot make a socket: %m");
	if (strlen(path) >= sizeof(address.sun_path))
		return err_fail(err, ENAMETOOLONG, "'%s' is too long for a socket", path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return err_fail(err, errno, "cannot connect to '%s': %m", path);
	return take_fd(&fd);
}

static void note_phase(struct start *phases, const char *name)
{
	if (!phases || phases->phase_nr >= START_PHASES_MAX)
		return;
	phases->phases[phases->phase_nr].name = name;
	phases->phases[phases->phase_nr++].end_ns = clock_now_ns();
}

/* QEMU's first complaint in its log, which libvirt starts with the command line. */
static void read_complaint(const char *log, char *text, size_t size)
{
	cleanup(file) FILE *file = fopen(log, "re");
	char content[16384];
	size_t length = file ? fread(content, 1, sizeof(content) - 1, file) : 0;
	const char *at;

	content[length] = '\0';
	text[0] = '\0';
	at = kvm_complaint(content);
	if (at)
		(void)snprintf(text, size, "; %.*s", (int)strcspn(at, "\n"), at);
}

/* 1: the first byte is there; 0: not yet; <0: the guest is gone or a signal came. */
static int look(int channel, struct console *console, struct err *err)
{
	struct pollfd fds[] = {
		{.fd = channel, .events = POLLIN},
		{.fd = console->fd, .events = POLLIN},
	};
	char byte;

	if (poll(fds, 2, POLL_SLICE_MS) < 0)
		return err_fail(err, errno, errno == EINTR ? "interrupted" : "poll: %m");
	if (fds[1].revents)
		hear(console);
	if (!fds[0].revents)
		return 0;
	if (recv(channel, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1)
		return 1;
	if (console->fd >= 0)
		hear(console);
	return err_fail(err, ECONNABORTED, "the guest died; its console's last line: %s",
			last_words(console));
}

static int await_hello(int channel, int console_fd, uint64_t timeout_ns,
		       const volatile int *stop, struct err *err)
{
	struct console console = {.fd = console_fd};
	uint64_t deadline_ns = clock_now_ns() + timeout_ns;
	int rc = 0;

	while (!rc) {
		/* a signal may have come while libvirt made the guest */
		rc = stop && *stop ? err_fail(err, EINTR, "interrupted")
				   : look(channel, &console, err);
		if (!rc && clock_now_ns() >= deadline_ns)
			rc = err_fail(
				err, ETIMEDOUT,
				"no hello within %llu s; the console's last line: %s",
				(unsigned long long)(timeout_ns / NS_PER_S),
				last_words(&console));
	}
	if (console.fd >= 0)
		(void)close(console.fd);
	return rc < 0 ? rc : 0;
}

static int name_files(struct kvm_guest *guest, const struct kvm_domain *wanted,
		      const char *log_dir)
{
	guest->channel_fd = -1;
	guest->name = strdup(wanted->name);
	guest->channel = strdup(wanted->channel);
	guest->console = strdup(wanted->console);
	if (asprintf(&guest->log, "%s/%s.log", log_dir, wanted->name) < 0)
		guest->log = NULL;
	return guest->name && guest->channel && guest->console && guest->log ? 0
									     : -ENOMEM;
}

/* Threads that libvirt makes for a domain inherit the mask: signals stay ours. */
static virDomainPtr create_quietly(virConnectPtr connection, const char *xml)
{
	unsigned flags = VIR_DOMAIN_START_PAUSED | kvm_start_flags(connection);
	virDomainPtr domain;
	sigset_t all, saved;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &saved);
	domain = virDomainCreateXML(connection, xml, flags);
	(void)pthread_sigmask(SIG_SETMASK, &saved, NULL);
	return domain;
}

/* Its process is looked for while orphans are still waited for: of one that is already
 * gone there will be no number to wait for. */
static int create_found(virConnectPtr connection, const char *xml,
			struct kvm_guest *guest, struct err *err)
{
	guest->domain = create_quietly(connection, xml);
	if (!guest->domain)
		return kvm_fail(err, "cannot create the guest");
	if (kvm_proc_find(guest->name, &guest->pid))
		return err_fail(err, ENOENT, "cannot find the guest's QEMU process");
	return 0;
}

/* A virtiofsd that dies while the guest runs would be waited for by nobody. */
static int create(virConnectPtr connection, const struct kvm_domain *wanted,
		  struct kvm_guest *guest, struct err *err)
{
	bool adopt = !wanted->scratch || !wanted->paths[KVM_VIRTIOFS];
	struct kvm_orphans orphans = {.begun = false};
	cleanup(free) char *xml = NULL;
	int rc = kvm_xml(wanted, &xml, err);

	if (rc)
		return rc;
	if (adopt)
		kvm_orphans_begin(&orphans);
	rc = create_found(connection, xml, guest, err);
	kvm_orphans_end(&orphans);
	return rc;
}

static int add_complaint(const struct kvm_guest *guest, struct err *err)
{
	char text[KVM_LINE_MAX + 8];
	size_t length = strlen(err->text);

	read_complaint(guest->log, text, sizeof(text));
	(void)snprintf(err->text + length, sizeof(err->text) - length, "%s", text);
	return -err->code;
}

static int run_to_hello(struct kvm_guest *guest, uint64_t timeout_ns,
			const volatile int *stop, struct start *phases, struct err *err)
{
	cleanup(fd) int channel = connect_socket(guest->channel, err);
	cleanup(fd) int console = channel < 0 ? -1 : connect_socket(guest->console, err);
	int rc;

	if (console < 0)
		return -err->code;
	if (virDomainResume(guest->domain))
		return kvm_fail(err, "cannot start the guest's CPUs");
	note_phase(phases, "domain resume");
	rc = await_hello(channel, take_fd(&console), timeout_ns, stop, err);
	if (rc)
		return add_complaint(guest, err);
	note_phase(phases, "guest boot");
	if (phases)
		start_split(phases, "firmware");
	guest->channel_fd = take_fd(&channel);
	return 0;
}

int kvm_guest_boot(virConnectPtr connection, const struct kvm_domain *wanted,
		   const char *log_dir, uint64_t timeout_ns, struct kvm_guest *ret,
		   struct start *phases, struct err *err)
{
	struct kvm_guest fresh = {0};
	cleanup(guest) struct kvm_guest *guest = &fresh;
	int rc;

	if (name_files(guest, wanted, log_dir))
		return err_fail(err, ENOMEM, "no memory for a guest");
	rc = create(connection, wanted, guest, err);
	if (rc)
		return rc;
	note_phase(phases, "monitor process");
	rc = run_to_hello(guest, timeout_ns, wanted->stop, phases, err);
	if (rc)
		return rc;
	*ret = fresh;
	guest = NULL;
	return 0;
}

/* QEMU's log, and those of a virtiofsd: named by the share's place among the shares. */
static void remove_logs(const struct kvm_guest *guest)
{
	char path[512];

	if (!guest->log)
		return;
	(void)unlink(guest->log);
	for (int i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path), "%.*s-fs%d-virtiofsd.log",
			       (int)(strlen(guest->log) - strlen(".log")), guest->log, i);
		(void)unlink(path);
	}
}

void kvm_guest_release(struct kvm_guest *guest)
{
	struct err ignored = {0};

	(void)kvm_guest_end(guest, 0, NULL, &ignored);
	if (guest->channel)
		(void)unlink(guest->channel);
	if (guest->console)
		(void)unlink(guest->console);
	remove_logs(guest);
	free(guest->channel);
	free(guest->console);
	free(guest->log);
	free(guest->name);
	memset(guest, 0, sizeof(*guest));
	guest->channel_fd = -1;
}

int kvm_guest_is_hardware(const struct kvm_guest *guest, bool *ret, struct err *err)
{
	cleanup(free) char *xml = virDomainGetXMLDesc(guest->domain, 0);

	if (!xml)
		return kvm_fail(err, "cannot read the guest's XML back");
	*ret = !strncmp(xml, "<domain type='kvm'", strlen("<domain type='kvm'"));
	return 0;
}
