/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CLAIMS_H
#define TARE_CLAIMS_H

/*
 * Published numbers against ours: configs/claims/<name>.yaml says what was claimed, the
 * store what was measured.  The rules of a verdict are in docs/method.md.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/base/err.h"

struct store;

enum claim_kind {
	CLAIM_TIME,  /* a ratio of performances, or a time: emulation decides nothing */
	CLAIM_ORDER, /* which of two performs better */
	CLAIM_COUNT, /* which of two costs the host more events */
	CLAIM_BEHAVIOUR /* seen or not seen in an experiment */
};
enum claim_metric {
	CLAIM_PERFORMANCE, /* of a cell, by its own metric */
	CLAIM_START,	   /* from open to the agent's first word: shorter is better */
	CLAIM_EXITS,	   /* VM exits for one I/O */
	CLAIM_PORT_EXITS,  /* those for port accesses */
	CLAIM_SWITCHES	   /* context switches of what serves the platform, for one I/O */
};
enum claim_verdict {
	CLAIM_UNTESTABLE,
	CLAIM_INCONCLUSIVE,
	CLAIM_CONTRADICTED,
	CLAIM_REPRODUCED
};
#define CLAIM_VERDICT_NR 4
const char *claim_kind_name(enum claim_kind kind);
const char *claim_verdict_name(enum claim_verdict verdict);
const char *claim_metric_name(enum claim_metric metric);

struct claim_side {
	char *platform, *path; /* path NULL: any */
};
#define CLAIM_SIDES_MAX 4
struct claim {
	char *id, *says, *source, *confidence, *conditions, *file;
	int line;
	enum claim_kind kind;
	enum claim_metric metric;
	/* The first that was measured decides; the others stand in for it. */
	struct claim_side sides[CLAIM_SIDES_MAX];
	size_t side_nr;
	struct claim_side against; /* platform NULL: the run's baseline */
	char **cells, **families;  /* labels, workloads or families of cells */
	size_t cell_nr, family_nr;
	char *relative_to;	   /* a cell: the ratio is divided by that cell's */
	double claimed, tolerance; /* NaN: none; the tolerance is relative, 0.02 = 2 % */
	bool below;		   /* order and count: the platform is below the other */
	bool every;		   /* must hold in every cell, not only in some */
	uint32_t cpus, packages;   /* the host needs at least so many; 0: any */
	char *command;	  /* makes the evidence: "tare memcg"; NULL: a run's cells do */
	char *untestable; /* why tare cannot test it on any host; NULL: it can */
	char *mark;	  /* how the disk figure marks the claimed value; NULL: not */
};
struct claim_set {
	struct claim *list;
	size_t nr;
};

/* claims_config.c: every file of <config_dir>/claims, by name; ids are unique. */
int claims_load(const char *config_dir, struct claim_set *ret, struct err *err);
/* Adds one file's; text NULL: read it. On failure the set is as it was. */
int claims_parse(const char *file, const char *text, struct claim_set *set,
		 struct err *err);
void claims_release(struct claim_set *set);

/* One measured value against its claim. */
#define CLAIM_REASON_MAX 400
struct claim_reading {
	char cell[80], platform[96], against[96];
	int64_t run;
	bool emulated;
	double value, low, high; /* ratio and 95 % interval; NaN: no number */
	uint64_t samples;	 /* ok ones on the platform's side */
	enum claim_verdict verdict;
	char reason[CLAIM_REASON_MAX];
};
struct claim_finding {
	const struct claim *claim;
	enum claim_verdict verdict;
	char reason[CLAIM_REASON_MAX];
	struct claim_reading *readings; /* of one run, or none */
	size_t nr;
};
struct claim_findings {
	struct claim_finding *list; /* one a claim, in the order of the set */
	size_t nr;
};
/* Evidence is taken for each claim from the first of `runs` that can test it. The set
 * must outlive the findings. */
int claims_evaluate(struct store *store, const int64_t *runs, size_t run_nr,
		    const struct claim_set *set, struct claim_findings *ret,
		    struct err *err);
void claim_findings_release(struct claim_findings *findings);
/* All runs of the store, the newest first, or `first` before them when it is > 0.
 * *ret is malloc'ed. */
int claims_runs(struct store *store, int64_t first, int64_t **ret, size_t *nr,
		struct err *err);

/* claims_verdict.c: the rules, pure. */
struct claim_interval {
	double low, high;
};
/* A ratio's interval, not narrower than the A/A floor (|log| reach; NaN: none). */
struct claim_interval claim_widen(double ratio, double low, double high, double floor);
/* Against claimed × (1 ± tolerance). */
enum claim_verdict claim_judge_value(const struct claim *claim,
				     struct claim_interval interval);
/* Against 1, by the claim's direction and tolerance. */
enum claim_verdict claim_judge_order(const struct claim *claim,
				     struct claim_interval interval);
/* Of the readings' verdicts (counted by verdict): some or every. */
enum claim_verdict claim_combine(const size_t count[static CLAIM_VERDICT_NR], bool every);
/* 95 % interval of the ratio of two samples' geometric means: Welch's t on logarithms.
 * All values > 0; each side needs two: otherwise false. */
bool claim_welch(const double *a, size_t a_nr, const double *b, size_t b_nr,
		 double *ret_ratio, struct claim_interval *ret);

#endif
