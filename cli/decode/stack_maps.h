/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parses the text that the program of stacks.bpf.c has written: does not access
 * the kernel.
 */
#ifndef MEMTOP_DECODE_STACK_MAPS_H
#define MEMTOP_DECODE_STACK_MAPS_H

struct sample;

/*
 * Adds the stacks in @text to @s: a line with the thread's number, then a line
 * for each function, which begins with a space. A line without its end was cut
 * short and is left out.
 */
void stack_maps_add(const char *text, struct sample *s);

#endif
