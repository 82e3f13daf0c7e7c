/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Claims against the made-up run, whose truths are known (fixtures/store-made.h). */
#include <unistd.h>

#include "bench/claims/claims.h"
#include "tests/check.h"
#include "tests/fixtures/store-made.h"

#define HEAD(id, kind)           \
	"  - id: " id "\n"       \
	"    says: so\n"         \
	"    confidence: read\n" \
	"    kind: " kind "\n"   \
	"    conditions: none\n"

static const char text[] = "source: made up\nclaims:\n"
	/* lxc does 0.82 of bare metal's system calls, and 0.99 of the rest */
	HEAD("syscall", "time") "    platform: lxc\n    cells: [syscall]\n    claimed: "
				"0.82\n    tolerance: 3%\n" HEAD("syscall-wrong", "time") "    platform: lxc\n    cells: [syscall]\n    claimed: 1.0\n    tolerance: 3%\n" HEAD(
					"syscall-narrow",
					"time") "    platform: lxc\n    cells: "
						"[syscall]\n    claimed: 0.82\n    "
						"tolerance: 0.1%\n" HEAD(
							"some",
							"time") "    "
								"platfor"
								"m: "
								"lxc\n  "
								"  "
								"familie"
								"s: "
								"[cpu]"
								"\n    "
								"claimed"
								": "
								"0.82\n "
								"   "
								"toleran"
								"ce: "
								"3%"
								"\n" HEAD(
									"every",
									"time") "    "
										"platform"
										": lxc\n "
										"   "
										"families"
										": "
										"[cpu]\n "
										"   "
										"claimed:"
										" 0.99\n "
										"   "
										"toleranc"
										"e: 3%\n"
										"    "
										"holds_"
										"in: "
										"every"
										"\n" HEAD(
											"stand-in",
											"time") "    platform: [docker, lxc-unprivileged, lxc:bind]\n    cells: [syscall]\n"
												"    claimed: 0.82\n    tolerance: 3%\n"
	/* guests are emulated: no time, but an order among themselves */
	HEAD("emulated",
	     "time") "    platform: kvm:virtio\n    cells: [seqread]\n    claimed: "
		     "0.81\n"
		     "    tolerance: 9%\n" HEAD(
			     "order",
			     "order") "    platform: kvm:virtio\n    against: "
				      "kvm:ide\n    cells: [randread-qd1]\n"
				      "    order: above\n" HEAD(
					      "order-wrong",
					      "order") "    platform: kvm:ide\n    "
						       "against: kvm:virtio\n    "
						       "cells: [randread-qd1]\n"
						       "    order: above\n" HEAD(
							       "order-mixed",
							       "order") "    "
									"platform: "
									"kvm:virtio\n "
									"   against: "
									"lxc:bind\n   "
									" cells: "
									"[randread-"
									"qd1]\n"
									"    order: "
									"below\n" HEAD(
										"same-"
										"every"
										"wher"
										"e",
										"orde"
										"r") "   "
										     " pl"
										     "atf"
										     "orm"
										     ": "
										     "kvm"
										     ":vi"
										     "rti"
										     "o\n"
										     "   "
										     " ag"
										     "ain"
										     "st:"
										     " kv"
										     "m:"
										     "ide"
										     "\n "
										     "   "
										     "cel"
										     "ls:"
										     " ["
										     "ran"
										     "dre"
										     "ad-"
										     "qd1"
										     "]\n"
										     "   "
										     " re"
										     "lat"
										     "ive"
										     "_to"
										     ": "
										     "seq"
										     "rea"
										     "d\n"
										     "   "
										     " or"
										     "der"
										     ": "
										     "abo"
										     "ve"
										     "\n "
										     "   "
										     "tol"
										     "era"
										     "nce"
										     ": "
										     "50%"
										     "\n"
	/* 12 and 140 ms; a guest's 9 s are emulated */
	HEAD(
		"start",
		"order") "    metric: start\n    platform: bare\n    against: lxc\n    "
			 "order: below\n" HEAD("start-emulated",
					       "order") "    metric: start\n    "
							"platform: "
							"lxc\n    against: kvm\n    "
							"order: "
							"below\n" HEAD("exits",
								       "count") "  "
										"  "
										"me"
										"tr"
										"ic"
										": "
										"ex"
										"it"
										"s"
										"\n"
										"  "
										"  "
										"pl"
										"at"
										"fo"
										"rm"
										": "
										"kv"
										"m:"
										"id"
										"e"
										"\n"
										"  "
										"  "
										"ag"
										"ai"
										"ns"
										"t:"
										" k"
										"vm"
										":v"
										"ir"
										"ti"
										"o"
										"\n"
										"  "
										"  "
										"ce"
										"ll"
										"s:"
										" ["
										"ra"
										"nd"
										"re"
										"ad"
										"-q"
										"d1"
										"]"
										"\n"
										"  "
										"  "
										"or"
										"de"
										"r:"
										" a"
										"bo"
										"ve"
										"\n" HEAD(
											"switches", "count") "    metric: switches\n    platform: kvm:ide\n    against: kvm:virtio\n"
													     "    cells: [randread-qd1]\n    order: above\n    tolerance: 10%\n" HEAD("cpus", "time") "    platform: lxc\n    cells: [syscall]\n    claimed: 0.82\n    tolerance: 3%\n"
																								      "    cpus: 8\n" HEAD("absent",
																											   "time") "    platform: kvm:vhost\n    cells: [seqread]\n    claimed: 1\n    tolerance: 3%\n" HEAD("unavailable", "time") "    platform: lxc-unprivileged\n    cells: [int]\n    claimed: 1\n"
																																										    "    tolerance: 3%\n" HEAD("seen", "behaviour") "    command: tare memcg\n" HEAD("unseen",
																																																				     "behaviour") "    command: tare memcg\n" HEAD("in-a-guest",
																																																										   "order") "    command: tare start\n" HEAD("later", "behaviour") "    command: tare density\n" HEAD("never", "behaviour") "    untestable: no such thing\n";

