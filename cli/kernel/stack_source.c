// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/stack_source.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "decode/stack_maps.h"
#include "kernel/gaps.h"
#include "kernel/light_skeleton.h"
#include "kernel/program.h"
#include "kernel/program_log.h"
#include "system/stop.h"

#include "base/times.h"
#include "stacks.lskel.h"

#define MAX_WANTED 64
/* 64 stacks of 48 functions, with names of a usual length */
#define ROOM (192 * 1024)

static const char *const programs[] = { "write_stack", NULL };

/* Log size that contains the verifier's last words. */
#define LOG_SIZE (256 * 1024)

struct stack_source {
	struct stacks_bpf *skel; /* NULL: the program was not loaded */
	struct program_refusal why;
	struct light_load how;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool asked; /* the thread is working */
	bool ends;
	char text[ROOM]; /* owned by the thread while it works */
};

/* The output of the program, as much as fits. */
static void read_text(struct stack_source *src)
{
	int fd = bpf_iter_create(src->skel->links.write_stack_fd);
	size_t len = 0;
	ssize_t n = 1;

	while (fd >= 0 && n > 0 && len < ROOM - 1) {
		n = read(fd, src->text + len, ROOM - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	}
	src->text[len] = '\0';
	if (fd >= 0)
		close(fd);
}

static void *answer(void *arg)
{
	struct stack_source *src = arg;

	pthread_mutex_lock(&src->lock);
	while (!src->ends) {
		if (!src->asked) {
			pthread_cond_wait(&src->changed, &src->lock);
			continue;
		}
		pthread_mutex_unlock(&src->lock);
		read_text(src);
		pthread_mutex_lock(&src->lock);
		src->asked = false;
		pthread_cond_broadcast(&src->changed);
	}
	pthread_mutex_unlock(&src->lock);
	return NULL;
}

/* The main thread handles signals. Returns 0 or -errno. */
static int start_thread(struct stack_source *src)
{
	pthread_attr_t attr;
	sigset_t all, before;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 * 1024);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&src->thread, &attr, answer, src);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return -err;
}

static void init_lock(struct stack_source *src)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&src->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&src->changed, &attr);
	pthread_condattr_destroy(&attr);
}

static int load(void *arg)
{
	struct stack_source *src = arg;
	int err;

	src->skel = stacks_bpf__open();
	if (!src->skel)
		return -ENOMEM;
	light_load_set(&src->skel->ctx, &src->how);
	err = stacks_bpf__load(src->skel);
	if (!err)
		err = stacks_bpf__attach(src->skel);
	if (err) {
		stacks_bpf__destroy(src->skel);
		src->skel = NULL;
	}
	return err;
}

/*
 * Loads the program once more, to get the messages of the verifier and of the kernel's
 * relocation.
 */
static void ask_why(struct stack_source *src)
{
	char *log = calloc(1, LOG_SIZE);

	if (!log)
		return;
	src->how = (struct light_load){ .log = log, .log_size = LOG_SIZE };
	if (stop_undisturbed(load, src))
		program_log_read(log, &src->why);
	stacks_bpf__destroy(src->skel);
	src->skel = NULL;
	free(log);
}

struct stack_source *stack_source_open(const struct kernel_types *types)
{
	struct stack_source *src = xcalloc(1, sizeof(*src));
	int err;

	src->how = (struct light_load){ .programs = programs, .types = types };
	err = stop_undisturbed(load, src);
	init_lock(src);
	if (err == -EINVAL || err == -EACCES || err == -ENOENT)
		ask_why(src);
	if (!err)
		err = start_thread(src);
	if (!err)
		return src;
	msg_debug("no stacks of tasks: %s %s", strerror(-err), src->why.words);
	stacks_bpf__destroy(src->skel);
	src->skel = NULL;
	return src;
}

void stack_source_list_gaps(const struct stack_source *src,
			    struct doctor_gaps *to)
{
	if (src->skel)
		gaps_add_stacks(src->skel->bss->missing, to);
	else
		gaps_add_no_stacks(&src->why, to);
}

static struct timespec after(uint64_t ns)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	ns += (uint64_t)t.tv_nsec;
	t.tv_sec += (time_t)(ns / SECOND);
	t.tv_nsec = (long)(ns % SECOND);
	return t;
}

void stack_source_read(struct stack_source *src, const uint32_t *pids,
		       size_t nr, uint64_t timeout_ns, struct sample *s)
{
	const struct timespec deadline = after(timeout_ns);
	int err = 0;

	if (!src->skel)
		return;
	pthread_mutex_lock(&src->lock);
	/* an earlier request has no answer yet: none for this one either */
	if (src->asked || !nr)
		goto out;
	if (nr > MAX_WANTED)
		nr = MAX_WANTED;
	memcpy(src->skel->bss->wanted, pids, nr * sizeof(*pids));
	src->skel->bss->nr_wanted = (uint32_t)nr;
	src->asked = true;
	pthread_cond_broadcast(&src->changed);
	while (src->asked && !err)
		err = pthread_cond_timedwait(&src->changed, &src->lock,
					     &deadline);
	if (!src->asked)
		stack_maps_add(src->text, s);
out:
	pthread_mutex_unlock(&src->lock);
}

void stack_source_close(struct stack_source *src)
{
	bool busy;

	if (!src)
		return;
	if (!src->skel) {
		free(src);
		return;
	}
	pthread_mutex_lock(&src->lock);
	busy = src->asked;
	src->ends = true;
	pthread_cond_broadcast(&src->changed);
	pthread_mutex_unlock(&src->lock);
	/* it may wait for memory forever, and ends with the process */
	if (busy)
		return;
	pthread_join(src->thread, NULL);
	stacks_bpf__destroy(src->skel);
	free(src);
}
