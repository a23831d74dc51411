// SPDX-License-Identifier: GPL-2.0-only
#include "model/backing.h"

#include <string.h>

/* What the kernel adds to the path of a file that was removed: d_path(). */
#define DELETED " (deleted)"

struct search {
	const struct sample *s;
	const struct sample_block *met[BACKING_MOST];
	size_t nr;
};

static void meet(struct search *search, const struct sample_devno *devs,
		 size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		const struct sample_block *block =
			sample_find_block(search->s, devs[i]);
		size_t j = 0;

		if (!block || sample_find_device(search->s, devs[i]))
			continue;
		while (j < search->nr && search->met[j] != block)
			j++;
		if (j == BACKING_MOST)
			return;
		if (j == search->nr)
			search->met[search->nr++] = block;
	}
}

void backing_find(const struct sample *s, const struct sample_device *device,
		  struct backing *ret)
{
	struct search search = { .s = s };

	ret->nr = 0;
	meet(&search, device->lower, device->nr_lower);
	for (size_t i = 0; i < search.nr; i++) {
		const struct sample_block *block = search.met[i];

		if (*block->backing)
			ret->loops[ret->nr++] = block;
		else
			meet(&search, block->lower, block->nr_lower);
	}
}

size_t backing_path_len(const char *backing)
{
	size_t len = strlen(backing), rest = strlen(DELETED);

	return len > rest && strcmp(backing + len - rest, DELETED) == 0 ?
		       len - rest :
		       len;
}