static const char experiments[] =
	"INSERT INTO experiment (run, chapter, name, condition, emulated, verdict, "
	"answer,"
	" procedure, begin_ns, end_ns) VALUES"
	" (1, 'memcg', 'seen', 'cgroup v1', 0, 'holds', 'it was 7', 'look', 1, 2),"
	" (1, 'memcg', 'seen', 'cgroup v2', 0, 'unavailable', 'no v2', 'look', 1, 2),"
	" (1, 'start', 'in-a-guest', '', 1, 'holds', 'it was', 'look', 1, 2)";

static const struct {
	const char *id;
	enum claim_verdict verdict;
	const char *reason; /* how it begins; NULL: anything */
} wanted[] = {
	{"syscall", CLAIM_REPRODUCED, ""},
	{"syscall-wrong", CLAIM_CONTRADICTED, ""},
	{"syscall-narrow", CLAIM_INCONCLUSIVE, "the interval is too wide"},
	{"some", CLAIM_REPRODUCED,
	 "reproduced in 1 of 8: syscall; contradicted in 7 of 8"},
	{"every", CLAIM_CONTRADICTED, NULL},
	{"stand-in", CLAIM_REPRODUCED, "lxc stands in for docker"},
	{"emulated", CLAIM_UNTESTABLE, "the guest was emulated"},
	{"order", CLAIM_REPRODUCED, ""},
	{"order-wrong", CLAIM_CONTRADICTED, ""},
	{"order-mixed", CLAIM_UNTESTABLE, "only one side was emulated"},
	{"same-everywhere", CLAIM_REPRODUCED, ""},
	{"start", CLAIM_REPRODUCED, ""},
	{"start-emulated", CLAIM_UNTESTABLE, "only one side was emulated"},
	{"exits", CLAIM_UNTESTABLE, "events were not counted"},
	{"switches", CLAIM_REPRODUCED, ""},
	{"cpus", CLAIM_UNTESTABLE, "needs 8 CPUs, the host of run 1 has 2"},
	{"absent", CLAIM_UNTESTABLE, "no run has such a cell on kvm:vhost"},
	{"unavailable", CLAIM_UNTESTABLE, "unavailable"},
	{"seen", CLAIM_REPRODUCED,
	 "reproduced in 1 of 2: cgroup v1; not testable here in 1 of 2: cgroup v2"},
	{"unseen", CLAIM_UNTESTABLE, "'tare memcg' has no finding on it here"},
	{"in-a-guest", CLAIM_UNTESTABLE, "guests were emulated: it was"},
	{"later", CLAIM_UNTESTABLE, "run 'tare density'"},
	{"never", CLAIM_UNTESTABLE, "no such thing"},
};
#define WANTED_NR (sizeof(wanted) / sizeof(wanted[0]))

