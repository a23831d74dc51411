// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes chosen allocations of the kernel fail, for as long as COMMAND runs, or
 * until SIGTERM or SIGINT. For kernels with fault injection and BTF, such as
 * the test kernel. Prints the line "ready" when it has begun, and at the end
 * one line with the counts, as JSON:
 *
 *	slab, pages		allocations that were made to fail
 *	entered, returned	calls of the functions named by --in
 *
 * Exit status: COMMAND's, 0 without one, 125 if it could not begin.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inject.skel.h"

#define EXIT_UNABLE 125
#define MOST_FUNCTIONS 8

static const char usage_text[] =
	"usage: memtop-inject {--slab|--pages}... OPTION... [-- COMMAND...]\n"
	"  --slab        fail slab allocations\n"
	"  --pages       fail page allocations\n"
	"  --all         also those that may wait for memory to be reclaimed\n"
	"which, at least one of these:\n"
	"  --in FUNCTION while the task is in this function of the kernel;\n"
	"                more than one: in any of them\n"
	"  --comm NAME   of tasks of this name\n"
	"  --pid PID     of this process\n"
	"  --cache NAME  from slab caches whose name begins so\n"
	"of those:\n"
	"  --order N     pages of this order only\n"
	"  --every N     the first and then each Nth\n"
	"  --first N     no more than N\n";

struct choice {
	bool slab;
	bool pages;
	bool sleeping_too;
	const char *functions[MOST_FUNCTIONS];
	size_t nr_functions;
	const char *comm;
	const char *cache;
	uint32_t pid;
	int32_t order;
	uint64_t every;
	uint64_t first;
};

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("memtop-inject: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(EXIT_UNABLE);
}

static uint64_t number(const char *option, const char *text, uint64_t least,
		       uint64_t most)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || *text < '0' || *text > '9' || *end || value < least ||
	    value > most)
		die("--%s: '%s' is no number from %" PRIu64 " to %" PRIu64,
		    option, text, least, most);
	return value;
}

static const char *name(const char *option, const char *text, size_t size)
{
	if (!*text || strlen(text) >= size)
		die("--%s: '%s' is no name of at most %zu letters", option,
		    text, size - 1);
	return text;
}

