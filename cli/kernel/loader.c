// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/loader.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/times.h"
#include "kernel/program.h"
#include "system/lock_memory.h"
#include "system/rights.h"
#include "system/stop.h"

/* Loading takes a second if nothing delays it. */
#define TIMEOUT (60 * 1000 * MS)
/* Otherwise its place depends on the inherited descriptors. */
#define FD 3

struct loader {
	pid_t pid;
	int fd;
	__u64 asked; /* number of the last request */
};

struct request {
	__u64 number;
	struct program_params params;
};

/* Comes with all descriptors of the program. */
struct reply {
	__u64 number; /* of the request */
	__s32 err;
	__u32 has; /* one bit for each descriptor */
	struct program_refusal why;
};

/* ---- descriptors in messages ------------------------------------------------ */

union ancillary {
	char room[CMSG_SPACE(sizeof(int) * PROGRAM_NR_FDS)];
	struct cmsghdr align;
};

static int *fd_of(struct program *p, size_t i)
{
	if (i == 0)
		return &p->prog;
	return i == 1 ? &p->bss : &p->maps[i - 2];
}

static int send_reply(int fd, struct reply *reply, struct program *p)
{
	union ancillary ancillary = { 0 };
	struct iovec iov = { reply, sizeof(*reply) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	int fds[PROGRAM_NR_FDS];
	size_t nr = 0;

	for (size_t i = 0; i < PROGRAM_NR_FDS; i++) {
		if (*fd_of(p, i) < 0)
			continue;
		fds[nr++] = *fd_of(p, i);
		reply->has |= 1U << i;
	}
	if (nr) {
		msg.msg_control = ancillary.room;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * nr);
		CMSG_FIRSTHDR(&msg)->cmsg_level = SOL_SOCKET;
		CMSG_FIRSTHDR(&msg)->cmsg_type = SCM_RIGHTS;
		CMSG_FIRSTHDR(&msg)->cmsg_len = CMSG_LEN(sizeof(int) * nr);
		memcpy(CMSG_DATA(CMSG_FIRSTHDR(&msg)), fds, sizeof(int) * nr);
	}
	return sendmsg(fd, &msg, MSG_NOSIGNAL) == sizeof(*reply) ? 0 : -errno;
}

/* Returns 0 or -errno: -EPIPE if the other end was closed. */
static int receive_reply(int fd, struct reply *reply, struct program *ret)
{
	union ancillary ancillary;
	struct iovec iov = { reply, sizeof(*reply) };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = ancillary.room,
			      .msg_controllen = sizeof(ancillary.room) };
	ssize_t n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);
	struct cmsghdr *header = n > 0 ? CMSG_FIRSTHDR(&msg) : NULL;
	int fds[PROGRAM_NR_FDS];
	size_t nr = 0, at = 0;

	*ret = program_none();
	if (header && header->cmsg_type == SCM_RIGHTS) {
		nr = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(header), nr * sizeof(int));
	}
	for (size_t i = 0; n > 0 && i < PROGRAM_NR_FDS; i++) {
		if (at < nr && (reply->has & (1U << i)))
			*fd_of(ret, i) = fds[at++];
	}
	if (n < 0)
		return -errno;
	return n == sizeof(*reply) ? 0 : -EPIPE;
}

/* ---- the process -------------------------------------------------------------- */

/* Privileges for loading, including the kernel's types of modules. */
static const unsigned int capabilities[] = { CAP_BPF, CAP_PERFMON,
					     CAP_SYS_ADMIN };

/* System call numbers have another meaning in another ABI. */
#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH AUDIT_ARCH_RISCV64
#endif

#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define CALL(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), ALLOW
#define BPF_CALL_(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, name, 0, 1), ALLOW

/*
 * System calls that it needs: for messages, memory and its end; and of bpf(2)
 * those that create maps and load programs. Any other fails. It can open no
 * file, start no process, and attach no program.
 */
static int shut_in(void)
{
	static const struct sock_filter filter[] = {
#ifdef ARCH
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
#endif
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		CALL(recvfrom),
		CALL(sendmsg),
		CALL(write),
		CALL(close),
		CALL(mmap),
		CALL(munmap),
		CALL(mremap),
		CALL(mprotect),
		CALL(madvise),
		CALL(brk),
		CALL(futex),
		CALL(rt_sigreturn),
		CALL(rt_sigprocmask),
		CALL(restart_syscall),
		CALL(exit),
		CALL(exit_group),
		/* the command of bpf(2) is checked; others have no condition */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args)),
		BPF_CALL_(BPF_MAP_CREATE),
		BPF_CALL_(BPF_MAP_UPDATE_ELEM),
		BPF_CALL_(BPF_MAP_FREEZE),
		BPF_CALL_(BPF_PROG_LOAD),
		BPF_CALL_(BPF_PROG_TEST_RUN),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	};
	const struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(filter[0]),
		.filter = (struct sock_filter *)filter,
	};

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) ? -errno :
								      0;
}

