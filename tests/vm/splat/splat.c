// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults for tests: a real warning or a real oops, which must fail a run in the
 * VM, and faults that only the debug flavour of the test kernel finds.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static char *what = "nothing";
module_param(what, charp, 0444);
MODULE_PARM_DESC(what, "warn, oops, use-after-free, leak, sleep or locks");

static DEFINE_SPINLOCK(spin);
static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);

static void use_after_free(void)
{
	char *volatile object = kmalloc(64, GFP_KERNEL);

	kfree(object);
	if (object)
		WRITE_ONCE(object[8], 1);
}

static void leak(void)
{
	int i;

	/*
	 * the address of the last object may remain in a register or on the
	 * stack
	 */
	for (i = 0; i < 8; i++) {
		void *volatile object = kmalloc(64, GFP_KERNEL);

		object = NULL;
	}
}

static void sleep_in_atomic(void)
{
	spin_lock(&spin);
	might_sleep();
	spin_unlock(&spin);
}

static void take(struct mutex *a, struct mutex *b)
{
	mutex_lock(a);
	mutex_lock(b);
	mutex_unlock(b);
	mutex_unlock(a);
}

static int __init splat_init(void)
{
	WARN(!strcmp(what, "warn"), "a warning on request\n");
	if (!strcmp(what, "oops"))
		BUG();
	if (!strcmp(what, "use-after-free"))
		use_after_free();
	if (!strcmp(what, "leak"))
		leak();
	if (!strcmp(what, "sleep"))
		sleep_in_atomic();
	if (!strcmp(what, "locks")) {
		take(&first, &second);
		take(&second, &first);
	}
	return 0;
}

static void __exit splat_exit(void)
{
}

module_init(splat_init);
module_exit(splat_exit);
MODULE_DESCRIPTION("Warnings and oopses on request");
MODULE_LICENSE("GPL");
