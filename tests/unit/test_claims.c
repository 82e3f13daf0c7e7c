/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Claims: the strict reading of their files, and the rules of a verdict. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "bench/claims/claims.h"
#include "bench/claims/claims_show.h"
#include "tests/check.h"

static const char good[] = "source: a paper\n"
			   "claims:\n"
			   "  - id: one\n"
			   "    says: half as fast\n"
			   "    confidence: read\n"
			   "    kind: time\n"
			   "    conditions: none\n"
			   "    platform: [docker, lxc:bind]\n"
			   "    against: kvm:ide\n"
			   "    cells: [randread-qd1, chase l2]\n"
			   "    relative_to: seqread\n"
			   "    claimed: 0.5\n"
			   "    tolerance: 4%\n"
			   "    cpus: 8\n"
			   "    holds_in: every\n"
			   "  - id: two\n"
			   "    source: a talk\n"
			   "    says: it lingers\n"
			   "    confidence: talk\n"
			   "    kind: behaviour\n"
			   "    conditions: none\n"
			   "    command: tare memcg\n";

static void test_good(void)
{
	struct claim_set set = {0};
	struct err err = {0};
	const struct claim *claim;

	CHECK_INT(claims_parse("a.yaml", good, &set, &err), 0);
	CHECK_STR(err.text, "");
	CHECK_INT(set.nr, 2);
	if (set.nr != 2)
		return;
	claim = &set.list[0];
	CHECK_STR(claim->id, "one");
	CHECK_STR(claim->source, "a paper");
	CHECK_INT(claim->kind, CLAIM_TIME);
	CHECK_INT(claim->side_nr, 2);
	CHECK_STR(claim->sides[0].platform, "docker");
	CHECK(!claim->sides[0].path);
	CHECK_STR(claim->sides[1].path, "bind");
	CHECK_STR(claim->against.platform, "kvm");
	CHECK_STR(claim->against.path, "ide");
	CHECK_INT(claim->cell_nr, 2);
	CHECK_STR(claim->cells[1], "chase l2");
	CHECK_STR(claim->relative_to, "seqread");
	CHECK_NEAR(claim->claimed, 0.5, 0);
	CHECK_NEAR(claim->tolerance, 0.04, 1e-12);
	CHECK_INT(claim->cpus, 8);
	CHECK(claim->every);
	CHECK_INT(claim->line, 3);
	CHECK_STR(set.list[1].source, "a talk");
	CHECK(isnan(set.list[1].claimed));
	claims_release(&set);
}

/* `text` replaces the line that begins with `key` in the first claim. */
static void check_bad(const char *key, const char *text, const char *message)
{
	struct claim_set set = {0};
	struct err err = {0};
	const char *at = strstr(good, key);
	char bad[2048];

	CHECK(at != NULL);
	if (!at)
		return;
	(void)snprintf(bad, sizeof(bad), "%.*s%s%s", (int)(at - good), good, text,
		       strchr(at, '\n'));
	CHECK(claims_parse("a.yaml", bad, &set, &err) < 0);
	CHECK_STR(err.text, message);
	CHECK_INT(set.nr, 0);
	claims_release(&set);
}

