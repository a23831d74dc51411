// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the tool run as on a kernel that lacks a member. It is linked into the
 * tool, intercepts bpf(2), and changes the data of the light skeletons so that
 * the kernel finds no match for one name. It changes the data for the tool's own
 * relocation (decode/relocate.h) in the same way.
 *
 *	MEMTOP_WITHOUT=STRUCT.MEMBER	a member of a structure
 *	MEMTOP_WITHOUT=STRUCT		the whole structure
 *	MEMTOP_WITHOUT=STRUCT.MEMBER.MEMBER	of an anonymous structure in it
 *	MEMTOP_UNGUARDED=1		... and existence checks succeed, so the
 *                                      kernel refuses the program
 *
 * A skeleton's data has the types of the program, as BTF, and its relocations.
 * The member is renamed in these types. As in the kernel, a suffix that begins
 * with "___" does not count. If the loaded programs do not use the name,
 * nothing changes.
 */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct kernel_types;

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

/* The types in a skeleton's data. */
struct types {
	char *types;
	uint32_t types_len;
	const char *names;
	uint32_t names_len;
};

/* A name that no structure and no member of the kernel has. */
static const char gone[] = "LICENSE";

static bool find_types(char *data, size_t len, struct types *ret)
{
	for (size_t at = 0; at + sizeof(struct btf_header) < len; at++) {
		struct btf_header h;

		memcpy(&h, data + at, sizeof(h));
		if (h.magic != 0xeB9F || h.version != 1 ||
		    h.hdr_len != sizeof(h))
			continue;
		*ret = (struct types){ data + at + h.hdr_len + h.type_off,
				       h.type_len,
				       data + at + h.hdr_len + h.str_off,
				       h.str_len };
		return true;
	}
	return false;
}

static uint32_t offset_of_name(const struct types *t, const char *name)
{
	for (uint32_t at = 0; at < t->names_len;
	     at += (uint32_t)strlen(t->names + at) + 1) {
		if (strcmp(t->names + at, name) == 0)
			return at;
	}
	fprintf(stderr, "no name '%s' in the types\n", name);
	exit(125);
}

/* Whether @name, which may have a flavour, is the first @len bytes of @wanted. */
static bool is_same(const char *name, const char *wanted, size_t len)
{
	const char *flavour = strstr(name, "___");
	size_t is = flavour ? (size_t)(flavour - name) : strlen(name);

	return is == len && strncmp(name, wanted, len) == 0;
}

static size_t size_of(const struct btf_type *type)
{
	uint32_t nr = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return sizeof(*type) + 4;
	case BTF_KIND_ARRAY:
		return sizeof(*type) + sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return sizeof(*type) + nr * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return sizeof(*type) + nr * sizeof(struct btf_enum);
	case BTF_KIND_FUNC_PROTO:
		return sizeof(*type) + nr * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return sizeof(*type) + nr * sizeof(struct btf_var_secinfo);
	default:
		return sizeof(*type);
	}
}

static struct btf_type *type_of(const struct types *t, uint32_t id)
{
	for (uint32_t at = 0; at < t->types_len;) {
		struct btf_type *type = (struct btf_type *)(t->types + at);

		if (!--id)
			return type;
		at += (uint32_t)size_of(type);
	}
	return NULL;
}

/* The structure that a member of type @id is, or is an array of; or NULL. */
static struct btf_type *struct_in(const struct types *t, uint32_t id)
{
	struct btf_type *type = type_of(t, id);

	while (type && BTF_INFO_KIND(type->info) != BTF_KIND_STRUCT) {
		switch (BTF_INFO_KIND(type->info)) {
		case BTF_KIND_ARRAY:
			type = type_of(t,
				       ((struct btf_array *)(type + 1))->type);
			break;
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_CONST:
			type = type_of(t, type->type);
			break;
		default:
			return NULL;
		}
	}
	return type;
}

/* @path: a member, or a member of an anonymous structure. */
static void rename_member(struct btf_type *type, const struct types *t,
			  const char *path)
{
	struct btf_member *members = (struct btf_member *)(type + 1);
	const char *dot = strchr(path, '.');
	size_t len = dot ? (size_t)(dot - path) : strlen(path);

	for (uint32_t i = 0; i < BTF_INFO_VLEN(type->info); i++) {
		const char *name = t->names + members[i].name_off;

		if (strlen(name) != len || strncmp(name, path, len))
			continue;
		if (dot && struct_in(t, members[i].type))
			rename_member(struct_in(t, members[i].type), t,
				      dot + 1);
		else
			members[i].name_off = offset_of_name(t, gone);
	}
}