static void answer(int fd, const struct request *request)
{
	struct reply reply = { .number = request->number };
	struct program p;

	/* it opens no file, so it has no types */
	reply.err = program_load(&request->params, NULL, &p, &reply.why);
	if (send_reply(fd, &reply, &p))
		_exit(EXIT_FAILURE);
	program_close(&p);
}

/* It ends with the requesting process: the socket is closed then. */
static void serve(int fd)
{
	struct request request;
	ssize_t n;

	for (;;) {
		n = recv(fd, &request, sizeof(request), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n != sizeof(request))
			_exit(n ? EXIT_FAILURE : EXIT_SUCCESS);
		answer(fd, &request);
	}
}

static void ignore_signals(void)
{
	/* signals end the requesting process, which may have a last request */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
}

/* Closes all descriptors except stderr and the socket. */
static int keep_only(int fd)
{
	if (dup2(fd, FD) < 0)
		return -errno;
	for (int other = 0; other < FD; other++) {
		if (other != STDERR_FILENO)
			close(other);
	}
	return close_range(FD + 1, ~0U, 0) ? -errno : 0;
}

static void run(int fd, bool locked)
{
	int err;

	ignore_signals();
	err = keep_only(fd);
	/* locks are not inherited; the other process reports a failure */
	if (!err && locked)
		lock_memory_begin();
	if (!err)
		err = rights_drop_others(capabilities,
					 sizeof(capabilities) /
						 sizeof(capabilities[0]));
	/* after that, because changed credentials clear it */
	if (!err && prctl(PR_SET_PDEATHSIG, SIGKILL))
		err = -errno;
	if (!err)
		err = shut_in();
	if (err) {
		msg_error_errno(
			err, "cannot confine the process that loads programs");
		_exit(EXIT_FAILURE);
	}
	serve(FD);
}

/* ---- the requesting process ------------------------------------------------------- */

int loader_start(bool locked, struct loader **ret)
{
	struct loader *l;
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return msg_error_errno(errno, "cannot make a socket");
	pid = fork();
	if (pid == 0)
		run(ends[1], locked);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return msg_error_errno(errno, "cannot start a process");
	}
	l = xcalloc(1, sizeof(*l));
	l->pid = pid;
	l->fd = ends[0];
	*ret = l;
	return 0;
}

/* Returns whether there is something to read before @deadline. */
static bool wait_for_reply(int fd, uint64_t deadline)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	int ready;

	do {
		uint64_t now = stop_clock();

		ready = poll(&poll_fd, 1,
			     now < deadline ? (int)((deadline - now) / MS) : 0);
	} while (ready < 0 && errno == EINTR);
	return ready > 0;
}

int loader_load(struct loader *loader, const struct program_params *params,
		const struct kernel_types *types, struct program *ret,
		struct program_refusal *why)
{
	uint64_t deadline = stop_clock() + TIMEOUT;
	struct request request = { .params = *params };
	struct reply reply = { 0 };
	int err;

	if (!loader)
		return program_load(params, types, ret, why);
	request.number = ++loader->asked;
	*ret = program_none();
	*why = (struct program_refusal){ 0 };
	if (send(loader->fd, &request, sizeof(request),
		 MSG_NOSIGNAL | MSG_DONTWAIT) != sizeof(request))
		return -errno;
	/* an earlier request may be answered only now */
	do {
		program_close(ret);
		if (!wait_for_reply(loader->fd, deadline))
			return -ETIMEDOUT;
		err = receive_reply(loader->fd, &reply, ret);
	} while (!err && reply.number != request.number);
	if (!err && reply.err) {
		program_close(ret);
		err = reply.err;
		*why = reply.why;
	}
	return err;
}

void loader_stop(struct loader *loader)
{
	if (!loader)
		return;
	close(loader->fd);
	/* it may hang in the kernel, where it ignores signals */
	kill(loader->pid, SIGKILL);
	waitpid(loader->pid, NULL, WNOHANG);
	free(loader);
}
