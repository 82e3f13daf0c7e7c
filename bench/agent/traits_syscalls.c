/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which system calls a program reaches.  Every call here carries arguments that the
 * kernel refuses whoever asks (a flag that does not exist, a bad descriptor, no address),
 * so that nothing happens where it is reached.  Calls without such arguments (acct,
 * vhangup, sync) are not in the list.  A filter answers ENOSYS or EPERM, or kills.
 */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/agent/errno_name.h"
#include "bench/agent/traits.h"

#define BAD (-1L)
#define NO_FLAG 0x7fffffffL /* every flag, those that do not exist among them */

/* clang-format off: a line a call */
static const struct call {
	const char *name;
	long number, arguments[6];
} calls[] = {
	{"mount", SYS_mount, {0, 0, 0, 0, 0}},		 /* no target: EFAULT */
	{"umount2 by force", SYS_umount2, {0, NO_FLAG}}, /* EINVAL */
	{"pivot_root", SYS_pivot_root, {0, 0}},		 /* EFAULT */
	{"chroot", SYS_chroot, {0}},			 /* EFAULT */
	{"unshare", SYS_unshare, {1}},			 /* EINVAL */
	{"setns", SYS_setns, {BAD, 0}},			 /* EBADF */
	{"clone3", SYS_clone3, {0, 0}},			 /* EINVAL: no size */
	{"open_tree", SYS_open_tree, {BAD, 0, NO_FLAG}}, /* EINVAL */
	{"move_mount", SYS_move_mount, {BAD, 0, BAD, 0, NO_FLAG}},
	{"fsopen", SYS_fsopen, {0, NO_FLAG}}, /* EINVAL */
	{"mount_setattr", SYS_mount_setattr, {BAD, 0, NO_FLAG, 0, 0}},
	{"swapon", SYS_swapon, {0, NO_FLAG}},		       /* EINVAL */
	{"swapoff", SYS_swapoff, {0}},			       /* EFAULT */
	{"init_module", SYS_init_module, {0, 0, 0}},	       /* ENOEXEC: no bytes */
	{"finit_module", SYS_finit_module, {BAD, 0, NO_FLAG}}, /* EINVAL */
	{"delete_module", SYS_delete_module, {0, 0}},	       /* EFAULT */
	/* more segments than there may be and flags that do not exist */
	{"kexec_load", SYS_kexec_load, {0, NO_FLAG, 0, NO_FLAG}},
	{"reboot", SYS_reboot, {0, 0, 0, 0}},		/* EINVAL: no magic */
	{"sethostname", SYS_sethostname, {0, BAD}},	/* EINVAL */
	{"settimeofday", SYS_settimeofday, {1, 0}},	/* EFAULT */
	{"clock_settime", SYS_clock_settime, {0, 0}},	/* EFAULT */
	{"adjtimex", SYS_adjtimex, {0}},		/* EFAULT */
	{"syslog", SYS_syslog, {NO_FLAG, 0, 0}},	/* EINVAL */
	{"quotactl", SYS_quotactl, {NO_FLAG, 0, 0, 0}}, /* EINVAL */
	{"iopl", SYS_iopl, {4}},			/* EINVAL: levels are 0 to 3 */
	{"ioperm", SYS_ioperm, {BAD, 1, 1}},		/* EINVAL */
	{"bpf", SYS_bpf, {NO_FLAG, 0, 0}},		/* EINVAL */
	{"perf_event_open", SYS_perf_event_open, {0, 0, BAD, BAD, BAD}},
	{"userfaultfd", SYS_userfaultfd, {NO_FLAG}},	    /* EINVAL */
	{"fanotify_init", SYS_fanotify_init, {NO_FLAG, 0}}, /* EINVAL */
	{"inotify_init1", SYS_inotify_init1, {NO_FLAG}},    /* EINVAL */
	{"name_to_handle_at", SYS_name_to_handle_at, {BAD, 0, 0, 0, NO_FLAG}},
	{"open_by_handle_at", SYS_open_by_handle_at, {BAD, 0, 0}},
	{"io_uring_setup", SYS_io_uring_setup, {0, 0}}, /* EFAULT */
	{"io_setup", SYS_io_setup, {0, 0}},		/* EFAULT */
	{"add_key", SYS_add_key, {0, 0, 0, 0, 0}},	/* EFAULT */
	{"request_key", SYS_request_key, {0, 0, 0, 0}}, /* EFAULT */
	{"keyctl", SYS_keyctl, {NO_FLAG, 0, 0, 0, 0}},	/* EOPNOTSUPP */
	{"ptrace", SYS_ptrace, {NO_FLAG, BAD, 0, 0}},	/* ESRCH */
	{"process_vm_readv", SYS_process_vm_readv, {BAD, 0, 0, 0, 0, BAD}},
	{"process_madvise", SYS_process_madvise, {BAD, 0, 0, 0, BAD}},
	{"pidfd_open", SYS_pidfd_open, {BAD, NO_FLAG}},	   /* EINVAL */
	{"pidfd_getfd", SYS_pidfd_getfd, {BAD, BAD, BAD}}, /* EINVAL */
	{"kcmp", SYS_kcmp, {BAD, BAD, BAD, 0, 0}},	   /* ESRCH */
	{"seccomp", SYS_seccomp, {NO_FLAG, 0, 0}},	   /* EINVAL */
	{"landlock_create_ruleset", SYS_landlock_create_ruleset, {0, 0, NO_FLAG}},
	{"memfd_create", SYS_memfd_create, {0, BAD}},	      /* EINVAL */
	{"memfd_secret", SYS_memfd_secret, {BAD}},	      /* EINVAL */
	{"set_mempolicy", SYS_set_mempolicy, {BAD, 0, 0}},    /* EINVAL */
	{"move_pages", SYS_move_pages, {0, 0, 0, 0, 0, BAD}}, /* EINVAL */
	{"mlockall", SYS_mlockall, {BAD}},		      /* EINVAL */
	{"sched_setattr", SYS_sched_setattr, {BAD, 0, BAD}},  /* EINVAL */
	{"sched_setscheduler", SYS_sched_setscheduler, {BAD, BAD, 0}},
	{"membarrier", SYS_membarrier, {BAD, BAD, 0}}, /* EINVAL */
	{"rseq", SYS_rseq, {0, 0, BAD, 0}},	       /* EINVAL */
	{"openat2", SYS_openat2, {BAD, 0, 0, 0}},      /* EINVAL: no size */
	{"statx", SYS_statx, {BAD, 0, BAD, BAD, 0}},   /* EINVAL */
	{"copy_file_range", SYS_copy_file_range, {BAD, 0, BAD, 0, 0, BAD}},
	{"mknodat", SYS_mknodat, {BAD, 0, 0, 0}},     /* EFAULT */
	{"vmsplice", SYS_vmsplice, {BAD, 0, 0, BAD}}, /* EINVAL */
};
/* clang-format on */
#define CALL_NR (sizeof(calls) / sizeof(calls[0]))

