/* SPDX-License-Identifier: GPL-2.0-only */
/* Events of a terminal: keys, and the place of a click. */
#ifndef MEMTOP_TOP_TOP_EVENT_H
#define MEMTOP_TOP_TOP_EVENT_H

#include <stddef.h>
#include <stdint.h>

/* A key: a character of Unicode, or one of these, which are above them. */
enum top_key {
	TOP_KEY_NONE = 0x110000,
	TOP_KEY_UP,
	TOP_KEY_DOWN,
	TOP_KEY_LEFT,
	TOP_KEY_RIGHT,
	TOP_KEY_PAGE_UP,
	TOP_KEY_PAGE_DOWN,
	TOP_KEY_HOME,
	TOP_KEY_END,
	TOP_KEY_ENTER,
	TOP_KEY_ESCAPE,
	TOP_KEY_BACKSPACE,
	TOP_KEY_HELP, /* F1 */
	TOP_KEY_F3, /* in the list these five are as in htop */
	TOP_KEY_F4,
	TOP_KEY_F5,
	TOP_KEY_F6,
	TOP_KEY_F10,
	TOP_KEY_WHEEL_UP,
	TOP_KEY_WHEEL_DOWN,
	TOP_KEY_CLICK,
	TOP_KEY_RESIZE,
};

struct top_event {
	uint32_t key;
	size_t line; /* of the screen, where the click was */
	size_t column;
};

#endif
