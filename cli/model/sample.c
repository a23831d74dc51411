// SPDX-License-Identifier: GPL-2.0-only
#include "model/sample.h"

#include <stdlib.h>

void sample_release(struct sample *s)
{
	size_t i;

	for (i = 0; i < s->nr_devices; i++) {
		free(s->devices[i].targets);
		free(s->devices[i].lower);
	}
	for (i = 0; i < s->nr_pools; i++)
		free(s->pools[i].waiters);
	free(s->devices);
	free(s->pools);
	*s = (struct sample){ 0 };
}

int sample_compare_devices(const void *a, const void *b)
{
	const struct sample_devno *da = &((const struct sample_device *)a)->dev;
	const struct sample_devno *db = &((const struct sample_device *)b)->dev;

	if (da->major != db->major)
		return da->major < db->major ? -1 : 1;
	return (da->minor > db->minor) - (da->minor < db->minor);
}
