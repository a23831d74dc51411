/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a bench creates on the machine: files, devices and load, for each run. All of it
 * is removed at the end, and the parameter is put back.
 */
#ifndef MEMTOP_BENCH_RIG_H
#define MEMTOP_BENCH_RIG_H

struct bench;
struct options;
struct rig;

/*
 * Decides where the data will be, and checks that there is room; changes nothing. The
 * caller keeps @options, and frees *@ret. Returns 0 or -errno, already reported.
 */
int rig_plan(const struct options *options, struct rig **ret);

/*
 * Makes the runs of @bench, which get their figures, after removing what a killed bench
 * has left. Returns 0 or -errno, already reported; -EINTR: a signal ended it.
 */
int rig_run(struct rig *rig, struct bench *bench);

/* Frees; safe on NULL. */
void rig_free(struct rig *rig);

#endif
