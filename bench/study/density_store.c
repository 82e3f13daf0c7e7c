/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "bench/base/clock.h"
#include "bench/study/density.h"
#include "bench/base/json.h"
#include "bench/results/stats.h"
#include "bench/store/store_experiment.h"

#define FAIR 0.9       /* Jain's index from which the shares are called fair */
#define CLAIMED 8      /* "6 to 8 containers on a host" (talk-density) */
#define KEPT_SHARE 0.9 /* of the best total, from which nothing was lost by more */

static const char procedure[] =
	"start 1, 2, 4, … instances, CPUs in turn; one worker in each asks for slices "
	"of the same work all at once for one window, platforms taking turns; totals and "
	"shares are by the host's clock, means over windows with Student's t intervals";

enum curve { TOTAL, EACH, FAIRNESS, P50, P99, CURVE_NR };
static const char *const curve_names[CURVE_NR] = {[TOTAL] = "total_per_s",
						  [EACH] = "instance_per_s",
						  [FAIRNESS] = "fairness",
						  [P50] = "p50_ns",
						  [P99] = "p99_ns"};

static double value_of(const struct density_window *window, enum curve curve)
{
	switch (curve) {
	case TOTAL:
		return window->total;
	case EACH:
		return window->mean;
	case FAIRNESS:
		return window->jain;
	case P50:
		return window->p50_ns;
	case P99:
		return window->p99_ns;
	case CURVE_NR:
		break;
	}
	return NAN;
}

/* Over the windows of a step. */
static struct store_point point_of(const struct density_step *step, enum curve curve)
{
	double values[DENSITY_WINDOWS_MAX];
	struct stats_mean over;

	for (size_t i = 0; i < step->nr; i++)
		values[i] = value_of(&step->windows[i], curve);
	over = stats_mean(values, step->nr);
	return (struct store_point){step->instances, over.mean, over.low, over.high};
}

static int add_curve(struct session *session, const struct density_place *state,
		     int64_t experiment, enum curve curve, struct err *err)
{
	struct store_point points[DENSITY_COUNTS_MAX];

	for (size_t i = 0; i < state->step_nr; i++)
		points[i] = point_of(&state->steps[i], curve);
	return store_series_add(session->store, experiment, curve_names[curve], points,
				state->step_nr, err);
}

/* One reading of each step, no mean. */
static int add_reading(struct session *session, const struct density_place *state,
		       int64_t experiment, bool starts, struct err *err)
{
	struct store_point points[DENSITY_COUNTS_MAX];

	for (size_t i = 0; i < state->step_nr; i++) {
		const struct density_step *step = &state->steps[i];

		points[i] = (struct store_point){
			step->instances, starts ? step->start_ns : step->pss_bytes, NAN,
			NAN};
	}
	return store_series_add(session->store, experiment,
				starts ? "start_ns" : "pss_bytes", points, state->step_nr,
				err);
}

/* What the curve comes down to. */
struct verdict {
	double totals[DENSITY_COUNTS_MAX], counts[DENSITY_COUNTS_MAX];
	double best, worst_jain, at_claim;
	unsigned most, knee;
};

static void judge(const struct density_place *state, struct verdict *ret)
{
	*ret = (struct verdict){.worst_jain = 1, .at_claim = NAN};
	for (size_t i = 0; i < state->step_nr; i++) {
		const struct density_step *step = &state->steps[i];
		double total = point_of(step, TOTAL).y;

		ret->counts[i] = ret->most = step->instances;
		ret->totals[i] = total;
		ret->best = fmax(ret->best, total);
		ret->worst_jain = fmin(ret->worst_jain, point_of(step, FAIRNESS).y);
		if (step->instances >= CLAIMED && isnan(ret->at_claim))
			ret->at_claim = total;
	}
	ret->knee = density_knee(ret->counts, ret->totals, state->step_nr);
}

