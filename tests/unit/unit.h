/* SPDX-License-Identifier: GPL-2.0-only */
/* Headers of every unit test, in the order that cmocka requires. */
#ifndef MEMTOP_UNIT_H
#define MEMTOP_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