static void check_findings(const struct claim_findings *findings)
{
	CHECK_INT(findings->nr, WANTED_NR);
	for (size_t i = 0; i < findings->nr && i < WANTED_NR; i++) {
		const struct claim_finding *finding = &findings->list[i];
		const char *begin = wanted[i].reason;
		char line[600];

		(void)snprintf(line, sizeof(line), "%s: %s: %s", finding->claim->id,
			       claim_verdict_name(finding->verdict), finding->reason);
		CHECK_STR(finding->claim->id, wanted[i].id);
		check_say(finding->verdict == wanted[i].verdict &&
				  (!begin || (begin[0] ? !strncmp(finding->reason, begin,
								  strlen(begin))
						       : !finding->reason[0])),
			  __FILE__, __LINE__, line);
	}
}

static void check_numbers(const struct claim_findings *findings)
{
	const struct claim_reading *syscall = &findings->list[0].readings[0];
	const struct claim_reading *order = &findings->list[7].readings[0];

	CHECK_INT(findings->list[0].nr, 1);
	CHECK_NEAR(syscall->value, 0.82, 0.02);
	CHECK(syscall->low < syscall->value && syscall->value < syscall->high);
	CHECK(syscall->samples > 50);
	CHECK_STR(syscall->cell, "syscall");
	CHECK_STR(syscall->platform, "lxc");
	CHECK_INT(syscall->run, 1);
	CHECK_NEAR(order->value, 0.81 / 0.41, 0.3);
	CHECK(order->emulated);
	CHECK_STR(order->against, "kvm:ide");
}

static void test_made(struct store *store)
{
	struct claim_set set = {0};
	struct claim_findings findings = {0};
	struct err err = {0};
	int64_t *runs = NULL;
	size_t nr = 0;

	CHECK(!sqlite3_exec(store_db(store), experiments, NULL, NULL, NULL));
	CHECK_INT(claims_parse("made.yaml", text, &set, &err), 0);
	CHECK_INT(claims_runs(store, 0, &runs, &nr, &err), 0);
	CHECK_INT(nr, 1);
	CHECK_INT(claims_evaluate(store, runs, nr, &set, &findings, &err), 0);
	CHECK_STR(err.text, "");
	check_findings(&findings);
	if (findings.nr == WANTED_NR && findings.list[0].nr && findings.list[7].nr)
		check_numbers(&findings);
	claim_findings_release(&findings);
	claims_release(&set);
	free(runs);
}

/* A store without runs tests nothing, and says what to do. */
static void test_empty(const char *path)
{
	cleanup(store) struct store *store = NULL;
	struct claim_set set = {0};
	struct claim_findings findings = {0};
	struct err err = {0};

	CHECK_INT(store_open(path, STORE_CREATE, &store, &err), 0);
	CHECK_INT(claims_parse("made.yaml", text, &set, &err), 0);
	CHECK_INT(claims_evaluate(store, NULL, 0, &set, &findings, &err), 0);
	for (size_t i = 0; i < findings.nr; i++)
		CHECK_INT(findings.list[i].verdict, CLAIM_UNTESTABLE);
	claim_findings_release(&findings);
	claims_release(&set);
}

int main(void)
{
	char dir[] = "/tmp/tare-test-XXXXXX", path[64], empty[64];
	cleanup(store) struct store *store = NULL;
	struct err err = {0};

	if (!mkdtemp(dir))
		return 1;
	(void)snprintf(path, sizeof(path), "%s/t.sqlite", dir);
	(void)snprintf(empty, sizeof(empty), "%s/e.sqlite", dir);
	CHECK_INT(made_store(path, &err), 0);
	CHECK_INT(store_open(path, STORE_CREATE, &store, &err), 0);
	if (store)
		test_made(store);
	test_empty(empty);
	store_close(take_ptr(store));
	(void)unlink(path);
	(void)unlink(empty);
	(void)rmdir(dir);
	return check_done();
}