/* Each outcome is one int through a pipe, so that a child that is killed at a call has
 * told those before it. */
static void make_calls(size_t from, int to)
{
	const struct rlimit no_core = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &no_core);
	for (size_t i = from; i < CALL_NR; i++) {
		const long *a = calls[i].arguments;
		int code = 0;

		if (syscall(calls[i].number, a[0], a[1], a[2], a[3], a[4], a[5]) < 0)
			code = errno;
		if (write(to, &code, sizeof(code)) != sizeof(code))
			_exit(1);
	}
	_exit(0);
}

static const char *outcome(int code)
{
	return code == ENOSYS || code == EPERM || code == EACCES ? errno_name(code)
								 : "reached";
}

/* From call `from`; how many outcomes came before the child's end, CALL_NR: no child. */
static size_t try_from(size_t from, FILE *to)
{
	int ends[2], code;
	size_t nr = 0;
	pid_t child;

	if (pipe(ends))
		return CALL_NR;
	(void)fflush(to);
	child = fork();
	if (!child) {
		(void)close(ends[0]);
		make_calls(from, ends[1]);
	}
	(void)close(ends[1]);
	while (child > 0 && from + nr < CALL_NR &&
	       read(ends[0], &code, sizeof(code)) == sizeof(code))
		fprintf(to, "syscall.%s=%s\n", calls[from + nr++].name, outcome(code));
	(void)close(ends[0]);
	if (child > 0)
		(void)waitpid(child, NULL, 0);
	return child > 0 ? nr : CALL_NR;
}

void traits_syscalls(FILE *to)
{
	size_t at = 0;

	while (at < CALL_NR) {
		at += try_from(at, to);
		if (at < CALL_NR)
			fprintf(to, "syscall.%s=killed\n", calls[at++].name);
	}
}