static void test_bad(void)
{
	check_bad("id: one", "id: One",
		  "a.yaml:3: id: 'One' is no id: expected a-z, 0-9 "
		  "and '-'");
	check_bad("id: two", "id: one",
		  "a.yaml:16: claims: id 'one' is taken by a.yaml:3");
	check_bad("claimed: 0.5", "claimed: 0.5x",
		  "a.yaml:12: claimed: '0.5x' is no ratio: expected a number as in 0.99");
	check_bad("claimed: 0.5", "claimed: -1",
		  "a.yaml:12: claimed: '-1' is no ratio: expected a number as in 0.99");
	check_bad("claimed: 0.5", "claimed: 1.2.3",
		  "a.yaml:12: claimed: '1.2.3' is no ratio: expected a number as in "
		  "0.99");
	check_bad("claimed: 0.5", "cpus: 2",
		  "a.yaml:14: key 'cpus' is already in line 12");
	check_bad("tolerance: 4%", "packages: 1",
		  "a.yaml:3: claims: kind 'time' needs 'claimed' and 'tolerance'");
	check_bad("kind: time", "kind: order",
		  "a.yaml:3: claims: kind 'order' needs 'order'");
	check_bad("kind: time", "kind: tima",
		  "a.yaml:6: kind: 'tima' is not a choice; did you mean 'time'?");
	check_bad("against: kvm:ide", "against: ':ide'",
		  "a.yaml:9: against: ':ide' is no platform: expected name or name:path");
	check_bad("conditions: none", "conditoins: none",
		  "a.yaml:7: unknown key 'conditoins'; did you mean 'conditions'?");
	check_bad("command: tare memcg", "cpus: 1",
		  "a.yaml:16: claims: kind 'behaviour' needs 'command' or 'untestable'");
	check_bad("source: a paper", "# none",
		  "a.yaml:3: claims: neither it nor the file has a 'source'");
	check_bad("cells: [", "packages: 1 #",
		  "a.yaml:3: claims: key 'cells' or 'families' is missing");
}

/* A file that fails leaves what was there before. */
static void test_kept(void)
{
	struct claim_set set = {0};
	struct err err = {0};

	CHECK_INT(claims_parse("a.yaml", good, &set, &err), 0);
	CHECK_INT(claims_parse("b.yaml", good, &set, &err), -EEXIST);
	CHECK_STR(err.text, "b.yaml:3: claims: id 'one' is taken by a.yaml:3");
	CHECK_INT(set.nr, 2);
	claims_release(&set);
}

/* The ones that come with the program: as many as are published. */
static void test_ours(void)
{
	struct claim_set set = {0};
	struct err err = {0};

	CHECK_INT(claims_load("configs", &set, &err), 0);
	CHECK_STR(err.text, "");
	CHECK_INT(set.nr, 76);
	for (size_t i = 0; i < set.nr; i++)
		CHECK(set.list[i].conditions[0] && set.list[i].says[0]);
	claims_release(&set);
}

/* --- rules --- */

static enum claim_verdict value(double claimed, double tolerance, double low, double high)
{
	struct claim claim = {.claimed = claimed, .tolerance = tolerance};

	return claim_judge_value(&claim, (struct claim_interval){low, high});
}

static void test_value(void)
{
	CHECK_INT(value(0.5, 0.1, 0.46, 0.54), CLAIM_REPRODUCED);
	CHECK_INT(value(0.5, 0.1, 0.45, 0.55), CLAIM_REPRODUCED);
	CHECK_INT(value(0.5, 0.1, 0.44, 0.54), CLAIM_INCONCLUSIVE);
	CHECK_INT(value(0.5, 0.1, 0.46, 0.56), CLAIM_INCONCLUSIVE);
	CHECK_INT(value(0.5, 0.1, 0.1, 2), CLAIM_INCONCLUSIVE);
	CHECK_INT(value(0.5, 0.1, 0.3, 0.44), CLAIM_CONTRADICTED);
	CHECK_INT(value(0.5, 0.1, 0.56, 0.8), CLAIM_CONTRADICTED);
}

static enum claim_verdict order(bool below, double tolerance, double low, double high)
{
	struct claim claim = {.below = below, .tolerance = tolerance};

	return claim_judge_order(&claim, (struct claim_interval){low, high});
}

static void test_order(void)
{
	CHECK_INT(order(false, NAN, 1.01, 1.5), CLAIM_REPRODUCED);
	CHECK_INT(order(false, NAN, 0.99, 1.5), CLAIM_INCONCLUSIVE);
	CHECK_INT(order(false, NAN, 0.5, 0.9), CLAIM_CONTRADICTED);
	CHECK_INT(order(true, NAN, 0.5, 0.9), CLAIM_REPRODUCED);
	CHECK_INT(order(true, NAN, 0.9, 1.1), CLAIM_INCONCLUSIVE);
	CHECK_INT(order(true, NAN, 1.1, 2), CLAIM_CONTRADICTED);
	/* at least as fast, within 2 % */
	CHECK_INT(order(false, 0.02, 0.99, 1.01), CLAIM_REPRODUCED);
	CHECK_INT(order(false, 0.02, 0.97, 0.99), CLAIM_INCONCLUSIVE);
	CHECK_INT(order(false, 0.02, 0.9, 0.97), CLAIM_CONTRADICTED);
	CHECK_INT(order(true, 0.02, 0.99, 1.01), CLAIM_REPRODUCED);
}

