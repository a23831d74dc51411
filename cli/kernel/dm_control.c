// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/dm_control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/alloc.h"

/*
 * Room for an answer at first, in bytes. It suffices for one device with a short
 * table; the kernel allocates and copies all room that is offered.
 */
#define FIRST_ROOM 1024
/* No answer is larger: the kernel's limit for one is below 2 GiB. */
#define MOST_ROOM (1UL << 30)

static const char usual_path[] = "/dev/" DM_DIR "/" DM_CONTROL_NODE;
static const char android_path[] = "/dev/device-mapper";

const char *dm_control_path(void)
{
	return access(usual_path, F_OK) && access(android_path, F_OK) == 0 ?
		       android_path :
		       usual_path;
}

int dm_control_open(struct dm_control *ret)
{
	*ret = (struct dm_control){ .fd = open(dm_control_path(),
					       O_RDWR | O_CLOEXEC) };
	return ret->fd < 0 ? -errno : 0;
}

void dm_control_close(struct dm_control *c)
{
	if (c->fd >= 0)
		close(c->fd);
	free(c->answer);
}

struct dm_control dm_control_take_answer(struct dm_control *c)
{
	struct dm_control taken = { -1, c->answer, c->room };

	c->answer = NULL;
	c->room = 0;
	return taken;
}

void dm_control_wipe(struct dm_control *c)
{
	explicit_bzero(c->answer, c->room);
}

/* Makes room for an answer of @size bytes. The last one is gone. */
static void make_room(struct dm_control *c, size_t size)
{
	if (size <= c->room)
		return;
	if (c->answer)
		dm_control_wipe(c);
	free(c->answer);
	c->answer = xcalloc(1, size);
	c->room = size;
}

static int query_once(struct dm_control *c, unsigned long command,
		      uint32_t flags, const struct sample_devno *dev,
		      size_t size)
{
	make_room(c, size);
	*c->answer = (struct dm_ioctl){
		.version = { DM_VERSION_MAJOR, 0, 0 },
		.data_size = (uint32_t)size,
		.data_start = sizeof(*c->answer),
		.flags = flags,
	};
	if (dev)
		c->answer->dev = makedev(dev->major, dev->minor);
	return ioctl(c->fd, command, c->answer) ? -errno : 0;
}

int dm_control_query(struct dm_control *c, unsigned long command,
		     uint32_t flags, const struct sample_devno *dev)
{
	size_t size = FIRST_ROOM;
	int err = query_once(c, command, flags, dev, size);

	while (!err && (c->answer->flags & DM_BUFFER_FULL_FLAG)) {
		size *= 4;
		err = size > MOST_ROOM ?
			      -EMSGSIZE :
			      query_once(c, command, flags, dev, size);
	}
	return err;
}

static const void *data(const struct dm_control *c)
{
	return (const char *)c->answer + c->answer->data_start;
}

const struct dm_name_list *dm_next_name(const struct dm_control *c,
					const struct dm_name_list *last)
{
	const struct dm_name_list *first = data(c);

	if (last)
		return last->next ?
			       (const void *)((const char *)last + last->next) :
			       NULL;
	/* without devices there is one entry without a number, or none */
	return c->answer->data_size > c->answer->data_start && first->dev ?
		       first :
		       NULL;
}

const struct dm_target_spec *dm_next_target(const struct dm_control *c,
					    const struct dm_target_spec *last,
					    uint32_t index)
{
	if (index >= c->answer->target_count)
		return NULL;
	/* the distance is that from the first one */
	return last ? (const void *)((const char *)data(c) + last->next) :
		      data(c);
}

const char *dm_target_text(const struct dm_target_spec *target)
{
	return (const char *)(target + 1);
}

const struct dm_target_deps *dm_lower(const struct dm_control *c)
{
	return data(c);
}