static char *numbers(const struct density_study *study, const struct verdict *verdict,
		     const char *stopped)
{
	cleanup(json) json_t *root = json_pack(
		"{s:s, s:i, s:i, s:f, s:f, s:s, s:i, s:f}", "workload",
		study->settings->workload->name, "instances", (int)verdict->most, "knee",
		(int)verdict->knee, "best_total_per_s", verdict->best, "least_fairness",
		verdict->worst_jain, "stopped", stopped, "cpus", (int)study->cpu_nr,
		"window_s", (double)study->settings->window_ns / NS_PER_S);

	return root ? json_dumps(root, JSON_COMPACT) : NULL;
}

static int add(struct density_study *study, size_t place, struct store_experiment *row,
	       int64_t *id, struct err *err)
{
	row->chapter = "density";
	row->platform = study->places.list[place].platform->name;
	row->emulated = study->places.list[place].probe.state == EMULATED;
	row->procedure = procedure;
	row->begin_ns = study->session->begin_ns;
	row->end_ns = clock_now_ns();
	return store_experiment_add(study->session->store, study->session->run, row, id,
				    err);
}

static int store_curves(struct density_study *study, size_t place,
			const struct verdict *verdict, struct err *err)
{
	const struct density_place *state = &study->state[place];
	cleanup(free) char *json = numbers(study, verdict, state->stopped);
	struct store_experiment row = {
		.name = study->settings->workload->name,
		.condition = "",
		.numbers = json,
		.verdict = verdict->worst_jain >= FAIR ? FINDING_HOLDS : FINDING_FAILS};
	char answer[320];
	int64_t id = 0;
	int rc;

	if (!json)
		return err_fail(err, ENOMEM, "no memory for a curve");
	(void)snprintf(answer, sizeof(answer),
		       "up to %u instances; fairness (Jain) at least %.3f; %s%u%s%s",
		       verdict->most, verdict->worst_jain,
		       verdict->knee ? "more than " : "no knee up to ",
		       verdict->knee ? verdict->knee : verdict->most,
		       verdict->knee ? " add less than half of what the first did" : "",
		       state->stopped[0] ? "; then stopped" : "");
	row.answer = answer;
	rc = add(study, place, &row, &id, err);
	for (int i = 0; !rc && i < CURVE_NR; i++)
		rc = add_curve(study->session, state, id, (enum curve)i, err);
	if (!rc)
		rc = add_reading(study->session, state, id, true, err);
	if (!rc)
		rc = add_reading(study->session, state, id, false, err);
	return rc;
}

/* The talk's claim, for whatever is no bare metal: do eight work side by side? */
static int store_claim(struct density_study *study, size_t place,
		       const struct verdict *verdict, struct err *err)
{
	bool reached = !isnan(verdict->at_claim);
	bool kept = reached && verdict->at_claim >= KEPT_SHARE * verdict->best;
	struct store_experiment row = {
		.name = "talk-density",
		.condition = study->settings->workload->name,
		.numbers = "{}",
		.verdict = kept && verdict->worst_jain >= FAIR ? FINDING_HOLDS
			   : reached || study->state[place].stopped[0]
				   ? FINDING_FAILS
				   : FINDING_INCONCLUSIVE};
	char answer[320];
	int64_t id;

	if (reached)
		(void)snprintf(answer, sizeof(answer),
			       "%d side by side did %.0f %% of the best total, fairness "
			       "(Jain) at least %.3f",
			       CLAIMED, 100 * verdict->at_claim / verdict->best,
			       verdict->worst_jain);
	else
		(void)snprintf(answer, sizeof(answer),
			       "only up to %u instances were measured, not %d",
			       verdict->most, CLAIMED);
	row.answer = answer;
	return add(study, place, &row, &id, err);
}

int density_store(struct density_study *study, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < study->places.nr; i++) {
		struct verdict verdict;

		if (!study->state[i].step_nr)
			continue;
		judge(&study->state[i], &verdict);
		rc = store_curves(study, i, &verdict, err);
		if (!rc && !study->places.list[i].baseline)
			rc = store_claim(study, i, &verdict, err);
	}
	return rc;
}