static enum claim_verdict combine(size_t yes, size_t no, size_t open, size_t none,
				  bool every)
{
	const size_t count[CLAIM_VERDICT_NR] = {[CLAIM_REPRODUCED] = yes,
						[CLAIM_CONTRADICTED] = no,
						[CLAIM_INCONCLUSIVE] = open,
						[CLAIM_UNTESTABLE] = none};

	return claim_combine(count, every);
}

static void test_combine(void)
{
	CHECK_INT(combine(0, 0, 0, 3, false), CLAIM_UNTESTABLE);
	CHECK_INT(combine(0, 0, 0, 3, true), CLAIM_UNTESTABLE);
	CHECK_INT(combine(1, 5, 2, 1, false), CLAIM_REPRODUCED);
	CHECK_INT(combine(0, 5, 1, 0, false), CLAIM_INCONCLUSIVE);
	CHECK_INT(combine(0, 5, 0, 2, false), CLAIM_CONTRADICTED);
	CHECK_INT(combine(5, 1, 1, 0, true), CLAIM_CONTRADICTED);
	CHECK_INT(combine(5, 0, 1, 0, true), CLAIM_INCONCLUSIVE);
	CHECK_INT(combine(5, 0, 0, 2, true), CLAIM_REPRODUCED);
}

static void test_widen(void)
{
	struct claim_interval interval = claim_widen(1, 0.999, 1.001, log(1.02));

	CHECK_NEAR(interval.low, 1 / 1.02, 1e-12);
	CHECK_NEAR(interval.high, 1.02, 1e-12);
	interval = claim_widen(0.5, 0.4, 0.6, log(1.02));
	CHECK_NEAR(interval.low, 0.4, 0);
	CHECK_NEAR(interval.high, 0.6, 0);
	interval = claim_widen(0.5, 0.4, 0.6, NAN);
	CHECK_NEAR(interval.low, 0.4, 0);
}

/* By hand: means ln 10 and ln 5, each ± 0.1: error2 = 2 · (0.02 / 1 / 2), 2 degrees of
 * freedom, t(0.975, 2) = 4.302653. */
static void test_welch(void)
{
	const double a[] = {10 * exp(0.1), 10 * exp(-0.1)};
	const double b[] = {5 * exp(0.1), 5 * exp(-0.1)};
	const double zero[] = {0, 1};
	struct claim_interval interval;
	double ratio;

	CHECK(claim_welch(a, 2, b, 2, &ratio, &interval));
	CHECK_NEAR(ratio, 2, 1e-9);
	CHECK_NEAR(log(interval.high / 2), 4.302653 * sqrt(0.02), 1e-5);
	CHECK_NEAR(log(2 / interval.low), 4.302653 * sqrt(0.02), 1e-5);
	CHECK(!claim_welch(a, 1, b, 2, &ratio, &interval));
	CHECK(!claim_welch(a, 2, zero, 2, &ratio, &interval));
}

static void test_words(void)
{
	struct claim_reading reading = {.value = 0.98765, .low = 0.9731, .high = 1.0012};
	struct claim claim = {.claimed = 0.99, .tolerance = 0.03};
	char text[CLAIM_TEXT_MAX];

	CHECK_STR(claim_measured_text(&reading, text), "0.988 [0.973, 1.001]");
	CHECK_STR(claim_claimed_text(&claim, text), "0.99 ± 3 %");
	reading.value = NAN;
	CHECK_STR(claim_measured_text(&reading, text), "–");
}

int main(void)
{
	test_good();
	test_bad();
	test_kept();
	test_ours();
	test_value();
	test_order();
	test_combine();
	test_widen();
	test_welch();
	test_words();
	return check_done();
}
