// SPDX-License-Identifier: GPL-2.0-only
#include "system/zstd.h"

#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/msg.h"

#ifdef MEMTOP_NO_ZSTD

bool zstd_is_built_in(void)
{
	return false;
}

int zstd_open(const char *purpose, struct zstd **ret)
{
	(void)ret;
	msg_error("cannot %s: this program was built without zstd", purpose);
	return -ELIBACC;
}

size_t zstd_compress(struct zstd *z, void *to, size_t room, const void *from,
		     size_t len)
{
	(void)z, (void)to, (void)room, (void)from, (void)len;
	return 0;
}

int zstd_expand(struct zstd *z, void *to, size_t room, const void *from,
		size_t len)
{
	(void)z, (void)to, (void)room, (void)from, (void)len;
	return -EINVAL;
}

void zstd_close(struct zstd *z)
{
	(void)z;
}

#else

#include <zstd.h>

#include "system/library.h"

/* zstd's own default: a higher one gains little on a few KiB. */
#define LEVEL 3

#define FUNCTIONS(use)                                                 \
	use(ZSTD_createCCtx) use(ZSTD_freeCCtx) use(ZSTD_compressCCtx) \
		use(ZSTD_createDCtx) use(ZSTD_freeDCtx)                \
			use(ZSTD_decompressDCtx) use(ZSTD_isError)

struct zstd {
	FUNCTIONS(LIBRARY_MEMBER)
	ZSTD_CCtx *compress; /* owned; made when it is needed */
	ZSTD_DCtx *expand; /* made when it is needed */
};

bool zstd_is_built_in(void)
{
	return true;
}

static int look_up(const char *purpose, struct zstd *ret)
{
#ifdef MEMTOP_STATIC
#define LINKED(name) ret->name = name;
	(void)purpose;
	FUNCTIONS(LINKED)
#else
	const struct library library = {
		.file = "libzstd.so.1",
		.purpose = purpose,
		.hint = "it is in the package libzstd1",
	};

	FUNCTIONS(LIBRARY_LOOK_UP)
#endif
	return 0;
}

int zstd_open(const char *purpose, struct zstd **ret)
{
	struct zstd *z = xcalloc(1, sizeof(*z));
	int err = look_up(purpose, z);

	if (err) {
		free(z);
		return err;
	}
	*ret = z;
	return 0;
}

size_t zstd_compress(struct zstd *z, void *to, size_t room, const void *from,
		     size_t len)
{
	size_t nr;

	if (!z->compress)
		z->compress = xcheck(z->ZSTD_createCCtx());
	nr = z->ZSTD_compressCCtx(z->compress, to, room, from, len, LEVEL);
	return z->ZSTD_isError(nr) ? 0 : nr;
}

int zstd_expand(struct zstd *z, void *to, size_t room, const void *from,
		size_t len)
{
	size_t nr;

	if (!z->expand)
		z->expand = xcheck(z->ZSTD_createDCtx());
	nr = z->ZSTD_decompressDCtx(z->expand, to, room, from, len);
	return z->ZSTD_isError(nr) || nr != room ? -EINVAL : 0;
}

void zstd_close(struct zstd *z)
{
	if (!z)
		return;
	z->ZSTD_freeCCtx(z->compress);
	z->ZSTD_freeDCtx(z->expand);
	free(z);
}

#endif
