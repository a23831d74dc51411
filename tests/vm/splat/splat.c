// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does what a run in the VM must not go through with: a real warning or a real
 * oops, for the test of the runner.
 */
#include <linux/module.h>

static char *what = "nothing";
module_param(what, charp, 0444);
MODULE_PARM_DESC(what, "warn or oops");

static int __init splat_init(void)
{
	WARN(!strcmp(what, "warn"), "a warning on request\n");
	if (!strcmp(what, "oops"))
		BUG();
	return 0;
}

static void __exit splat_exit(void)
{
}

module_init(splat_init);
module_exit(splat_exit);
MODULE_DESCRIPTION("Warnings and oopses on request");
MODULE_LICENSE("GPL");
