// SPDX-License-Identifier: GPL-2.0-only
#include "base/base64.h"

#include <stdint.h>

#include "base/strbuf.h"

void base64_add(struct strbuf *sb, const void *bytes, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i += 3) {
		const size_t left = len - i;
		const uint32_t group =
			(uint32_t)at[i] << 16 |
			(left > 1 ? (uint32_t)at[i + 1] << 8 : 0) |
			(left > 2 ? at[i + 2] : 0);
		const char out[] = {
			digits[group >> 18],
			digits[group >> 12 & 63],
			left > 1 ? digits[group >> 6 & 63] : '=',
			left > 2 ? digits[group & 63] : '=',
		};

		strbuf_add(sb, out, sizeof(out));
	}
}
