/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_KERNEL_KPROBE_H
#define MEMTOP_KERNEL_KPROBE_H

#include <stdbool.h>

/*
 * Makes the kernel run the BPF program @prog at each call of @function, or at each return
 * from it, on all CPUs. Needs neither tracefs nor a symbol's address. Returns a
 * descriptor, which ends that when it is closed, or -errno.
 */
int kprobe_open(const char *function, bool at_return, int prog);

#endif
