// SPDX-License-Identifier: GPL-2.0-only
#include "system/signals.h"

#include <signal.h>

void signals_reset(void)
{
	sigset_t none;

	signal(SIGCHLD, SIG_DFL);
	signal(SIGWINCH, SIG_DFL);
	/* A closed pipe causes EPIPE, so that programs are detached cleanly. */
	signal(SIGPIPE, SIG_IGN);
	/* A file size limit causes EFBIG, so that files stay complete. */
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}
