// SPDX-License-Identifier: GPL-2.0-only
#include "system/gzip.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/alloc.h"
#include "base/strbuf.h"

/*
 * Metrics repeat much, so the fastest level already saves nine tenths. It takes
 * as long as making the page; higher levels save little more.
 */
#define LEVEL 1
/* zlib: the largest window, with the header of gzip instead of its own. */
#define WINDOW_GZIP (15 + 16)
#define MEMORY 8 /* zlib's default */

static void *allocate(void *context, unsigned int nr, unsigned int size)
{
	(void)context;
	return xcalloc(nr, size);
}

static void release(void *context, void *memory)
{
	(void)context;
	free(memory);
}

void gzip_add(struct strbuf *to, const struct strbuf *from)
{
	z_stream stream = { .zalloc = allocate, .zfree = release };
	unsigned char part[16384];
	int status;

	/* neither fails: the arguments are right, and memory is always there */
	if (deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW_GZIP, MEMORY,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	stream.next_in = (unsigned char *)strbuf_text(from);
	stream.avail_in = (unsigned int)from->len;
	do {
		stream.next_out = part;
		stream.avail_out = sizeof(part);
		status = deflate(&stream, Z_FINISH);
		strbuf_add(to, (const char *)part,
			   sizeof(part) - stream.avail_out);
	} while (status == Z_OK || status == Z_BUF_ERROR);
	deflateEnd(&stream);
}