/* Returns the index of COMMAND in argv. */
static int parse(int argc, char **argv, struct choice *c)
{
	static const struct option options[] = {
		{ "slab", no_argument, NULL, 's' },
		{ "pages", no_argument, NULL, 'p' },
		{ "all", no_argument, NULL, 'a' },
		{ "in", required_argument, NULL, 'i' },
		{ "comm", required_argument, NULL, 'c' },
		{ "pid", required_argument, NULL, 'P' },
		{ "cache", required_argument, NULL, 'C' },
		{ "order", required_argument, NULL, 'o' },
		{ "every", required_argument, NULL, 'e' },
		{ "first", required_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	static const struct inject_bpf__rodata *const ro;
	int opt;

	while ((opt = getopt_long(argc, argv, "+h", options, NULL)) != -1) {
		switch (opt) {
		case 's':
			c->slab = true;
			break;
		case 'p':
			c->pages = true;
			break;
		case 'a':
			c->sleeping_too = true;
			break;
		case 'i':
			if (c->nr_functions == MOST_FUNCTIONS)
				die("--in: more than %d functions",
				    MOST_FUNCTIONS);
			c->functions[c->nr_functions++] = optarg;
			break;
		case 'c':
			c->comm = name("comm", optarg, sizeof(ro->comm));
			break;
		case 'P':
			c->pid = (uint32_t)number("pid", optarg, 1, INT32_MAX);
			break;
		case 'C':
			c->cache =
				name("cache", optarg, sizeof(ro->cache_prefix));
			break;
		case 'o':
			c->order = (int32_t)number("order", optarg, 0, 10);
			break;
		case 'e':
			c->every = number("every", optarg, 1, UINT32_MAX);
			break;
		case 'f':
			c->first = number("first", optarg, 1, UINT32_MAX);
			break;
		case 'h':
			fputs(usage_text, stdout);
			exit(EXIT_SUCCESS);
		default:
			fputs(usage_text, stderr);
			exit(EXIT_UNABLE);
		}
	}
	if (!c->slab && !c->pages)
		die("give --slab, --pages or both");
	if (!c->nr_functions && !c->comm && !c->pid && !c->cache)
		die("all of the kernel would fail: give --in, --comm, --pid or --cache");
	if (c->cache && c->pages)
		die("--cache chooses no pages: leave --pages out");
	if (c->order >= 0 && c->slab)
		die("--order chooses no slab objects: leave --slab out");
	return optind;
}

static void configure(struct inject_bpf *skel, const struct choice *c)
{
	struct inject_bpf__rodata *ro = skel->rodata;

	ro->sleeping_too = c->sleeping_too;
	ro->in_functions = c->nr_functions > 0;
	ro->process = c->pid;
	ro->page_order = c->order;
	ro->every = c->every;
	ro->first = c->first;
	if (c->comm)
		strcpy((char *)ro->comm, c->comm);
	if (c->cache)
		strcpy((char *)ro->cache_prefix, c->cache);

	bpf_program__set_autoload(skel->progs.slab, c->slab);
	bpf_program__set_autoload(skel->progs.pages, c->pages);
	bpf_program__set_autoload(skel->progs.enter, c->nr_functions > 0);
	bpf_program__set_autoload(skel->progs.leave, c->nr_functions > 0);
}

/* The tasks are marked before anything is made to fail. */
static void attach(struct inject_bpf *skel, const struct choice *c,
		   struct bpf_link **links)
{
	for (size_t i = 0; i < c->nr_functions; i++) {
		const char *function = c->functions[i];

		*links = bpf_program__attach_kprobe(skel->progs.leave, true,
						    function);
		if (*links)
			*++links = bpf_program__attach_kprobe(skel->progs.enter,
							      false, function);
		if (!*links++)
			die("can't probe %s: %s; there is no such function (yet), or there are several",
			    function, strerror(errno));
	}
	if (c->slab) {
		*links = bpf_program__attach(skel->progs.slab);
		if (!*links++)
			die("can't make slab allocations fail: %s",
			    strerror(errno));
	}
	if (c->pages) {
		*links = bpf_program__attach(skel->progs.pages);
		if (!*links++)
			die("can't make page allocations fail: %s",
			    strerror(errno));
	}
}

/* Runs @command, if there is one, with the original signal mask. */
static pid_t start(char **command, const sigset_t *signals)
{
	pid_t child;

	if (!*command)
		return 0;
	child = fork();
	if (child < 0)
		die("can't fork: %s", strerror(errno));
	if (child)
		return child;
	sigprocmask(SIG_UNBLOCK, signals, NULL);
	execvp(*command, command);
	fprintf(stderr, "memtop-inject: can't run %s: %s\n", *command,
		strerror(errno));
	_exit(EXIT_UNABLE);
}

/* Waits until @child ends or a signal arrives; returns the exit status. */
static int wait_for(pid_t child, const sigset_t *signals)
{
	int sig, status;

	do {
		sigwait(signals, &sig);
	} while (sig == SIGCHLD &&
		 (!child || waitpid(child, &status, WNOHANG) != child));

	if (sig == SIGCHLD)
		return WIFEXITED(status) ? WEXITSTATUS(status) :
					   128 + WTERMSIG(status);
	if (child)
		kill(child, sig);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct bpf_link *links[2 * MOST_FUNCTIONS + 3] = { 0 };
	struct choice c = { .order = -1, .every = 1 };
	int command = parse(argc, argv, &c), status;
	struct inject_bpf *skel = inject_bpf__open();
	sigset_t signals;

	if (!skel)
		die("can't open the programs: %s", strerror(errno));
	configure(skel, &c);
	if (inject_bpf__load(skel))
		die("can't load the programs: %s; they need CONFIG_FAILSLAB, CONFIG_FAIL_PAGE_ALLOC, CONFIG_FUNCTION_ERROR_INJECTION and BTF",
		    strerror(errno));

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	attach(skel, &c, links);
	puts("ready");
	fflush(stdout);

	status = wait_for(start(argv + command, &signals), &signals);

	/*
	 * the programs that make allocations fail were attached last and are
	 * detached first
	 */
	for (size_t i = sizeof(links) / sizeof(*links); i-- > 0;)
		bpf_link__destroy(links[i]);
	printf("{\"slab\":%llu,\"pages\":%llu,\"entered\":%llu,\"returned\":%llu}\n",
	       skel->bss->failed_slab, skel->bss->failed_pages,
	       skel->bss->entered, skel->bss->returned);
	inject_bpf__destroy(skel);
	return status;
}