static void take_away(const struct types *t, const char *what)
{
	const char *dot = strchr(what, '.');
	size_t len = dot ? (size_t)(dot - what) : strlen(what);

	for (uint32_t at = 0; at < t->types_len;) {
		struct btf_type *type = (struct btf_type *)(t->types + at);

		at += (uint32_t)size_of(type);
		if (BTF_INFO_KIND(type->info) != BTF_KIND_STRUCT ||
		    !is_same(t->names + type->name_off, what, len))
			continue;
		if (dot)
			rename_member(type, t, dot + 1);
		else
			type->name_off = offset_of_name(t, gone);
	}
}

/*
 * Whether the path @steps of a relocation of type @id begins with the removed
 * member.
 */
static bool leads_to_gone(const struct types *t, uint32_t id, const char *steps)
{
	struct btf_type *type = struct_in(t, id);
	struct btf_member *members = (struct btf_member *)(type + 1);
	uint32_t first;

	if (!type || sscanf(steps, "0:%u", &first) != 1 ||
	    first >= BTF_INFO_VLEN(type->info))
		return false;
	return strcmp(t->names + members[first].name_off, gone) == 0;
}

/* Makes existence relocations of the member ask for another member. */
static void hide(char *data, size_t len, const struct types *t)
{
	const char *end = data + len;

	for (char *at = data; at + sizeof(struct bpf_core_relo) <= end;
	     at += 4) {
		struct bpf_core_relo *relo = (struct bpf_core_relo *)at;
		const char *path = t->names + relo->access_str_off;

		if (relo->kind != BPF_CORE_FIELD_EXISTS || !relo->type_id ||
		    relo->type_id > 2000 || relo->insn_off % 8 ||
		    relo->insn_off > 1 << 20 ||
		    relo->access_str_off >= t->names_len ||
		    path[strspn(path, "0123456789:")] || path[0] != '0' ||
		    !leads_to_gone(t, relo->type_id, path))
			continue;
		/* whether there is another member, namely the first one */
		relo->access_str_off = offset_of_name(t, "0:0");
	}
}

/* Returns whether @data has types that could be changed. */
static bool change_data(char *data, size_t len, const char *what)
{
	struct types t;

	if (!find_types(data, len, &t))
		return false;
	take_away(&t, what);
	if (getenv("MEMTOP_UNGUARDED"))
		hide(data, len, &t);
	return true;
}

/* A changed copy of the data that @attr sets as the only value of a map. */
static void change(union bpf_attr *attr, const char *what)
{
	static char *copy;
	char *data = (char *)(uintptr_t)attr->value;
	uint32_t len = 0;
	FILE *info;
	char path[64], line[128];

	/* the map's info has its size */
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%u", attr->map_fd);
	info = fopen(path, "re");
	while (info && fgets(line, sizeof(line), info))
		sscanf(line, "value_size: %u", &len);
	if (info)
		fclose(info);
	free(copy);
	copy = malloc(len);
	if (!len || !copy)
		return;
	memcpy(copy, data, len);
	if (change_data(copy, len, what))
		attr->value = (uintptr_t)copy;
}

int __real_relocate_program(void *blob, size_t len, const char *name,
			    const struct kernel_types *types);
int __wrap_relocate_program(void *blob, size_t len, const char *name,
			    const struct kernel_types *types);

int __wrap_relocate_program(void *blob, size_t len, const char *name,
			    const struct kernel_types *types)
{
	const char *what = getenv("MEMTOP_WITHOUT");

	if (what)
		change_data(blob, len, what);
	return __real_relocate_program(blob, len, name, types);
}

long __wrap_syscall(long number, ...)
{
	const char *what = getenv("MEMTOP_WITHOUT");
	long args[6];
	va_list list;

	va_start(list, number);
	for (size_t i = 0; i < 6; i++)
		args[i] = va_arg(list, long);
	va_end(list);
	if (what && number == SYS_bpf && args[0] == BPF_MAP_UPDATE_ELEM) {
		union bpf_attr attr;

		memset(&attr, 0, sizeof(attr));
		memcpy(&attr, (void *)args[1],
		       (size_t)args[2] < sizeof(attr) ? (size_t)args[2] :
							sizeof(attr));
		change(&attr, what);
		return __real_syscall(number, args[0], &attr, args[2]);
	}
	return __real_syscall(number, args[0], args[1], args[2], args[3],
			      args[4], args[5]);
}
